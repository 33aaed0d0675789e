import WinnowKit
public import WinnowRules

/// A rule in words, for people who read it the first time.
public enum RuleWords {
    /// The whole rule, a line an item.
    public static func lines(of rule: Rule, in plan: Plan) -> [String] {
        let pack = plan.packs[rule.pack]
        var out = [
            "\(rule.id)  \(rule.level.rawValue)  \(pack.path):\(rule.line)",
            "  " + rule.title.source,
        ]
        if let source = logsource(rule) { out.append("looks at " + source) }
        let explainer = RuleExplainer(plan, rule: rule.index)
        out += block("match", explainer.matchLines)
        out += block("where", explainer.filterLines)
        out.append("fires  " + firing(rule))
        if let suppress = rule.suppress {
            out.append(
                "then   the next finding of the same key after "
                    + "\(DurationWords.text(suppress)) at the earliest")
        }
        return out
    }

    private static func block(_ name: String, _ lines: [String]) -> [String] {
        lines.enumerated().map { index, line in
            (index == 0 ? name + "  " : String(repeating: " ", count: name.count + 2)) + line
        }
    }

    /// What the rule's `logsource` leaves in, or nil where it says nothing.
    static func logsource(_ rule: Rule) -> String? {
        guard let source = rule.logsource else { return nil }
        let words = [source.product, source.service, source.category].compactMap { $0 }
        return words.isEmpty ? nil : "records of " + words.joined(separator: ", ")
    }

    /// When matches become a finding.
    static func firing(_ rule: Rule) -> String {
        let key = rule.by.isEmpty ? "" : " of the same " + rule.by.joined(separator: " and ")
        switch rule.when {
        case nil: return "at every match"
        case .count(let count, let within):
            return "at \(count) matches\(key) within \(DurationWords.text(within))"
        }
    }
}
