import WinnowKit
public import WinnowRules

/// A rule as a page of Markdown, printed from its pack and from nothing else.
public enum RulePage {
    /// The first line of every page: what it was made by, so that nobody edits it.
    public static let mark = "<!-- Printed from the rule packs by `winnow rules docs`. -->"

    /// The page of one rule.
    public static func page(_ rule: Rule, in plan: Plan) -> String {
        let pack = plan.packs[rule.pack]
        var out = mark + "\n\n# " + Markdown.title(rule.title) + "\n\n"
        var facts = [
            "`\(rule.id)`", "**\(rule.level.rawValue)**", rule.status, "pack \(pack.name)",
        ]
        if !rule.tags.isEmpty { facts.append(rule.tags.joined(separator: ", ")) }
        out += facts.joined(separator: " · ") + "\n"
        out += section("What it finds", finds(rule, plan))
        let tuning = TuningWords.lines(of: rule, in: plan)
        if !tuning.isEmpty {
            out += section("Filters and overrides", Markdown.fenced(tuning.joined(separator: "\n")))
        }
        if let why = rule.description { out += section("Why it matters", Markdown.text(why)) }
        if let remediation = rule.remediation {
            out += section("What to do", Markdown.fenced(remediation.outline))
        }
        out += section("Known misses and false positives", misses(rule))
        if let sample = rule.tests.first(where: { $0.fires > 0 }) {
            out += section("Sample", Markdown.fenced(records(sample)))
        }
        if !rule.references.isEmpty {
            out += section("Read more", rule.references.map { "- <\($0)>" }.joined(separator: "\n"))
        }
        return out
    }

    /// The list of all rules, pack by pack.
    public static func index(_ plan: Plan) -> String {
        var out = mark + "\n\n# Rules\n\n"
        out += "\(plan.rules.count) rules in \(plan.packs.count) packs. "
        out += "`winnow rules explain RULE` says the same about rules of your own.\n"
        for (index, pack) in plan.packs.enumerated() {
            out += "\n## \(pack.name)\n\n"
            if let description = pack.description { out += Markdown.text(description) + "\n\n" }
            guard plan.rules.contains(where: { $0.pack == index }) else {
                out += "Filters and overrides only.\n"
                continue
            }
            out += "| rule | level | title |\n|---|---|---|\n"
            for rule in plan.rules where rule.pack == index {
                out += "| [\(rule.id)](\(fileName(rule))) | "
                out += (rule.isEnabled ? rule.level.rawValue : "disabled") + " | "
                out += Markdown.title(rule.title) + " |\n"
            }
        }
        return out
    }

    /// The file of a rule's page; an id is a slug.
    public static func fileName(_ rule: Rule) -> String { rule.id + ".md" }

    private static func section(_ title: String, _ body: String) -> String {
        "\n## \(title)\n\n" + body + "\n"
    }

    private static func finds(_ rule: Rule, _ plan: Plan) -> String {
        let explainer = RuleExplainer(plan, rule: rule.index)
        var lines: [String] = []
        for (index, event) in RuleWords.eventLines(of: rule, in: plan, explainer) {
            lines += rule.events.isEmpty ? event : [rule.events[index]] + event.map { "  " + $0 }
        }
        if !explainer.filterLines.isEmpty { lines += ["where"] + explainer.filterLines }
        let source = RuleWords.logsource(rule).map { Markdown.text($0) } ?? "any records"
        var out = "In \(source):\n\n" + Markdown.fenced(lines.joined(separator: "\n"))
        out += "\n\nFires \(Markdown.text(RuleWords.firing(rule, explainer.valueName)))."
        if let suppress = rule.suppress {
            out += " The next finding of the same key comes \(DurationWords.text(suppress)) later "
            out += "at the earliest."
        }
        return out
    }

    private static func misses(_ rule: Rule) -> String {
        var lines = rule.falsepositives.map { "- May be harmless: " + Markdown.text($0) }
        if case .count(_, let count, let within)? = rule.when, count > 1 {
            lines.append(
                "- Fewer than \(count) matches within \(DurationWords.text(within)) are not found.")
        }
        var out = lines.joined(separator: "\n")
        if let silent = rule.tests.first(where: { $0.fires == 0 }) {
            out += (out.isEmpty ? "" : "\n\n") + "Silent on purpose:\n\n"
            out += Markdown.fenced(records(silent))
        }
        return out
    }

    /// Most lines of a sample.
    private static let maxLines = 30

    /// The records of a test as a person reads them.
    private static func records(_ test: RuleTest) -> String {
        var shown: [(text: String, times: Int)] = []
        for record in test.records {
            let text = said(record)
            if let last = shown.last, last.text == text {
                shown[shown.count - 1].times += 1
            } else {
                shown.append((text, 1))
            }
        }
        var lines = shown.flatMap { text, times in
            (text + (times > 1 ? "\n(\(times) times)" : ""))
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        if lines.count > maxLines {
            lines = lines.prefix(maxLines) + ["… \(lines.count - maxLines) more lines"]
        }
        if test.repeats > 1 {
            let every = test.every.map { " every " + DurationWords.text($0) } ?? ""
            lines.append("(\(test.repeats) times\(every))")
        }
        return lines.joined(separator: "\n")
    }

    private static func said(_ record: TestRecord) -> String {
        switch record {
        case .line(let line):
            var text = Substring(line.text)
            while text.last?.isNewline == true { text.removeLast() }
            return String(text)
        case .event(let event):
            var parts = ["event \(event.code) of \(event.provider)"]
            switch event.data {
            case .none: break
            case .unnamed(let values):
                parts += values.map { "  Data: \($0)" }
            case .named(let pairs):
                parts += pairs.map { "  \($0.name): \($0.value)" }
            }
            if let binary = event.binary { parts.append("  Binary: \(binary)") }
            if let message = event.message { parts.append("  message: \(message)") }
            return parts.joined(separator: "\n")
        }
    }
}

/// Text as Markdown.
private enum Markdown {
    /// Characters that would be read as markup get a backslash.
    static func text(_ text: String) -> String {
        var out = ""
        for character in text {
            if "\\`*_<>|[]".contains(character) { out += "\\" }
            out.append(character)
        }
        while out.last?.isNewline == true { out.removeLast() }
        return out
    }

    /// A title; its variables become code.
    static func title(_ template: Template) -> String {
        // Names of fields hold no control characters, so these two cannot come from a pack's text.
        let marked = template.rendered { "\u{1}" + $0 + "\u{2}" }
        var out = ""
        var rest = marked[...]
        while let open = rest.firstIndex(of: "\u{1}"),
            let close = rest[open...].firstIndex(of: "\u{2}")
        {
            out += text(String(rest[..<open]))
            out += "`" + rest[rest.index(after: open)..<close] + "`"
            rest = rest[rest.index(after: close)...]
        }
        return out + text(String(rest))
    }

    /// A block of text as it is, in a fence longer than any run of back-quotes in it.
    static func fenced(_ text: String) -> String {
        var longest = 2
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let end = text.last?.isNewline == true ? "" : "\n"
        return fence + "text\n" + text + end + fence
    }
}
