/// `join`, and numbers that take two records; nil after a report.
extension WhenReader {
    /// How long after a record others still belong to it, where a rule does not say: the Event Log
    /// and a pipe's reader write of one death within a second or two.
    private static let defaultGrace: Int64 = 5_000_000_000

    /// Numbers that take two records.
    static let derivations = ["since", "delta"]

    mutating func join(_ node: YAMLNode, within: Int64) -> When? {
        guard let pairs = operands(node, "join") else { return nil }
        let errorsBefore = diagnoser.errorCount
        let event = of(pairs, node, "`when.join`")
        let without = joined(pairs, "without", except: [event])
        let named =
            pairs.value("with") == nil ? nil : joined(pairs, "with", except: [event] + without)
        let context = pairs.value("context").flatMap { self.event($0, "`when.join.context`") }
        let grace = pairs.value("grace").flatMap { diagnoser.duration($0, "`when.join.grace`") }
        if pairs.value("same") != nil { _ = field(pairs, "join", key: "same") }
        guard diagnoser.errorCount == errorsBefore, let event else { return nil }
        let others = (events ?? []).indices.filter { $0 != event && !without.contains($0) }
        if named == nil { usedEvents.formUnion(others.compactMap { events?[$0] }) }
        let with = named ?? others
        guard !with.isEmpty || !without.isEmpty else {
            diagnoser.report(
                .badEvent, at: node, "`when.join` of \(rule) has nothing to join",
                help: "name other events in `with` or `without`")
            return nil
        }
        if let context, context != event, !with.contains(context),
            let contextNode = pairs.value("context")
        {
            diagnoser.report(
                .badEvent, at: contextNode, "`when.join.context` of \(rule) is not joined",
                help: "name it in `with`")
            return nil
        }
        return .join(
            Join(
                event: event, with: with, without: without, grace: grace ?? Self.defaultGrace,
                context: context), within: within)
    }

    private mutating func joined(
        _ pairs: [YAMLPair], _ key: String, except taken: [Int?]
    ) -> [Int] {
        guard let node = pairs.value(key), let items = diagnoser.items(node, "`when.join.\(key)`")
        else { return [] }
        var found: [Int] = []
        for item in items {
            guard let event = event(item, "each item of `when.join.\(key)`") else { continue }
            guard !found.contains(event), !taken.contains(event) else {
                diagnoser.report(
                    .duplicateKey, at: item, "an event stands twice in `when.join` of \(rule)")
                continue
            }
            found.append(event)
        }
        return found
    }

    /// What `stat` and `trend` look at.
    enum Measured {
        case value
        case derived(Derivation)

        var derivation: Derivation? {
            guard case .derived(let derivation) = self else { return nil }
            return derivation
        }
    }

    /// Reads `field` of `stat` and `trend`: a name, `{since: EVENT}` or `{delta: NAME}`; nil after a
    /// report.
    mutating func measured(_ pairs: [YAMLPair], _ name: String) -> Measured? {
        guard let node = pairs.value("field") else { return nil }
        guard case .mapping(let parts) = node.content else {
            return field(pairs, name) ? .value : nil
        }
        diagnoser.checkKeys(parts, known: WhenReader.derivations, in: "`when.\(name).field`")
        guard parts.count == 1, let part = parts.first else {
            diagnoser.report(
                .wrongType, at: node, "`when.\(name).field` is a name, `since` or `delta`",
                help: "`{since: started}` is the time since an event in seconds, "
                    + "`{delta: name}` what a number changed by")
            return nil
        }
        switch part.key {
        case "since":
            return event(part.value, "`when.\(name).field.since`").map { .derived(.since($0)) }
        case "delta": return field(parts, name, key: "delta") ? .derived(.delta) : nil
        default: return nil
        }
    }
}
