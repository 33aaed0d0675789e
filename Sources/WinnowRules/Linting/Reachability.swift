/// Looks for conditions that no record can meet, because their parts exclude each other.
///
/// Only fields that have one value in a record are looked at: of a field with several, one may meet
/// the one part and one the other.
struct Reachability {
    /// Something that no record can meet.
    struct Dead {
        /// The test at which that is seen.
        var test: FieldTest
        /// True for an alternative beside others that can be met.
        var isAlternative: Bool
    }

    /// What is known of the fields so far.
    private struct Facts {
        var demands: [Source: Demand] = [:]
        /// The first test that makes it impossible.
        var contradiction: FieldTest?
        /// The alternatives that stand beside the tests.
        var choices: [[Condition]] = []
    }

    /// Kinds that `event.kind` can be where the rule's `logsource` lets records through.
    private let kinds: [[UInt8]]
    private(set) var dead: [Dead] = []
    /// Tests that are still looked at: alternatives in alternatives multiply.
    private var testsLeft = 100_000

    init(product: String?) {
        kinds = RecordKinds.known.filter { CandidateScreen.isOf(product, kind: $0) }
            .map { Array($0.utf8) }
    }

    /// Looks at parts that must all hold; what is wrong is in `dead`.
    mutating func look(at parts: [Condition]) {
        var facts = Facts()
        for part in parts { gather(part, into: &facts) }
        if let test = obstacle(facts) { dead.append(Dead(test: test, isAlternative: false)) }
    }

    /// The test because of which nothing can meet the facts, or nil; alternatives that cannot be met
    /// beside others that can are reported.
    private mutating func obstacle(_ facts: Facts) -> FieldTest? {
        if let test = facts.contradiction { return test }
        for branches in facts.choices {
            let before = dead.count
            var gone: [FieldTest] = []
            for branch in branches {
                var inner = facts
                inner.choices = []
                gather(branch, into: &inner)
                if let test = obstacle(inner) { gone.append(test) }
            }
            if gone.count == branches.count, let first = gone.first {
                // One cause gives one message.
                dead.removeSubrange(before...)
                return first
            }
            dead += gone.map { Dead(test: $0, isAlternative: true) }
        }
        return nil
    }

    private mutating func gather(_ condition: Condition, into facts: inout Facts) {
        guard facts.contradiction == nil, testsLeft > 0 else { return }
        switch condition {
        case .all(let children):
            for child in children { gather(child, into: &facts) }
        case .any(let branches): facts.choices.append(branches)
        case .test(let test): add(test, isOpposite: false, into: &facts)
        case .not(.test(let test)): add(test, isOpposite: true, into: &facts)
        case .not(.any(let branches)):
            for case .test(let test) in branches { add(test, isOpposite: true, into: &facts) }
        case .not: break
        }
    }

    private mutating func add(_ test: FieldTest, isOpposite: Bool, into facts: inout Facts) {
        testsLeft -= 1 + test.checks.count / 64
        guard Reachability.hasOneValue(test.source) else { return }
        var demand = facts.demands[test.source] ?? Demand()
        if isOpposite { demand.addOpposite(test) } else { demand.add(test) }
        if demand.isImpossible || !isPossible(demand, of: test.source) {
            facts.contradiction = test
        }
        facts.demands[test.source] = demand
    }

    /// What is known of a field's values whatever the rule asks.
    private func isPossible(_ demand: Demand, of source: Source) -> Bool {
        guard let values = demand.values else { return true }
        switch source {
        // Kinds of the future are not ruled out here, but those of other products are.
        case .kind:
            return values.contains { value in
                kinds.contains(value) || !RecordKinds.known.contains { Array($0.utf8) == value }
            }
        case .field("event.code"):
            return values.contains { Number(String(decoding: $0, as: UTF8.self)) != nil }
        default: return true
        }
    }

    /// Fields that decoders write once a record.
    private static func hasOneValue(_ source: Source) -> Bool {
        switch source {
        case .kind, .capture: true
        case .field(let name): FieldNames.isKnown(name) && !several(name)
        }
    }

    /// Lists, and data that the event itself names.
    private static func several(_ name: String) -> Bool {
        name == "error.chain" || name == "winlog.keywords" || name.hasPrefix("winlog.event_data.")
            || name.hasPrefix("winlog.user_data.") || name.hasPrefix("winlog.rendering.")
            || name.hasPrefix("winlog.processing_error.")
    }
}
