public import WinnowKit

/// One thing that a rule asks, and what the record gave.
public struct ConditionOutcome: Sendable {
    /// `match` or `where`.
    public let part: String
    /// The field, the operator and the wanted values, in words.
    public let wanted: String
    /// What the record holds there; nil: nothing.
    public let got: String?
    /// Whether it holds.
    public let holds: Bool
}

/// How a rule stands to a record.
public struct RecordVerdict: Sendable {
    /// True when the record meets all that the rule asks: what `Matcher` would say.
    public var isMatch: Bool { !matches.isEmpty }
    /// False when the rule's `logsource` is about other records.
    public let isEligible: Bool
    /// How much is missing: 0 for a match, about 1 for each test that fails.
    public let distance: Double
    /// True for a record that is no match and meets or resembles at least a part of the rule.
    public let isNear: Bool
    /// An event that the record is.
    public struct Match: Sendable {
        /// Position in `Rule.events`; 0 for a rule of `match`.
        public let event: Int
        /// Values of `Rule.by`.
        public let key: [String?]
        /// Value of `Rule.field`.
        public let value: String?
        /// The same as a number, where it is one.
        public let number: Double?
    }

    /// The events that it is.
    public let matches: [Match]
    /// The event that it is or came nearest to.
    public let nearestEvent: Int
    /// True when a limit of the regular expressions left the verdict open, so that it is no.
    public let hitLimit: Bool
}

/// Tells why one rule matches a record or does not.
///
/// Slower than `Matcher` by far: no screen, every part evaluated.
public struct RuleExplainer {
    private let program: Program
    /// One a event of the rule.
    private let entries: [Program.RuleEntry]
    private let product: String?
    private var evaluator: Evaluator
    private let text: ConditionText
    private var literals: [Int32: [[UInt8]]] = [:]

    /// Makes an explainer of the rule at a position of `Plan.rules`.
    public init(_ plan: Plan, rule: Int) {
        program = plan.program
        entries = plan.program.rules.filter { $0.rule == rule }
        product = plan.rules[rule].logsource?.product
        evaluator = Evaluator(plan.program)
        text = ConditionText(program: plan.program, captures: plan.rules[rule].captures)
    }

    /// What each event of records asks, in words, a line a test, in the order of `Rule.events`; one
    /// for a rule of `match`. Events that are findings of other rules ask nothing.
    public var matchLines: [(event: Int, lines: [String])] {
        entries.map { ($0.event, text.lines(Int($0.match))) }
    }

    /// What `where` asks, in words; empty without a `where`.
    public var filterLines: [String] {
        guard let entry = entries.first, entry.filter >= 0 else { return [] }
        return text.lines(Int(entry.filter))
    }

    /// What the filters of overlays keep out, in words, in the order of `RuleTuning.filters`.
    public var unlessLines: [[String]] {
        entries.first.map { unlessNodes($0).map { text.lines($0 + 1) } } ?? []
    }

    private func unlessNodes(_ entry: Program.RuleEntry) -> [Int] {
        entry.unless.map { Int(program.unless[Int($0)]) }
    }

    /// The name of the field that the operator of `when` looks at, or nil.
    public var valueName: String? {
        entries.lazy.compactMap(\.value).first.map { text.name($0) }
    }

    /// Judges a record.
    public mutating func verdict(_ fields: FieldTable, kind: String) -> RecordVerdict {
        let isEligible = CandidateScreen.isOf(product, kind: kind.lowercased())
        var matches: [RecordVerdict.Match] = []
        var nearest: (event: Int, distance: Double, far: Double)?
        var hitLimit = false
        for entry in entries {
            let (distance, far, match) = with(fields, kind) { $0.judge(entry) }
            if !evaluator.limits.isEmpty { hitLimit = true }
            if isEligible, let match { matches.append(match) }
            if distance < nearest?.distance ?? .infinity { nearest = (entry.event, distance, far) }
        }
        let distance = nearest?.distance ?? .infinity
        return RecordVerdict(
            isEligible: isEligible, distance: distance,
            isNear: isEligible && distance > 0 && distance < nearest?.far ?? 0,
            matches: matches, nearestEvent: nearest?.event ?? 0, hitLimit: hitLimit)
    }

