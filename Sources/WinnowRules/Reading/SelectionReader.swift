/// Reads selections: maps of `field|modifiers: values` with `any`, `all` and `not`.
struct SelectionReader {
    /// What came of a selection.
    struct Selected {
        var condition: Condition
        /// Named groups that have a value when it holds, or may have.
        var groups: Set<String> = []
    }

    /// Where in the rule the selection stands.
    enum Part: String {
        case match
        case filter = "where"
        /// What a record must not meet, for a filter of an overlay; no group has a value there.
        case unless
    }

    /// Most values of one key, with the variants that modifiers make.
    static let maxChecks = 500_000

    let diagnoser: Diagnoser
    let patterns: PatternStore
    let rule: String
    let part: Part
    var scope: NameScope
    /// True below a `not`.
    private var isNegated = false
    /// Named groups in order of appearance, with the place of each.
    private(set) var groups: [(name: String, place: Place)] = []

    init(
        _ diagnoser: Diagnoser, _ patterns: PatternStore, rule: String, part: Part,
        scope: NameScope
    ) {
        self.diagnoser = diagnoser
        self.patterns = patterns
        self.rule = rule
        self.part = part
        self.scope = scope
    }

    /// Reads a selection; nil after a report.
    mutating func selection(_ node: YAMLNode, _ path: String) -> Selected? {
        switch node.content {
        case .mapping(let pairs):
            guard !pairs.isEmpty else {
                diagnoser.report(
                    .emptySelection, at: node, "\(path) selects nothing in \(rule)",
                    help: "write `field: value`, or `field|exists: true`")
                return nil
            }
            return conjunction(pairs.map { pair in ({ $0.pair(pair, path) }, pair.keyNode) })
        case .sequence(let items):
            guard items.first?.scalar == nil else {
                diagnoser.report(
                    .wrongType, at: node, "\(path) is a list of texts and names no field",
                    help: "write `message|contains: […]`")
                return nil
            }
            return disjunction(items, path, at: node)
        case .scalar:
            diagnoser.report(
                .wrongType, at: node, "\(path) must be a map, not \(node.kindName)",
                help: "write `field: value`")
            return nil
        }
    }

    private mutating func pair(_ pair: YAMLPair, _ path: String) -> Selected? {
        switch pair.key {
        case "any":
            guard let items = diagnoser.items(pair.value, "`any`") else { return nil }
            return disjunction(items, "`any`", at: pair.value)
        case "all":
            guard let items = diagnoser.items(pair.value, "`all`") else { return nil }
            guard !items.isEmpty else { return empty("`all`", pair.value) }
            return conjunction(items.map { item in ({ $0.selection(item, "`all`") }, item) })
        case "rule":
            diagnoser.report(
                .badEvent, at: pair.keyNode, "`rule` stands inside \(path) of \(rule)",
                help: "findings are a whole event: `name: {rule: [a, b]}`; data of that name is "
                    + "`winlog.event_data.rule`")
            return nil
        case "not":
            let outer = isNegated
            isNegated = true
            defer { isNegated = outer }
            guard let inner = selection(pair.value, "`not`") else { return nil }
            return Selected(condition: .not(inner.condition))
        default: return field(pair)
        }
    }

    private func empty(_ path: String, _ node: YAMLNode) -> Selected? {
        diagnoser.report(.emptySelection, at: node, "\(path) is empty in \(rule)")
        return nil
    }

    private mutating func disjunction(
        _ items: [YAMLNode], _ path: String, at node: YAMLNode
    ) -> Selected? {
        guard !items.isEmpty else { return empty(path, node) }
        var conditions: [Condition] = []
        var groups: Set<String> = []
        for item in items {
            guard let selected = selection(item, "each item of \(path)") else { continue }
            conditions.append(selected.condition)
            groups.formUnion(selected.groups)
        }
        guard conditions.count == items.count else { return nil }
        return Selected(
            condition: conditions.count == 1 ? conditions[0] : .any(conditions), groups: groups)
    }

    private typealias Reading = (inout SelectionReader) -> Selected?

    /// Parts that must all hold; a group may be in one of them only.
    private mutating func conjunction(_ parts: [(read: Reading, node: YAMLNode)]) -> Selected? {
        var conditions: [Condition] = []
        var groups: Set<String> = []
        for part in parts {
            guard let selected = part.read(&self) else { continue }
            conditions.append(selected.condition)
            for name in groups.intersection(selected.groups).sorted() {
                diagnoser.report(
                    .misplacedGroup, at: part.node,
                    "the group `\(name)` is set twice in \(rule)",
                    help: "rename one: of two patterns that must both hold, only one can set it")
            }
            groups.formUnion(selected.groups)
        }
        guard conditions.count == parts.count else { return nil }
        return Selected(
            condition: conditions.count == 1 ? conditions[0] : .all(conditions), groups: groups)
    }

    // MARK: - One field

