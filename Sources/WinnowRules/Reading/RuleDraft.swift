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
    /// One an event of records.
    var logic: [RuleLogic]
    /// Events that are findings of other rules.
    var links: [Link]
    /// The field that the operator of `when` looks at.
    var field: String?
    /// All names that a finding of the rule asks a signal for.
    var asked: [String]

    /// An event that is the findings of another rule.
    struct Link {
        var event: Int
        var id: String
        /// Where the id stands.
        var place: Place
    }

    /// The rule at a position.
    func rule(index: Int, pack: Int, _ outcome: TuningResolver.Outcome) -> Rule {
        Rule(
            index: index, id: id, pack: pack, level: outcome.level, status: status, tags: tags,
            logsource: logsource, title: title, remediation: remediation,
            description: description, references: references, falsepositives: falsepositives,
            events: events, when: when, suppress: outcome.suppress, by: by, field: field,
            tests: tests, captures: captures, line: place.line, tuning: outcome.tuning)
    }
}