    private mutating func judge(
        _ entry: Program.RuleEntry
    ) -> (distance: Double, far: Double, match: RecordVerdict.Match?) {
        let filter = entry.filter >= 0
        let far = farthest(Int(entry.match)) + (filter ? 1 : 0)
        guard evaluator.selects(entry) else {
            return (distance(Int(entry.match)) + (filter ? 1 : 0), far, nil)
        }
        var distance = filter ? distance(Int(entry.filter)) : 0
        // Nothing is nearer to a match than what only a filter of an overlay keeps out.
        if distance == 0, unlessNodes(entry).contains(where: { !evaluator.holds(node: $0) }) {
            distance = 0.01
        }
        guard distance == 0 else { return (distance, far, nil) }
        let values = evaluator.values
        return (
            0, far,
            RecordVerdict.Match(
                event: entry.event, key: entry.key.map { values.text($0) },
                value: entry.value.flatMap { values.text($0) },
                number: entry.value.flatMap { values.number($0)?.double })
        )
    }

    /// What held and what failed on the shortest way to a match.
    ///
    /// - Parameter event: Position in `Rule.events`, as `verdict` gives it.
    public mutating func outcomes(
        _ fields: FieldTable, kind: String, event: Int = 0
    ) -> [ConditionOutcome] {
        guard let entry = entries.first(where: { $0.event == event }) else { return [] }
        return with(fields, kind) { explainer in
            let selected = explainer.evaluator.selects(entry)
            var out: [ConditionOutcome] = []
            explainer.gather(Int(entry.match), "match", into: &out)
            if selected, entry.filter >= 0 {
                explainer.gather(Int(entry.filter), "where", into: &out)
            }
            for filter in explainer.unlessNodes(entry) where selected {
                explainer.gather(filter, "filter", into: &out)
            }
            return out
        }
    }

    private mutating func with<R>(
        _ fields: FieldTable, _ kind: String, _ body: (inout RuleExplainer) -> R
    ) -> R {
        fields.arena.withUnsafeBytes { arena in
            evaluator.values.begin(
                arena, fields.entries, kind: Array(kind.utf8), names: program.slots)
            evaluator.beginRule()
            defer { evaluator.values.end() }
            return body(&self)
        }
    }

    // MARK: - Distance

    /// About how many tests would have to come out otherwise for the node to hold.
    private mutating func distance(_ index: Int) -> Double {
        guard !evaluator.holds(node: index) else { return 0 }
        let node = program.nodes[index]
        switch node.kind {
        case .test: return distance(program.tests[Int(node.test)])
        case .not: return 1
        case .all: return text.children(index).reduce(0) { $0 + distance($1) }
        case .any: return text.children(index).map { distance($0) }.min() ?? 1
        }
    }

    /// The distance of a record that has nothing to do with the rule.
    private func farthest(_ index: Int) -> Double {
        switch program.nodes[index].kind {
        case .test, .not: return 1
        case .all: return text.children(index).reduce(0) { $0 + farthest($1) }
        case .any: return text.children(index).map { farthest($0) }.min() ?? 1
        }
    }

    /// At most 1, less where a value resembles what is wanted; never 0.
    private mutating func distance(_ test: Program.Test) -> Double {
        if test.isNegated { return 1 }
        let checks = Int(test.firstCheck)..<Int(test.firstCheck + test.checkCount)
        if test.needsAll {
            var sum = 0.0
            for check in checks where !evaluator.holds(check: check, of: test.operand) {
                sum += distance(check: check, of: test.operand)
            }
            return max(sum / Double(max(checks.count, 1)), 0.01)
        }
        var least = 1.0
        for check in checks.prefix(RuleExplainer.maxChecks) {
            least = min(least, distance(check: check, of: test.operand))
        }
        return least
    }

    private mutating func distance(check index: Int, of operand: Program.Operand) -> Double {
        var least = 1.0
        var cursor = evaluator.values.firstValue(operand)
        while cursor >= 0 {
            least = min(least, 1 - resemblance(program.checks[index], operand, cursor))
            cursor = evaluator.values.value(after: cursor, operand)
        }
        return least
    }

