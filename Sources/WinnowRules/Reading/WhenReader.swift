/// Reads `when`: one operator, `within` and `by`.
struct WhenReader {
    /// What came of it.
    struct Result {
        /// nil without `when`, and after a report.
        var when: When?
        /// The field that the operator looks at.
        var value: Source?
        var field: String?
        /// The key.
        var by: [(name: String, source: Source)] = []
    }

    static let operators = [
        "count", "rate", "distinct", "stat", "all", "sequence", "absent", "trend", "join",
    ]
    /// Keys beside the operator.
    static let commonKeys = ["within", "by"]
    /// Most parts of a key.
    static let maxBy = 16
    /// Most matches that a count can ask for: they are kept in memory.
    static let maxCount: Int64 = 100_000

    let diagnoser: Diagnoser
    let rule: String
    /// Names of `events`; nil for a rule of `match`.
    let events: [String]?
    var scope: NameScope
    /// Names of the events that the operator uses.
    var usedEvents: Set<String> = []
    /// The field that the operator looks at.
    var value: Source?
    /// Its name as it is written.
    var field: String?

    init(_ diagnoser: Diagnoser, rule: String, events: [String]?, scope: NameScope) {
        self.diagnoser = diagnoser
        self.rule = rule
        self.events = events
        self.scope = scope
    }

    /// Reads all of it.
    mutating func read(_ node: YAMLNode) -> Result {
        var result = Result()
        guard let pairs = diagnoser.pairs(node, "`when`") else { return result }
        result.by = by(pairs.value("by"))
        let meant = diagnoser.checkKeys(
            pairs, known: WhenReader.operators + WhenReader.commonKeys, in: "`when`")
        let found = pairs.filter { WhenReader.operators.contains($0.key) }
        for extra in found.dropFirst() {
            diagnoser.report(
                .duplicateKey, at: extra.keyNode,
                "`when` of \(rule) has `\(found[0].key)` and `\(extra.key)`",
                help: "a rule has one operator; write a rule for each")
        }
        if found.isEmpty, meant.isDisjoint(with: WhenReader.operators) {
            diagnoser.report(
                .missingKey, at: node, "`when` of \(rule) has no operator",
                help: "write `when: {count: {gte: 5}, within: 60s}`; the operators are "
                    + WhenReader.list(WhenReader.operators))
        }
        if let within = pairs.first(where: { $0.key == "within" }), found.first?.key == "absent" {
            diagnoser.report(
                .badEvent, at: within.keyNode, "`absent` has no `within`",
                help: "`for` says how long nothing came: `absent: {of: beat, for: 5m}`")
        } else if pairs.value("within") == nil, !meant.contains("within"),
            found.first?.key != "absent"
        {
            diagnoser.report(
                .missingKey, at: node, "`when` of \(rule) has no `within`",
                help: "write `when: {count: {gte: 5}, within: 60s}`")
        }
        let within = pairs.value("within").flatMap { diagnoser.duration($0, "`when.within`") }
        // Read even where `within` is wrong: all mistakes are told at once.
        let when = found.first.flatMap { operation($0, within: within ?? 1) }
        if within != nil || found.first?.key == "absent", found.count == 1 { result.when = when }
        result.value = value
        result.field = field
        return result
    }

    private mutating func operation(_ pair: YAMLPair, within: Int64) -> When? {
        switch pair.key {
        case "count": count(pair.value, within: within)
        case "rate": rate(pair.value, within: within)
        case "distinct": distinct(pair.value, within: within)
        case "stat": stat(pair.value, within: within)
        case "all": all(pair.value, within: within)
        case "sequence": sequence(pair.value, within: within)
        case "absent": absent(pair.value)
        case "join": join(pair.value, within: within)
        default: trend(pair.value, within: within)
        }
    }

    private static func list(_ words: [String]) -> String {
        words.map { "`\($0)`" }.joined(separator: ", ")
    }

    // MARK: - Events

    /// The event of `of`, or the only one there is; nil after a report.
    mutating func of(_ pairs: [YAMLPair], _ node: YAMLNode, _ path: String) -> Int? {
        guard let of = pairs.first(where: { $0.key == "of" }) else {
            guard let events, events.count > 1 else {
                usedEvents.formUnion(events ?? [])
                return 0
            }
            diagnoser.report(
                .badEvent, at: node, "\(path) does not say of which event",
                help: "write `of: \(events[0])`; the events are \(WhenReader.list(events))")
            return nil
        }
        guard events != nil else {
            diagnoser.report(
                .badEvent, at: of.keyNode, "\(path) has `of`, and \(rule) has no `events`",
                help: "without `of`, what `match` selects is meant")
            return nil
        }
        return event(of.value, "`of`")
    }

    /// The position of a named event; nil after a report.
    mutating func event(_ node: YAMLNode, _ path: String) -> Int? {
        guard let name = diagnoser.text(node, path) else { return nil }
        guard let index = events?.firstIndex(of: name) else {
            let known = events ?? []
            diagnoser.report(
                .badEvent, at: node, "\(rule) has no event `\(name)`",
                help: NearestName.hint(for: name, in: known)
                    ?? (known.isEmpty
                        ? "name its selections under `events`"
                        : "the events are \(WhenReader.list(known))"))
            return nil
        }
        usedEvents.insert(name)
        return index
    }

    // MARK: - Key

    private mutating func by(_ node: YAMLNode?) -> [(name: String, source: Source)] {
        guard let node, let items = diagnoser.items(node, "`when.by`") else { return [] }
        guard items.count <= WhenReader.maxBy else {
            diagnoser.report(
                .tooLarge, at: node, "`when.by` has more than \(WhenReader.maxBy) names")
            return []
        }
        var by: [(name: String, source: Source)] = []
        for item in items {
            guard let name = diagnoser.filledText(item, "each item of `when.by`"),
                let source = source(name, item, in: "`by`")
            else { continue }
            guard !by.contains(where: { $0.source == source }) else {
                diagnoser.report(
                    .duplicateKey, at: item, "`\(name)` stands twice in `by` of \(rule)")
                continue
            }
            by.append((name, source))
        }
        return by
    }

    /// What a name stands for; nil after a report.
    mutating func source(_ name: String, _ node: YAMLNode, in part: String) -> Source? {
        guard let source = scope.value(name) else {
            diagnoser.report(
                .unknownName, at: node, "unknown name `\(name)` in \(part) of \(rule)",
                help: scope.hint(for: name))
            return nil
        }
        if case .field = source, let other = FieldNames.suggestion(for: name) {
            diagnoser.report(
                .unknownField, at: node, "no decoder gives a field `\(name)`",
                help: "did you mean `\(other)`?")
        }
        return source
    }
}
