/// Reads `when`.
struct WhenReader {
    /// Operators of the language that this version does not have.
    private static let later = ["rate", "distinct", "stat", "sequence", "all", "absent", "trend"]
    private static let keys = ["count", "within", "by"]
    /// Most parts of a key.
    private static let maxBy = 16
    /// Most matches that a count can ask for: they are kept in memory.
    private static let maxCount: Int64 = 100_000

    let diagnoser: Diagnoser
    let rule: String
    var scope: NameScope

    init(_ diagnoser: Diagnoser, rule: String, scope: NameScope) {
        self.diagnoser = diagnoser
        self.rule = rule
        self.scope = scope
    }

    /// The operator, nil after a report, and the key.
    mutating func read(_ node: YAMLNode) -> (when: When?, by: [(name: String, source: Source)]) {
        guard let pairs = diagnoser.pairs(node, "`when`") else { return (nil, []) }
        let by = by(pairs.value("by"))
        let later = pairs.filter { WhenReader.later.contains($0.key) }
        guard later.isEmpty else {
            for pair in later {
                diagnoser.report(
                    .notSupported, at: pair.keyNode,
                    "`when.\(pair.key)` is not supported by this version",
                    help: "this version has `count`")
            }
            return (nil, by)
        }
        let meant = diagnoser.checkKeys(pairs, known: WhenReader.keys, in: "`when`")
        for key in ["count", "within"] where pairs.value(key) == nil && !meant.contains(key) {
            diagnoser.report(
                .missingKey, at: node, "`when` of \(rule) has no `\(key)`",
                help: "write `when: {count: {gte: 5}, within: 60s}`")
        }
        let count = pairs.value("count").flatMap(count)
        let within = pairs.value("within").flatMap { diagnoser.duration($0, "`when.within`") }
        guard let count, let within else { return (nil, by) }
        return (.count(gte: count, within: within), by)
    }

    private func count(_ node: YAMLNode) -> Int? {
        guard let pairs = diagnoser.pairs(node, "`when.count`") else { return nil }
        if let of = pairs.first(where: { $0.key == "of" }) {
            diagnoser.report(
                .notSupported, at: of.keyNode, "`when.count.of` is not supported by this version",
                help: "without `of`, what `match` selects is counted")
            return nil
        }
        let meant = diagnoser.checkKeys(pairs, known: ["gte"], in: "`when.count`")
        guard let value = pairs.value("gte") else {
            if meant.isEmpty {
                diagnoser.report(.missingKey, at: node, "`when.count` has no `gte`")
            }
            return nil
        }
        return diagnoser.whole(value, "`when.count.gte`", in: 1...WhenReader.maxCount)
    }

    private mutating func by(_ node: YAMLNode?) -> [(name: String, source: Source)] {
        guard let node, let items = diagnoser.items(node, "`when.by`") else { return [] }
        guard items.count <= WhenReader.maxBy else {
            diagnoser.report(
                .tooLarge, at: node, "`when.by` has more than \(WhenReader.maxBy) names")
            return []
        }
        var by: [(name: String, source: Source)] = []
        for item in items {
            guard let name = diagnoser.filledText(item, "each item of `when.by`") else { continue }
            guard let source = scope.value(name) else {
                diagnoser.report(
                    .unknownName, at: item, "unknown name `\(name)` in `by` of \(rule)",
                    help: scope.hint(for: name))
                continue
            }
            if case .field = source, let other = FieldNames.suggestion(for: name) {
                diagnoser.report(
                    .unknownField, at: item, "no decoder gives a field `\(name)`",
                    help: "did you mean `\(other)`?")
            }
            guard !by.contains(where: { $0.source == source }) else {
                diagnoser.report(
                    .duplicateKey, at: item, "`\(name)` stands twice in `by` of \(rule)")
                continue
            }
            by.append((name, source))
        }
        return by
    }
}
