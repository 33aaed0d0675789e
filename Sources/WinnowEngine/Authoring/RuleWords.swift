import WinnowKit
public import WinnowRules

/// A rule in words, for people who read it the first time.
public enum RuleWords {
    /// The whole rule, a line an item.
    public static func lines(of rule: Rule, in plan: Plan) -> [String] {
        let pack = plan.packs[rule.pack]
        var out = [
            "\(rule.id)  \(rule.level.rawValue)  \(pack.path):\(rule.line)",
            "  " + rule.title.outline,
        ]
        if let source = logsource(rule) { out.append("looks at " + source) }
        let explainer = RuleExplainer(plan, rule: rule.index)
        for (index, lines) in eventLines(of: rule, in: plan, explainer) {
            out += block(rule.events.isEmpty ? "match" : rule.events[index], lines)
        }
        out += block("where", explainer.filterLines)
        out.append("fires  " + firing(rule, explainer.valueName))
        if let suppress = rule.suppress {
            out.append(
                "then   the next finding of the same key after "
                    + "\(DurationWords.text(suppress)) at the earliest")
        }
        return out + TuningWords.lines(of: rule, in: plan)
    }

    /// What each event of a rule is, a line a test, in the order of the events.
    static func eventLines(
        of rule: Rule, in plan: Plan, _ explainer: RuleExplainer
    ) -> [(event: Int, lines: [String])] {
        var lines = explainer.matchLines
        let feeders = plan.feeders(of: rule.index)
        for event in Set(feeders.map(\.event)) {
            let ids = feeders.filter { $0.event == event }.map { plan.rules[$0.rule].id }
            lines.append((event, ["a finding of " + ids.joined(separator: " or ")]))
        }
        return lines.sorted { $0.event < $1.event }
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

    /// When records become a finding.
    ///
    /// - Parameter value: The field that the operator looks at.
    static func firing(_ rule: Rule, _ value: String?) -> String {
        guard let when = rule.when else { return "at every match" }
        let key = rule.by.isEmpty ? "" : " of the same " + rule.by.joined(separator: " and ")
        func event(_ index: Int) -> String {
            rule.events.indices.contains(index) ? rule.events[index] : "matches"
        }
        let field = value ?? "a field"
        switch when {
        case .count(let of, let count, let within):
            return "at \(count) \(event(of))\(key) within \(DurationWords.text(within))"
        case .distinct(let of, let count, let within):
            return "at \(count) different values of \(field) in \(event(of))\(key) within "
                + DurationWords.text(within)
        case .stat(let of, let statistic, let within):
            return "when \(statistic.words(of: field)) in \(event(of))\(key) within "
                + DurationWords.text(within)
        case .all(let events, let within):
            return
                "when \(events.map { event($0) }.joined(separator: " and "))\(key) all come within "
                + DurationWords.text(within)
        case .sequence(let steps, let within):
            if steps.count == 1, let silence = steps[0].silence, silence.event == steps[0].event {
                let name = rule.events.isEmpty ? "match" : event(silence.event)
                return "when after a \(name)\(key) no further one comes for "
                    + DurationWords.text(silence.nanoseconds)
            }
            let words = steps.flatMap { step -> [String] in
                let records = "\(step.atLeast) \(event(step.event))"
                guard let silence = step.silence else { return [records] }
                let length = DurationWords.text(silence.nanoseconds)
                return [records, "no \(event(silence.event)) for \(length)"]
            }
            // One record and a silence have no window to share.
            let isOne = steps.count == 1 && steps[0].atLeast == 1
            let span = !isOne ? " within " + DurationWords.text(within) : ""
            return "at " + words.joined(separator: ", then ") + key + span
        case .trend(let trend, let within):
            let slope = trend.slope * trend.unit.seconds
            let bound = trend.relation == .gte ? "at least" : "at most"
            var words =
                "when \(field) in \(event(trend.event))\(key) changes by \(bound) \(slope) a "
                + "\(trend.unit.rawValue) over \(trend.points) or more points "
                + (trend.span > 0 ? "that cover \(DurationWords.text(trend.span)) " : "")
                + "within "
                + DurationWords.text(within)
            if let limit = trend.limit {
                words +=
                    " and would reach \(limit.reach) in less than "
                    + DurationWords.text(limit.nanoseconds)
            }
            return words
        case .join(let join, let within):
            let others = join.with.map { event($0) }.joined(separator: ", ")
            let missing = join.without.map { event($0) }.joined(separator: " and no ")
            return "at each \(event(join.event))\(key)"
                + (missing.isEmpty ? "" : " with no " + missing)
                + (others.isEmpty ? "" : ", joined with what there is of " + others)
                + ", since the one before or within " + DurationWords.text(within)
                + ", told \(DurationWords.text(join.grace)) later"
        }
    }
}

extension Statistic {
    /// `the avg of ms is at least 5`.
    fileprivate func words(of field: String) -> String {
        let whole = Int64(exactly: bound).map { String($0) } ?? String(bound)
        return "the \(function.rawValue) of \(field) is \(relation.words) \(whole)"
    }
}

extension Statistic.Relation {
    /// `at least` and the like.
    var words: String {
        switch self {
        case .gte: "at least"
        case .gt: "more than"
        case .lte: "at most"
        case .lt: "less than"
        }
    }
}