    private mutating func field(_ pair: YAMLPair) -> Selected? {
        guard let key = FieldKey(pair.keyNode, diagnoser) else { return nil }
        guard let source = source(key.name, at: pair.keyNode) else { return nil }
        let values: [YAMLNode]
        switch pair.value.content {
        case .sequence(let items): values = items
        case .scalar: values = [pair.value]
        case .mapping:
            diagnoser.report(
                .wrongType, at: pair.value, "`\(pair.key)` takes a value or a list, not a map",
                help: "a field's name has its dots in one key, as `event.code`")
            return nil
        }
        guard !values.isEmpty else { return empty("`\(pair.key)`", pair.value) }
        if key.has(.all), values.count == 1, case .scalar = pair.value.content {
            diagnoser.report(
                .modifierMisuse, at: pair.keyNode, "`\(pair.key)`: `all` needs a list of values")
            return nil
        }
        var test = FieldTest(
            source: source, checks: [], needsAll: key.has(.all), isNegated: key.has(.neq),
            start: pair.keyNode.start)
        var groups: Set<String> = []
        var isGood = true
        for value in values {
            guard let checks = checks(key, value) else {
                isGood = false
                continue
            }
            test.checks += checks
            guard test.checks.count <= SelectionReader.maxChecks else {
                diagnoser.report(
                    .tooLarge, at: value,
                    "`\(pair.key)` has more than \(SelectionReader.maxChecks) values")
                return nil
            }
            let names = SelectionReader.groupNames(checks)
            if test.needsAll {
                for name in groups.intersection(names).sorted() {
                    diagnoser.report(
                        .misplacedGroup, at: value,
                        "the group `\(name)` is set twice in \(rule)",
                        help: "rename one: of two patterns that must both hold, only one can set it"
                    )
                }
            }
            groups.formUnion(names)
        }
        return isGood ? Selected(condition: .test(test), groups: groups) : nil
    }

    private static func groupNames(_ checks: [ValueCheck]) -> [String] {
        checks.flatMap { check -> [String] in
            guard case .pattern(let pattern) = check else { return [] }
            return pattern.namedGroups.map(\.name)
        }
    }

    private mutating func source(_ name: String, at node: YAMLNode) -> Source? {
        if part != .filter {
            warnUnknownField(name, at: node)
            return scope.field(name)
        }
        if let source = scope.value(name) {
            if case .field = source { warnUnknownField(name, at: node) }
            return source
        }
        diagnoser.report(
            .unknownName, at: node, "unknown name `\(name)` in `where` of \(rule)",
            help: scope.hint(for: name))
        return nil
    }

    private func warnUnknownField(_ name: String, at node: YAMLNode) {
        if !diagnoser.isFull, let other = FieldNames.suggestion(for: name) {
            diagnoser.report(
                .unknownField, at: node, "no decoder gives a field `\(name)`",
                help: "did you mean `\(other)`?")
        }
    }

    /// The checks for one value; nil after a report.
    private mutating func checks(_ key: FieldKey, _ node: YAMLNode) -> [ValueCheck]? {
        guard let scalar = node.scalar else {
            diagnoser.report(
                .wrongType, at: node,
                "a value must be text, a number or nothing, not \(node.kindName)")
            return nil
        }
        if key.relation == .re { return pattern(key, scalar, node).map { [$0] } }
        if key.has(.fieldref) { return reference(key, scalar, node).map { [$0] } }
        return ValueReader(diagnoser: diagnoser, key: key).checks(scalar, node)
    }

    private mutating func reference(
        _ key: FieldKey, _ scalar: YAMLScalar, _ node: YAMLNode
    ) -> ValueCheck? {
        guard let name = diagnoser.filledText(node, "the field of `fieldref`"),
            let source = source(name, at: node)
        else { return nil }
        return .reference(source, key.textRelation, isCased: key.has(.cased))
    }

    private mutating func pattern(
        _ key: FieldKey, _ scalar: YAMLScalar, _ node: YAMLNode
    ) -> ValueCheck? {
        guard scalar.value != .null else {
            diagnoser.report(.wrongType, at: node, "`re` needs a regular expression, not nothing")
            return nil
        }
        var flags: PatternFlags = []
        if key.has(.i) { flags.insert(.caseless) }
        if key.has(.m) { flags.insert(.multiline) }
        if key.has(.s) { flags.insert(.dotAll) }
        let report = PatternReport(diagnoser: diagnoser, rule: rule)
        guard let pattern = report.good(patterns.pattern(scalar.text, flags: flags), scalar, node)
        else {
            // Known even so: what uses them is no fault of its own.
            for name in PatternSyntax.groupNames(scalar.text)
            where groups.count <= RuleReader.maxCaptures
                && !groups.contains(where: { $0.name == name })
            {
                groups.append((name, diagnoser.source.place(of: "<\(name)>", in: node)))
            }
            return nil
        }
        return keepGroups(of: pattern, node) ? .pattern(pattern) : nil
    }

    private mutating func keepGroups(of pattern: Pattern, _ node: YAMLNode) -> Bool {
        for group in pattern.namedGroups {
            let name = group.name
            if isNegated || part != .match {
                diagnoser.report(
                    .misplacedGroup, at: node, finding: "<\(name)>",
                    "the group `\(name)` in `\(isNegated ? "not" : part.rawValue)` makes no field",
                    help: part == .unless
                        ? "write `(?:…)`" : "write `(?:…)`, or move the pattern to `match`")
                return false
            }
            if groups.count <= RuleReader.maxCaptures, !groups.contains(where: { $0.name == name })
            {
                groups.append((name, diagnoser.source.place(of: "<\(name)>", in: node)))
            }
        }
        return true
    }
}
