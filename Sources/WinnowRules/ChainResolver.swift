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
        let circles = circles(links)
        var hintsLeft = Diagnoser.maxHints
        var pathsLeft = Diagnoser.maxHints
        for file in files {
            let diagnoser = file.diagnoser
            for rule in file.draft.rules {
                for link in rule.links {
                    if !known.contains(link.id) {
                        hintsLeft -= 1
                        diagnoser.report(
                            .unknownRule, at: link.place, "there is no rule `\(link.id)`",
                            help: file.isDefault
                                ? "a pack that replaces a default one keeps the rules that other "
                                    + "packs wait for; overrides may disable them"
                                : (hintsLeft >= 0 ? NearestName.hint(for: link.id, in: ids) : nil)
                                    ?? "its pack must be loaded with this one")
                    } else if let circle = circles[rule.id], circles[link.id] == circle {
                        // A long way round is looked for a few times only.
                        pathsLeft -= 1
                        let path = pathsLeft >= 0 ? path(from: link.id, to: rule.id, links) : nil
                        diagnoser.report(
                            .ruleCycle, at: link.place, "rule `\(rule.id)` waits for itself",
                            help: path.map { text([rule.id] + $0) })
                    }
                }
            }
        }
    }

    /// Most rules of a way that are written out.
    private static let maxShown = 12

    private static func text(_ path: [String]) -> String {
        guard path.count > maxShown else { return path.joined(separator: " → ") }
        let half = maxShown / 2
        return (path.prefix(half) + ["… \(path.count - 2 * half) more …"] + path.suffix(half))
            .joined(separator: " → ")
    }

    /// For each rule that waits for itself, a number that all rules of the same circles have.
    ///
    /// Source: Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972);
    /// without recursion, since a pack may have chains of ten thousand rules.
    private static func circles(_ links: [String: [String]]) -> [String: Int] {
        var index: [String: Int] = [:]
        var low: [String: Int] = [:]
        var stack: [String] = []
        var onStack: Set<String> = []
        var circles: [String: Int] = [:]
        var walk: [(id: String, next: Int)] = []
        for start in links.keys where index[start] == nil {
            walk.append((start, 0))
            while let (id, next) = walk.last {
                if next == 0 {
                    index[id] = index.count
                    low[id] = index[id]
                    stack.append(id)
                    onStack.insert(id)
                }
                let ways = links[id] ?? []
                if next < ways.count {
                    walk[walk.count - 1].next += 1
                    let way = ways[next]
                    if index[way] == nil {
                        walk.append((way, 0))
                    } else if onStack.contains(way) {
                        low[id] = min(low[id] ?? 0, index[way] ?? 0)
                    }
                    continue
                }
                walk.removeLast()
                if let above = walk.last?.id { low[above] = min(low[above] ?? 0, low[id] ?? 0) }
                guard low[id] == index[id], let first = stack.lastIndex(of: id) else { continue }
                let members = stack[first...]
                if members.count > 1 || ways.contains(id) {
                    for member in members { circles[member] = index[id] }
                }
                onStack.subtract(members)
                stack.removeSubrange(first...)
            }
        }
        return circles
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
                while let last = path.last, let before = cameFrom[last] { path.append(before) }
                return path.reversed()
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
