import WinnowKit
import WinnowRules

/// Why a rule has not as many findings as somebody expected, in a line.
enum TestReason {
    /// A finding that is too many, by what it says.
    static func tooMany(_ finding: Finding) -> String {
        "one too many: \(finding.title)"
            + (finding.evidence.last.map { ", at \(quoted($0.text))" } ?? "")
    }

    /// What is missing in the record, or the number of records, that came nearest.
    static func tooFew(_ rule: Rule, _ explanation: RuleExplanation) -> String {
        guard explanation.matches > 0 else {
            guard let near = explanation.nearest.first else {
                let isOther =
                    explanation.records > 0 && explanation.ineligible == explanation.records
                return isOther ? "all records are of another logsource" : "no record comes near"
            }
            let event = rule.events.isEmpty ? "" : " to be `\(rule.events[near.event])`"
            return "nearest\(event) is \(quoted(near.text)): "
                + near.outcomes.filter { !$0.holds }.map(words).joined(separator: "; ")
        }
        let matching =
            "\(explanation.matches) record\(explanation.matches == 1 ? " matches" : "s match")"
        guard rule.when != nil else { return matching }
        if explanation.untimed > 0 { return matching + ", \(explanation.untimed) without a time" }
        if let miss = explanation.nearMisses.first { return matching + ": " + miss.words }
        return matching + ", and `when` does not hold"
    }

    private static func words(_ outcome: ConditionOutcome) -> String {
        let part = outcome.part == "match" ? "" : outcome.part + ": "
        // The value of a `not` is no one field's.
        let isWhole = outcome.got == nil && outcome.wanted.hasPrefix("not ")
        return part + outcome.wanted + (isWhole ? "" : ", got \(outcome.got ?? "nothing")")
    }

    /// The first line of a text, at most some 80 characters.
    private static func quoted(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return "`\(line.count <= 80 ? String(line) : line.prefix(79) + "…")`"
    }
}
