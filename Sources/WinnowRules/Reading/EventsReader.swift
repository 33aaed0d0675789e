/// Reads what a rule looks for: the one selection of `match`, or the named ones of `events`.
struct EventsReader {
    /// One selection with its name; `match` has none.
    struct Event {
        var name: String?
        var condition: Condition
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
        selection(node, "`match`").map { [Event(name: nil, condition: $0)] }
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
            if let rule = diagnoser.optionalPairs(pair.value).first(where: { $0.key == "rule" }) {
                diagnoser.report(
                    .notSupported, at: rule.keyNode,
                    "`events.\(pair.key).rule` is not supported by this version",
                    help: "write that rule's selection here")
                continue
            }
            if let condition = selection(pair.value, "`events.\(pair.key)`") {
                events.append(Event(name: pair.key, condition: condition))
            }
        }
        return events.count == pairs.count ? events : nil
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
