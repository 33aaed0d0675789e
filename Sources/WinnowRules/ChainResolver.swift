/// Finds the rules whose findings are events of other rules.
enum ChainResolver {
    /// Reports ids that no rule has, and rules that wait for themselves.
    static func report(_ files: [PackFile]) {
        let ids = files.flatMap { $0.draft.ids.map(\.id) }
        let known = Set(ids)
        var links: [String: [String]] = [:]
        for rule in files.flatMap(\.draft.rules) where !rule.links.isEmpty {
            links[rule.id] = rule.links.map(\.id)
        }
        for file in files {
            let diagnoser = file.diagnoser
            for rule in file.draft.rules {
                for link in rule.links {
                    if !known.contains(link.id) {
                        diagnoser.report(
                            .unknownRule, at: link.place, "there is no rule `\(link.id)`",
                            help: file.isDefault
                                ? "a pack that replaces a default one keeps the rules that other "
                                    + "packs wait for; overrides may disable them"
                                : NearestName.hint(for: link.id, in: ids)
                                    ?? "its pack must be loaded with this one")
                    } else if let path = path(from: link.id, to: rule.id, links) {
                        diagnoser.report(
                            .ruleCycle, at: link.place, "rule `\(rule.id)` waits for itself",
                            help: ([rule.id] + path).joined(separator: " → "))
                    }
                }
            }
        }
    }

    /// The ids on a way from one rule to another, both with it; nil where there is none.
    private static func path(
        from start: String, to end: String, _ links: [String: [String]]
    ) -> [String]? {
        var cameFrom: [String: String] = [:]
        var seen: Set<String> = [start]
        var open = [start]
        var at = 0
        while at < open.count {
            let id = open[at]
            at += 1
            if id == end {
                var path = [id]
                while let before = cameFrom[path[0]] { path.insert(before, at: 0) }
                return path
            }
            for next in links[id] ?? [] where seen.insert(next).inserted {
                cameFrom[next] = id
                open.append(next)
            }
        }
        return nil
    }

    /// For each rule, whose events its findings are; each rule's signals then carry what the rules
    /// above ask of them.
    ///
    /// - Parameter isEnabled: Whether the rule at a position runs; one that does not takes no events.
    static func chains(
        _ rules: [RuleDraft], _ logic: inout [RuleLogic], isEnabled: (Int) -> Bool
    ) -> [[ChainedEvent]] {
        var indices: [String: Int] = [:]
        for (index, rule) in rules.enumerated() { indices[rule.id] = index }
        var chains = [[ChainedEvent]](repeating: [], count: rules.count)
        for (index, rule) in rules.enumerated() where isEnabled(index) {
            for link in rule.links {
                guard let fed = indices[link.id] else { continue }
                chains[fed].append(ChainedEvent(rule: index, event: link.event))
            }
        }
        for position in logic.indices where !chains[logic[position].rule].isEmpty {
            var seen: Set<Int> = []
            var open = chains[logic[position].rule].map(\.rule)
            while let above = open.popLast() {
                guard seen.insert(above).inserted else { continue }
                open += chains[above].map(\.rule)
                for name in rules[above].asked
                where FieldNames.isFull(name)
                    && !logic[position].variables.contains(where: { $0.name == name })
                {
                    logic[position].variables.append((name, NameScope().field(name)))
                }
            }
        }
        return chains
    }
}