    /// From 0, nothing in common, to less than 1.
    private mutating func resemblance(
        _ check: Program.Check, _ operand: Program.Operand, _ cursor: Int32
    ) -> Double {
        switch check {
        case .text(_, let needle):
            let start = Int(needle.start)
            let wanted = UnsafeRawBufferPointer(
                rebasing: program.needles[start..<start + Int(needle.count)])
            return evaluator.values.withFolded(operand, cursor) {
                RuleExplainer.sharedPrefix(of: wanted, in: $0)
            }
        case .pattern(let index, _, _):
            let texts = literals(index)
            return evaluator.values.withFolded(operand, cursor) { value in
                texts.contains { RuleExplainer.stands($0, in: value) } ? 0.5 : 0
            }
        case .number(let comparison, let bound):
            // An event's code that is near another says nothing.
            guard comparison != .equal,
                let number = evaluator.values.withValue(operand, cursor, { Number($0) })
            else { return 0 }
            let scale = max(abs(number.double), abs(bound.double), 1)
            return 0.8 - 0.7 * min(abs(number.double - bound.double) / scale, 1)
        default: return 0
        }
    }

    private mutating func literals(_ pattern: Int32) -> [[UInt8]] {
        if let known = literals[pattern] { return known }
        let set = PatternLiterals.required(program.patterns[Int(pattern)])
        let texts = set?.literals.map { $0.bytes.map(\.asciiLowercased) } ?? []
        literals[pattern] = texts
        return texts
    }

    /// Bytes of a value, and checks of a test, that are looked at for resemblance.
    private static let maxResembling = 65_536
    private static let maxChecks = 1000

    /// Half of how much of the beginning of `wanted` stands somewhere in `value`; less than half of
    /// it is chance.
    private static func sharedPrefix(
        of wanted: UnsafeRawBufferPointer, in value: UnsafeRawBufferPointer
    ) -> Double {
        let length = min(wanted.count, 256)
        let value = UnsafeRawBufferPointer(rebasing: value.prefix(maxResembling))
        var best = 0
        for start in value.indices where value[start] == wanted.first {
            var count = 0
            while count < length, start + count < value.count,
                value[start + count].asciiLowercased == wanted[count].asciiLowercased
            {
                count += 1
            }
            best = max(best, count)
        }
        return best >= 3 && best * 2 >= length ? 0.5 * Double(best) / Double(length) : 0
    }

    private static func stands(_ text: [UInt8], in value: UnsafeRawBufferPointer) -> Bool {
        let value = UnsafeRawBufferPointer(rebasing: value.prefix(maxResembling))
        guard let first = text.first, value.count >= text.count else { return false }
        for start in 0...(value.count - text.count) where value[start] == first {
            if value[start..<start + text.count].elementsEqual(text) { return true }
        }
        return false
    }

    // MARK: - What held

    private mutating func gather(
        _ index: Int, _ part: String, into out: inout [ConditionOutcome]
    ) {
        let node = program.nodes[index]
        switch node.kind {
        case .all:
            for child in text.children(index) { gather(child, part, into: &out) }
        case .any:
            let children = text.children(index)
            var nearest: (child: Int, distance: Double)?
            for child in children {
                let distance = distance(child)
                if distance < nearest?.distance ?? .infinity { nearest = (child, distance) }
            }
            if let nearest { gather(nearest.child, part, into: &out) }
        case .not:
            out.append(
                ConditionOutcome(
                    part: part, wanted: text.line(index), got: nil,
                    holds: evaluator.holds(node: index)))
        case .test:
            let test = program.tests[Int(node.test)]
            out.append(
                ConditionOutcome(
                    part: part, wanted: text.words(test), got: got(test.operand),
                    holds: evaluator.holds(node: index)))
        }
    }

    /// Most values of one field, and characters of each, that are shown.
    private static let maxShown = (values: 3, characters: 160)

    private func got(_ operand: Program.Operand) -> String? {
        var cursor = evaluator.values.firstValue(operand)
        guard cursor >= 0 else { return nil }
        var shown: [String] = []
        while cursor >= 0, shown.count < RuleExplainer.maxShown.values {
            let value = evaluator.values.withValue(operand, cursor) {
                UTF8Text.prefix($0, limit: RecordValues.maxCapture)
            }
            let limit = RuleExplainer.maxShown.characters
            shown.append("`" + (value.count <= limit ? value : value.prefix(limit) + "…") + "`")
            cursor = evaluator.values.value(after: cursor, operand)
        }
        return shown.joined(separator: ", ") + (cursor >= 0 ? ", …" : "")
    }
}
