import WinnowKit

/// Reads `filters` and `overrides` of a pack file.
struct OverlayReader {
    /// Keys of a filter; all are required.
    static let filterKeys = ["rules", "unless"]
    /// Keys of an override; `rules` and one of the others are required.
    static let overrideKeys = ["rules", "level", "enabled", "suppress"]

    /// Most filters, and most overrides, of a pack.
    static let maxItems = 10_000
    /// Most names of one filter or override.
    static let maxNames = 10_000

    let diagnoser: Diagnoser
    let patterns: PatternStore

    init(_ diagnoser: Diagnoser, _ patterns: PatternStore) {
        self.diagnoser = diagnoser
        self.patterns = patterns
    }

    /// Reads `filters`; those with a fault are reported and left out.
    func filters(_ node: YAMLNode) -> [Overlay.Filter] {
        items(node, "filters").compactMap { item in
            guard let pairs = diagnoser.pairs(item, "a filter") else { return nil }
            let meant = diagnoser.checkKeys(
                pairs, known: OverlayReader.filterKeys, in: "a filter")
            for key in OverlayReader.filterKeys
            where pairs.value(key) == nil && !meant.contains(key) {
                diagnoser.report(
                    .missingKey, at: item, "the filter has no `\(key)`",
                    help: key == "rules"
                        ? "write the rules that it is for, as `rules: [go.http-panic, err.*]`"
                        : "write what they shall not see, as "
                            + "`unless: {service.name: load-test}`")
            }
            let rules = pairs.value("rules").flatMap(names)
            let unless = pairs.value("unless").flatMap(unless)
            guard let rules, let unless else { return nil }
            return Overlay.Filter(rules: rules, unless: unless, place: place(item))
        }
    }

    /// Reads `overrides`; those with a fault are reported and left out.
    func overrides(_ node: YAMLNode) -> [Overlay.Override] {
        items(node, "overrides").compactMap { item in
            guard let pairs = diagnoser.pairs(item, "an override") else { return nil }
            let errorsBefore = diagnoser.errorCount
            let meant = diagnoser.checkKeys(
                pairs, known: OverlayReader.overrideKeys, in: "an override")
            if pairs.value("rules") == nil, !meant.contains("rules") {
                diagnoser.report(
                    .missingKey, at: item, "the override has no `rules`",
                    help: "write the rules that it is for, as `rules: [go.http-panic, err.*]`")
            }
            let rules = pairs.value("rules").flatMap(names)
            let level = pairs.value("level").flatMap { diagnoser.level($0) }
            let isEnabled = pairs.value("enabled").flatMap { diagnoser.flag($0, "`enabled`") }
            let suppress = pairs.value("suppress").flatMap {
                diagnoser.duration($0, "`suppress`")
            }
            guard diagnoser.errorCount == errorsBefore, let rules else { return nil }
            guard level != nil || isEnabled != nil || suppress != nil else {
                diagnoser.report(
                    .missingKey, at: item, "the override changes nothing",
                    help: "write `level`, `enabled` or `suppress`, as `enabled: false`")
                return nil
            }
            return Overlay.Override(
                rules: rules, level: level, isEnabled: isEnabled, suppress: suppress,
                place: place(item))
        }
    }

    private func place(_ node: YAMLNode) -> Place {
        diagnoser.source.place(character: node.start)
    }

    private func items(_ node: YAMLNode, _ key: String) -> [YAMLNode] {
        guard let items = diagnoser.items(node, "`\(key)`") else { return [] }
        guard items.count <= OverlayReader.maxItems else {
            diagnoser.report(
                .tooLarge, at: node,
                "the pack has \(items.count) \(key), more than \(OverlayReader.maxItems)",
                help: "name several rules in one of them: `rules: [a.one, b.*]`")
            return []
        }
        return items
    }

    /// The names of `rules`, one or a list.
    private func names(_ node: YAMLNode) -> [RuleName]? {
        var nodes = [node]
        if case .sequence(let items) = node.content { nodes = items }
        guard !nodes.isEmpty else {
            diagnoser.report(
                .emptySelection, at: node, "`rules` names no rule",
                help: "write ids or globs, as `[go.http-panic, err.*]`; `'*'` is all rules")
            return nil
        }
        guard nodes.count <= OverlayReader.maxNames else {
            diagnoser.report(
                .tooLarge, at: node,
                "`rules` has \(nodes.count) names, more than \(OverlayReader.maxNames)")
            return nil
        }
        let names = nodes.compactMap(name)
        return names.count == nodes.count ? names : nil
    }

    private func name(_ node: YAMLNode) -> RuleName? {
        guard let text = diagnoser.text(node, "each name of `rules`") else { return nil }
        guard RuleName.isName(text) else {
            diagnoser.report(
                .badID, at: node, "`\(text)` can be no rule's id",
                help: "an id, or one with `*` for any characters and `?` for one, as `err.*`")
            return nil
        }
        return RuleName(text: text, place: place(node))
    }

    private func unless(_ node: YAMLNode) -> Condition? {
        var reader = SelectionReader(
            diagnoser, patterns, rule: "this filter", part: .unless, scope: NameScope())
        return reader.selection(node, "`unless`")?.condition
    }
}
