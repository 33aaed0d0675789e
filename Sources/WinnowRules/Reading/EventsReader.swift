/// Reads what a rule looks for: the one selection of `match`, or the named ones of `events`.
struct EventsReader {
    /// What makes an event.
    enum Wants {
        case records(Condition)
        /// Findings of rules, and where their ids stand.
        case findings([(rule: String, place: Place)])
    }

    /// One selection with its name; `match` has none.
    struct Event {
        var name: String?
        var wants: Wants
    }

    /// Most events of a rule: a record is tried against each.
    static let maxEvents = 64
    /// Words that a step of a sequence means otherwise.
    private static let reserved = ["not", "for", "rule"]

    let diagnoser: Diagnoser
    let patterns: PatternStore
    /// The rule in messages.
    let rule: String
    let scope: NameScope
    /// Named groups of all selections, each where it first stands.
    private(set) var groups: [(name: String, place: Place)] = []
    /// Names of events, those with a fault included.
    private(set) var names: [String] = []

    init(_ diagnoser: Diagnoser, _ patterns: PatternStore, rule: String, scope: NameScope) {
        self.diagnoser = diagnoser
        self.patterns = patterns
        self.rule = rule
        self.scope = scope
    }

    /// Reads `match`; nil after a report.
    mutating func match(_ node: YAMLNode) -> [Event]? {
        selection(node, "`match`").map { [Event(name: nil, wants: .records($0))] }
    }

    /// Reads `events`, in their order; nil after a report.
    mutating func events(_ node: YAMLNode) -> [Event]? {
        guard let pairs = diagnoser.pairs(node, "`events`") else { return nil }
        guard !pairs.isEmpty else {
            diagnoser.report(.emptySelection, at: node, "`events` is empty in \(rule)")
            return nil
        }
        guard pairs.count <= EventsReader.maxEvents else {
            diagnoser.report(
                .tooLarge, at: node, "\(rule) has more than \(EventsReader.maxEvents) events")
            return nil
        }
        var events: [Event] = []
        for pair in pairs {
            names.append(pair.key)
            guard RuleReader.isLetName(pair.key), !EventsReader.reserved.contains(pair.key) else {
                diagnoser.report(
                    .badEvent, at: pair.keyNode, "`\(pair.key)` cannot name an event",
                    help: "letters, digits and `_`, not a digit first; not "
                        + EventsReader.reserved.map { "`\($0)`" }.joined(separator: ", "))
                continue
            }
            if let id = diagnoser.optionalPairs(pair.value).value("rule") {
                if let wants = findings(id, pair) {
                    events.append(Event(name: pair.key, wants: wants))
                }
                continue
            }
            if let condition = selection(pair.value, "`events.\(pair.key)`") {
                events.append(Event(name: pair.key, wants: .records(condition)))
            }
        }
        return events.count == pairs.count ? events : nil
    }

    /// `rule: id` or `rule: [id, id]`, and nothing else.
    private func findings(_ ids: YAMLNode, _ pair: YAMLPair) -> Wants? {
        let path = "`events.\(pair.key)`"
        for other in diagnoser.optionalPairs(pair.value) where other.key != "rule" {
            diagnoser.report(
                .badEvent, at: other.keyNode, "\(path) of \(rule) has `rule` and `\(other.key)`",
                help: "findings have no fields to select by; write a condition in that rule")
            return nil
        }
        var nodes = [ids]
        if case .sequence(let items) = ids.content { nodes = items }
        guard !nodes.isEmpty, nodes.count <= EventsReader.maxEvents else {
            diagnoser.report(
                .badEvent, at: ids, "\(path).rule of \(rule) names \(nodes.count) rules",
                help: "name 1 to \(EventsReader.maxEvents) rules")
            return nil
        }
        let found = nodes.compactMap { node in
            diagnoser.text(node, "\(path).rule").map {
                (rule: $0, place: diagnoser.source.place(character: node.start))
            }
        }
        return found.count == nodes.count ? .findings(found) : nil
    }

    private mutating func selection(_ node: YAMLNode, _ path: String) -> Condition? {
        var reader = SelectionReader(diagnoser, patterns, rule: rule, part: .match, scope: scope)
        let selected = reader.selection(node, path)
        for group in reader.groups where !groups.contains(where: { $0.name == group.name }) {
            groups.append(group)
        }
        return selected?.condition
    }
}
