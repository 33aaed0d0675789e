import WinnowKit

/// A rule as read, before it has its position in a plan.
struct RuleDraft {
    var id: String
    /// Where the id stands.
    var place: Place
    var level: Level
    var status: String
    var tags: [String]
    var logsource: LogSource?
    var title: Template
    var remediation: Template?
    var description: String?
    var references: [String]
    var falsepositives: [String]
    var events: [String]
    var when: When?
    var suppress: Int64?
    var by: [String]
    var tests: [RuleTest]
    /// Named groups and `let` values.
    var captures: [String]
    /// One an event.
    var logic: [RuleLogic]

    /// The rule at a position.
    func rule(index: Int, pack: Int) -> Rule {
        Rule(
            index: index, id: id, pack: pack, level: level, status: status, tags: tags,
            logsource: logsource, title: title, remediation: remediation,
            description: description, references: references, falsepositives: falsepositives,
            events: events, when: when, suppress: suppress, by: by, tests: tests,
            captures: captures,
            line: place.line)
    }
}
