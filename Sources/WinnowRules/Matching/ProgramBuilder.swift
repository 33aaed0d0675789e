/// Turns conditions into a `Program`.
struct ProgramBuilder {
    private(set) var nodes: [Program.Node] = []
    private(set) var tests: [Program.Test] = []
    private(set) var checks: [Program.Check] = []
    private(set) var globs: [Glob] = []
    private(set) var patterns: [Pattern] = []
    private(set) var networks: [Network] = []
    private(set) var groups: [Program.Group] = []
    private(set) var rules: [Program.RuleEntry] = []
    private(set) var needleBytes: [UInt8] = []
    private(set) var slotNames: [String] = []
    private(set) var logic: [RuleLogic] = []
    /// The slots of fields that some rule reads.
    private(set) var slotsByName: [String: Int32] = [:]
    private var patternsByIdentity: [ObjectIdentifier: Int32] = [:]

    /// Index in `nodes` of each filter, negated.
    private var filters: [Int32] = []
    private(set) var unless: [Int32] = []
    /// The part of `unless` that the rule before has: its events come one after the other.
    private var lastUnless: (rule: Int, range: Range<Int32>) = (-1, 0..<0)

    /// The program of the events of some rules, in their order.
    ///
    /// - Parameter filters: What `RuleLogic.unless` names.
    static func build(_ rules: [RuleLogic], filters: [Condition]) -> Program {
        var builder = ProgramBuilder()
        // The screen looks at these whether a rule does or not.
        _ = builder.operand(.field(CandidateScreen.codeField))
        _ = builder.operand(.field(CandidateScreen.messageField))
        for filter in filters {
            builder.filters.append(Int32(builder.nodes.count))
            builder.append(.not(filter), [])
        }
        for rule in rules { builder.add(rule) }
        return Program(builder)
    }

    private mutating func add(_ rule: RuleLogic) {
        logic.append(rule)
        let match = Int32(nodes.count)
        append(rule.match, rule.captures)
        var filter: Int32 = -1
        if let condition = rule.filter {
            filter = Int32(nodes.count)
            append(condition, rule.captures)
        }
        if lastUnless.rule != rule.rule {
            let first = Int32(unless.count)
            for filter in rule.unless { unless.append(filters[filter]) }
            lastUnless = (rule.rule, first..<Int32(unless.count))
        }
        rules.append(
            Program.RuleEntry(
                rule: rule.rule, event: rule.event, match: match, filter: filter,
                unless: lastUnless.range,
                captures: rule.captures,
                lets: rule.lets.map { ($0.capture, $0.steps) }.map { capture, steps in
                    (Int32(capture), steps.map { step($0) })
                },
                key: rule.key.map { operand($0) }, value: rule.value.map { operand($0) },
                variables: rule.variables.map { ($0.name, operand($0.source)) }))
    }

    private mutating func append(_ condition: Condition, _ captures: [String]) {
        let at = nodes.count
        switch condition {
        case .all(let children):
            nodes.append(Program.Node(kind: .all, end: 0))
            for child in children { append(child, captures) }
        case .any(let children):
            nodes.append(Program.Node(kind: .any, end: 0))
            for child in children { append(child, captures) }
        case .not(let child):
            nodes.append(Program.Node(kind: .not, end: 0))
            append(child, captures)
        case .test(let test):
            nodes.append(Program.Node(kind: .test, end: 0, test: Int32(tests.count)))
            add(test, captures)
        }
        nodes[at].end = Int32(nodes.count)
    }

    private mutating func add(_ test: FieldTest, _ captures: [String]) {
        let compiled = test.checks.map { check($0, captures) }
        tests.append(
            Program.Test(
                operand: operand(test.source), firstCheck: Int32(checks.count),
                checkCount: Int32(compiled.count), needsAll: test.needsAll,
                isNegated: test.isNegated))
        checks += compiled
    }

    private mutating func check(_ check: ValueCheck, _ captures: [String]) -> Program.Check {
        switch check {
        case .text(let text):
            let needle = Program.Needle(
                start: Int32(needleBytes.count), count: Int32(text.bytes.count),
                isCased: text.isCased)
            needleBytes += text.bytes
            return .text(text.relation, needle)
        case .glob(let glob):
            globs.append(glob)
            return .glob(Int32(globs.count - 1), isCased: glob.isCased)
        case .pattern(let pattern): return add(pattern, captures)
        case .number(let comparison, let number): return .number(comparison, number)
        case .null: return .null
        case .exists(let wanted): return .exists(wanted)
        case .network(let network):
            networks.append(network)
            return .network(Int32(networks.count - 1))
        case .reference(let source, let relation, let isCased):
            return .reference(operand(source), relation, isCased: isCased)
        }
    }

    private mutating func add(_ pattern: Pattern, _ captures: [String]) -> Program.Check {
        let index: Int32
        if let known = patternsByIdentity[ObjectIdentifier(pattern)] {
            index = known
        } else {
            index = Int32(patterns.count)
            patterns.append(pattern)
            patternsByIdentity[ObjectIdentifier(pattern)] = index
        }
        let first = Int32(groups.count)
        for group in pattern.namedGroups {
            guard let capture = captures.firstIndex(of: group.name) else { continue }
            groups.append(Program.Group(number: Int32(group.number), capture: Int32(capture)))
        }
        return .pattern(index, firstGroup: first, groupCount: Int32(groups.count) - first)
    }

    private mutating func operand(_ source: Source) -> Program.Operand {
        switch source {
        case .kind: return .kind
        case .capture(let index): return .capture(Int32(index))
        case .field(let name):
            if let slot = slotsByName[name] { return .slot(slot) }
            let slot = Int32(slotNames.count)
            slotNames.append(name)
            slotsByName[name] = slot
            return .slot(slot)
        }
    }

    private mutating func step(_ step: LetStep) -> Program.Step {
        switch step {
        case .number(let value): .number(value)
        case .value(let source): .value(operand(source))
        case .negate: .negate
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        }
    }
}
