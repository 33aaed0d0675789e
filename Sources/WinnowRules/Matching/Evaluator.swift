import Glibc
import WinnowKit

/// Evaluates the conditions of a program for one record at a time.
struct Evaluator {
    private let program: Program
    private let runner: PatternRunner
    var values: RecordValues
    /// Limits hit since `beginRule`.
    private(set) var limits: [LimitReason] = []
    /// Values cut for a regular expression since `beginRule`.
    private(set) var truncated = 0
    private var stack: [Double] = []

    init(_ program: Program) {
        self.program = program
        runner = PatternRunner(groups: program.maxGroups)
        values = RecordValues(slots: program.slots.count)
    }

    /// True when the record meets all that the rule asks; captures and `let` values are then set.
    mutating func matches(_ rule: Program.RuleEntry) -> Bool {
        beginRule()
        guard selects(rule), rule.filter < 0 || holds(Int(rule.filter)) else { return false }
        for filter in rule.unless where !holds(Int(program.unless[Int(filter)])) { return false }
        return true
    }

    /// Forgets what the rule before captured and hit.
    mutating func beginRule() {
        values.beginRule()
        limits.removeAll(keepingCapacity: true)
        truncated = 0
    }

    /// True when the record meets `match`; captures and `let` values are then set.
    mutating func selects(_ rule: Program.RuleEntry) -> Bool {
        guard holds(Int(rule.match)) else { return false }
        for value in rule.lets {
            if let number = compute(value.steps) {
                values.capture(value.capture, text: Number.text(number))
            }
        }
        return true
    }

    /// Whether one node of the conditions holds, alone: for whoever asks why a rule does not.
    mutating func holds(node index: Int) -> Bool { holds(index) }

    /// Whether one check of a test holds, alone.
    mutating func holds(check index: Int, of operand: Program.Operand) -> Bool {
        holds(program.checks[index], operand)
    }

    private mutating func holds(_ index: Int) -> Bool {
        let node = program.nodes[index]
        switch node.kind {
        case .test: return holds(program.tests[Int(node.test)])
        case .all:
            let mark = values.mark
            var child = index + 1
            while child < Int(node.end) {
                guard holds(child) else {
                    values.forget(after: mark)
                    return false
                }
                child = Int(program.nodes[child].end)
            }
            return true
        case .any:
            var child = index + 1
            while child < Int(node.end) {
                if holds(child) { return true }
                child = Int(program.nodes[child].end)
            }
            return false
        case .not:
            let mark = values.mark
            let limitsBefore = limits.count
            let inner = holds(index + 1)
            values.forget(after: mark)
            // After a limit nobody knows whether the inner condition holds, so neither does its
            // opposite.
            return !inner && limits.count == limitsBefore
        }
    }

    private mutating func holds(_ test: Program.Test) -> Bool {
        let checks = Int(test.firstCheck)..<Int(test.firstCheck + test.checkCount)
        if test.isNegated {
            guard values.firstValue(test.operand) >= 0 else { return false }
            let limitsBefore = limits.count
            for check in checks where holds(program.checks[check], test.operand) { return false }
            return limits.count == limitsBefore
        }
        if test.needsAll {
            let mark = values.mark
            for check in checks where !holds(program.checks[check], test.operand) {
                values.forget(after: mark)
                return false
            }
            return true
        }
        for check in checks where holds(program.checks[check], test.operand) { return true }
        return false
    }

    /// True when some value of the operand meets the check.
    private mutating func holds(_ check: Program.Check, _ operand: Program.Operand) -> Bool {
        var cursor = values.firstValue(operand)
        switch check {
        case .exists(let wanted): return (cursor >= 0) == wanted
        case .null:
            while cursor >= 0 {
                if values.withValue(operand, cursor, { !$0.isEmpty }) { return false }
                cursor = values.value(after: cursor, operand)
            }
            return true
        default: break
        }
        while cursor >= 0 {
            if holds(check, operand, cursor) { return true }
            cursor = values.value(after: cursor, operand)
        }
        return false
    }

    private mutating func holds(
        _ check: Program.Check, _ operand: Program.Operand, _ cursor: Int32
    ) -> Bool {
        switch check {
        case .text(let relation, let needle):
            let start = Int(needle.start)
            let wanted = UnsafeRawBufferPointer(
                rebasing: program.needles[start..<start + Int(needle.count)])
            return compare(operand, cursor, relation, wanted, isCased: needle.isCased)
        case .glob(let index, let isCased):
            let glob = program.globs[Int(index)]
            return isCased
                ? values.withValue(operand, cursor) { glob.matches($0) }
                : values.withFolded(operand, cursor) { glob.matches($0) }
        case .pattern(let index, let firstGroup, let groupCount):
            return holds(
                program.patterns[Int(index)], operand, cursor,
                groups: Int(firstGroup)..<Int(firstGroup + groupCount))
        case .number(let comparison, let bound):
            guard let number = values.withValue(operand, cursor, { Number($0) }) else {
                return false
            }
            return comparison.holds(number, bound)
        case .network(let index):
            let network = program.networks[Int(index)]
            return values.withValue(operand, cursor) { network.contains($0) }
        case .reference(let other, let relation, let isCased):
            return refers(operand, cursor, to: other, relation, isCased: isCased)
        case .null, .exists: return false
        }
    }

