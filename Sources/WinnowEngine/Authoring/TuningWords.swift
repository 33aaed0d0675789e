import WinnowKit
import WinnowRules

/// What filters and overrides of packs made of a rule, in words.
enum TuningWords {
    /// A line an item, each with the pack that it comes from; none for a rule that no pack tunes.
    static func lines(of rule: Rule, in plan: Plan) -> [String] {
        let tuning = rule.tuning
        guard !tuning.isEmpty else { return [] }
        func origin(_ origin: RuleTuning.Origin) -> String {
            let pack = plan.packs[origin.pack]
            return "(\(pack.name) \(pack.version), \(pack.path):\(origin.line))"
        }
        var out: [String] = []
        if let at = tuning.disabled { out.append("disabled  no scan runs the rule \(origin(at))") }
        if let level = tuning.level {
            out.append(
                "level  \(rule.level.rawValue) instead of \(level.written.rawValue) "
                    + origin(level.origin))
        }
        if let suppress = tuning.suppress, let length = rule.suppress {
            let written = suppress.written.map { DurationWords.text($0) } ?? "none"
            out.append(
                "suppress  \(DurationWords.text(length)) instead of \(written) "
                    + origin(suppress.origin))
        }
        let filters = RuleExplainer(plan, rule: rule.index).unlessLines
        for (at, lines) in zip(tuning.filters, filters) {
            out.append("unless  \(origin(at))")
            out += lines.map { "  " + $0 }
        }
        return out
    }
}
