import Glibc
public import WinnowKit

/// Matches records against a plan; one a thread, since it keeps scratch memory.
public final class Matcher {
    /// What happened so far, in the order of `Plan.rules`.
    public private(set) var counters: [RuleCounters]

    private let program: Program
    private var evaluator: Evaluator
    private var kinds: [String: KindTable] = [:]
    private var lastKind = ""
    private var lastTable: KindTable?
    private var candidates: RuleSet

    /// Rules are timed at each of their first candidates, then at one of this many.
    private static let sampling = 16
    private static let alwaysTimed = 64

    /// Makes a matcher.
    public init(_ plan: Plan) {
        program = plan.program
        evaluator = Evaluator(plan.program)
        counters = Array(repeating: RuleCounters(), count: plan.rules.count)
        candidates = RuleSet(count: plan.program.rules.count)
    }

    /// Gives every event of a rule that the record meets to `onMatch`, in the plan's order.
    ///
    /// A function of the record alone: the order of calls does not matter.
    ///
    /// - Parameters:
    ///   - fields: The record.
    ///   - kind: Its kind, which rules see as `event.kind`.
    ///   - onMatch: Called for each match, before `match` returns.
    public func match(_ fields: FieldTable, kind: String, onMatch: (Match) -> Void) {
        let table = table(kind)
        guard !table.eligible.isEmpty else { return }
        fields.arena.withUnsafeBytes { arena in
            evaluator.values.begin(
                arena, fields.entries, kind: table.kind, names: program.slots)
            select(table)
            for word in candidates.words.indices {
                var bits = candidates.words[word]
                while bits != 0 {
                    let index = word << 6 | bits.trailingZeroBitCount
                    bits &= bits - 1
                    evaluate(index, onMatch)
                }
            }
            evaluator.values.end()
        }
    }

    /// Kinds come from decoders, so they are few.
    private func table(_ kind: String) -> KindTable {
        if let lastTable, lastKind == kind { return lastTable }
        let table = kinds[kind] ?? program.screen.kindTable(kind)
        kinds[kind] = table
        lastKind = kind
        lastTable = table
        return table
    }

    /// Fills `candidates` with the rules that the record may meet.
    private func select(_ table: KindTable) {
        candidates.assign(table.always)
        for field in table.fields where evaluator.values.firstValue(.slot(field.slot)) >= 0 {
            candidates.formUnion(field.rules)
        }
        if table.needsCode, let slot = program.screen.codeSlot {
            selectByCode(.slot(slot))
        }
        if table.needsTexts, let slot = program.screen.messageSlot {
            let operand = Program.Operand.slot(slot)
            var cursor = evaluator.values.firstValue(operand)
            while cursor >= 0 {
                evaluator.values.withValue(operand, cursor) {
                    program.screen.addRules(message: $0, to: &candidates)
                }
                cursor = evaluator.values.value(after: cursor, operand)
            }
        }
        candidates.formIntersection(table.eligible)
    }

    private func selectByCode(_ operand: Program.Operand) {
        var cursor = evaluator.values.firstValue(operand)
        while cursor >= 0 {
            switch evaluator.values.withValue(operand, cursor, { Number($0) }) {
            case .whole(let code):
                for rule in program.screen.rules(code: code) { candidates.insert(Int(rule)) }
            // 7036.0 equals 7036 and is no key of the table.
            case .real: candidates.formUnion(program.screen.codeRules)
            case nil: break
            }
            cursor = evaluator.values.value(after: cursor, operand)
        }
    }

    private func evaluate(_ index: Int, _ onMatch: (Match) -> Void) {
        let entry = program.rules[index]
        let rule = entry.rule
        let seen = counters[rule].candidates
        counters[rule].candidates += 1
        let isTimed = seen < Matcher.alwaysTimed || seen % Matcher.sampling == 0
        let begin = isTimed ? Matcher.now() : 0
        let matches = evaluator.matches(entry)
        if isTimed {
            let weight = seen < Matcher.alwaysTimed ? 1 : Matcher.sampling
            counters[rule].nanoseconds += (Matcher.now() - begin) * weight
        }
        for reason in evaluator.limits { counters[rule].hit(reason) }
        counters[rule].truncatedSubjects += evaluator.truncated
        guard matches else { return }
        counters[rule].matches += 1
        onMatch(match(entry))
    }

    private func match(_ rule: Program.RuleEntry) -> Match {
        let values = evaluator.values
        var captures: [(name: String, value: FieldValue)] = []
        for (position, name) in rule.captures.enumerated() {
            if let value = values.captureValue(position) { captures.append((name, value)) }
        }
        var variables: [String: String] = [:]
        for (name, operand) in rule.variables {
            if let text = values.text(operand) { variables[name] = text }
        }
        return Match(
            rule: rule.rule, event: rule.event, captures: captures,
            key: rule.key.map { values.text($0) }, value: rule.value.flatMap { values.text($0) },
            number: rule.value.flatMap { values.number($0)?.double }, variables: variables)
    }

    /// A clock for counters only; nothing is decided by it.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }
}