    private mutating func compare(
        _ operand: Program.Operand, _ cursor: Int32, _ relation: TextRelation,
        _ wanted: UnsafeRawBufferPointer, isCased: Bool
    ) -> Bool {
        // A value too short needs no folding.
        let count = values.withValue(operand, cursor) { $0.count }
        guard count >= wanted.count, relation != .equals || count == wanted.count else {
            return false
        }
        return isCased
            ? values.withValue(operand, cursor) { Evaluator.stands($0, relation, wanted) }
            : values.withFolded(operand, cursor) { Evaluator.stands($0, relation, wanted) }
    }

    private static func stands(
        _ value: UnsafeRawBufferPointer, _ relation: TextRelation, _ wanted: UnsafeRawBufferPointer
    ) -> Bool {
        guard let needle = wanted.baseAddress, wanted.count > 0 else {
            return relation != .equals || value.isEmpty
        }
        guard let start = value.baseAddress, value.count >= wanted.count else { return false }
        switch relation {
        case .equals: return value.count == wanted.count && memcmp(start, needle, wanted.count) == 0
        case .startsWith: return memcmp(start, needle, wanted.count) == 0
        case .endsWith:
            return memcmp(start + (value.count - wanted.count), needle, wanted.count) == 0
        case .contains: return contains(start, value.count, needle, wanted.count)
        }
    }

    /// By the first byte, which memchr finds many bytes at a time; glibc's memmem is not visible.
    private static func contains(
        _ value: UnsafeRawPointer, _ count: Int, _ wanted: UnsafeRawPointer, _ wantedCount: Int
    ) -> Bool {
        let first = Int32(wanted.load(as: UInt8.self))
        var at = value
        var left = count - wantedCount + 1
        while left > 0, let hit = memchr(at, first, left) {
            let hit = UnsafeRawPointer(hit)
            if memcmp(hit, wanted, wantedCount) == 0 { return true }
            left -= hit - at + 1
            at = hit + 1
        }
        return false
    }

    private mutating func refers(
        _ operand: Program.Operand, _ cursor: Int32, to other: Program.Operand,
        _ relation: TextRelation, isCased: Bool
    ) -> Bool {
        var otherCursor = values.firstValue(other)
        while otherCursor >= 0 {
            // Copied: folding the one value may move the memory of the other.
            let wanted: [UInt8] =
                isCased
                ? values.withValue(other, otherCursor) { Array($0) }
                : values.withFolded(other, otherCursor) { Array($0) }
            let holds = wanted.withUnsafeBytes {
                compare(operand, cursor, relation, $0, isCased: isCased)
            }
            if holds { return true }
            otherCursor = values.value(after: otherCursor, other)
        }
        return false
    }

    private mutating func holds(
        _ pattern: Pattern, _ operand: Program.Operand, _ cursor: Int32, groups: Range<Int>
    ) -> Bool {
        let runner = runner
        let (outcome, isCut) = values.withValue(operand, cursor) { value in
            let subject = UnsafeRawBufferPointer(rebasing: value.prefix(PatternRunner.maxSubject))
            return (runner.run(pattern, subject), subject.count < value.count)
        }
        if isCut { truncated += 1 }
        switch outcome {
        case .noMatch: return false
        case .limit(let reason):
            limits.append(reason)
            return false
        case .match:
            for index in groups {
                let group = program.groups[index]
                if let range = runner.group(Int(group.number)) {
                    values.capture(group.capture, range, of: operand, cursor)
                }
            }
            return true
        }
    }

    /// The value of an expression; nil where an operand is missing or no number, at a division by
    /// zero, and beyond what a Double holds.
    private mutating func compute(_ steps: [Program.Step]) -> Double? {
        stack.removeAll(keepingCapacity: true)
        for step in steps {
            switch step {
            case .number(let value): stack.append(value)
            case .value(let operand):
                guard let number = values.number(operand) else { return nil }
                stack.append(number.double)
            case .negate:
                guard let value = stack.popLast() else { return nil }
                stack.append(-value)
            case .add, .subtract, .multiply, .divide:
                guard let right = stack.popLast(), let left = stack.popLast(),
                    let value = Evaluator.apply(step, left, right)
                else { return nil }
                stack.append(value)
            }
        }
        return stack.last.flatMap { $0.isFinite ? $0 : nil }
    }

    private static func apply(_ step: Program.Step, _ left: Double, _ right: Double) -> Double? {
        switch step {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: right == 0 ? nil : left / right
        default: nil
        }
    }
}
