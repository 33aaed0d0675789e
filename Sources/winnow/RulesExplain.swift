import ArgumentParser
import Inputs
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules explain`.
struct RulesExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a rule asks, and why it does or does not find something in files.",
        discussion: """
            Example: winnow rules explain nssm.restart-loop exports/Application.xml

            Without files, only the rule in words. With files: how many records match, the records \
            that came nearest with the values that failed, and how near each key came to the \
            operator of `when`: what was there, what was missing, how late it came. Exit status: 0 done; 2 an input could not be read.
            """)

    @Argument(help: "A rule's id, as `rules list` prints it.") var rule: String

    @Argument(help: "Files, folders (recursive), globs, or - for stdin.", completion: .file())
    var paths: [String] = []

    @Option(name: .long, help: "How many near misses to show, 0 to 100.")
    var near = 3

    @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
    @OptionGroup(title: "Input") var inputOptions: InputOptions

    func validate() throws {
        guard (0...100).contains(near) else {
            throw ValidationError("--near takes a number from 0 to 100, not \(near)")
        }
        if inputOptions.manifest != nil { throw ValidationError("explain writes no manifest") }
    }

    func run() throws {
        let plan = try RulePacks.load(ruleOptions)
        let rule = try RulePacks.rule(rule, in: plan)
        for line in RuleWords.lines(of: rule, in: plan) { Self.say(line) }
        guard !paths.isEmpty else { return }
        Interruption.sayIfWaiting(paths, quiet: inputOptions.quiet)
        let found = FileInput.sources(paths: paths, inputName: inputOptions.inputName)
        let options = try inputOptions.runOptions()
        let explanation = RuleExplanation(
            plan: plan, rule: rule.index, sources: found.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try inputOptions.utcOffset()),
            options: options, limit: near, isRereadable: !paths.contains("-"))
        tell(explanation, rule, plan)
        let errors = found.errors + explanation.errors
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if !errors.isEmpty { throw ExitStatus.failed }
    }

    private func tell(_ explanation: RuleExplanation, _ rule: Rule, _ plan: Plan) {
        Self.say("")
        var line = "\(Units.grouped(explanation.records)) records read"
        if explanation.ineligible > 0 {
            line += ", \(Units.grouped(explanation.ineligible)) of another logsource"
        }
        Self.say(line + ", \(Units.grouped(explanation.matches)) match")
        if explanation.limitHits > 0 {
            Self.say(
                "\(Units.grouped(explanation.limitHits)) records hit a limit of the regular "
                    + "expressions; nobody knows whether they match")
        }
        if explanation.untimed > 0, rule.when != nil {
            Self.say(
                Units.counted(explanation.untimed, "match", "matches")
                    + " without a time: no window holds them")
        }
        if let first = explanation.firstMatch { tell(first, "first match", rule) }
        feeding(explanation, rule, plan)
        nearMisses(explanation, rule)
        for record in explanation.nearest { tell(record, "near miss", rule) }
        if explanation.nearest.isEmpty, near > 0, explanation.records > 0 {
            Self.say(
                explanation.matches > 0
                    ? "no other record comes near" : "no record comes near")
        }
    }

    private func tell(_ record: ExplainedRecord, _ what: String, _ rule: Rule) {
        Self.say("")
        let time = record.time.map { "  " + $0.rfc3339 } ?? ""
        let event = rule.events.isEmpty ? "" : " of " + rule.events[record.event]
        Self.say("\(what)\(event)  \(record.input):\(record.line)\(time)")
        let text = record.text.split(whereSeparator: \.isNewline).first ?? ""
        Self.say("  \(text.count <= 160 ? String(text) : text.prefix(160) + "…")")
        for outcome in record.outcomes {
            let mark = outcome.holds ? "  held    " : "  failed  "
            let part = outcome.part == "match" ? "" : outcome.part + ": "
            let got = outcome.holds ? "" : "; got " + (outcome.got ?? "nothing")
            // The value of a `not` is no one field's.
            let isWhole = outcome.got == nil && outcome.wanted.hasPrefix("not ")
            Self.say(mark + part + outcome.wanted + (isWhole ? "" : got))
        }
    }

    /// What the rules found whose findings are events of this one.
    private func feeding(_ explanation: RuleExplanation, _ rule: Rule, _ plan: Plan) {
        let feeders = plan.feeders(of: rule.index)
        guard !feeders.isEmpty else { return }
        Self.say("")
        if explanation.feeding.isEmpty {
            let names = feeders.map { plan.rules[$0.rule].id }.joined(separator: ", ")
            Self.say("stdin is read once, so what \(names) found is not known; name a file")
        }
        for fed in explanation.feeding {
            var line = "event \(rule.events[fed.event])  "
            if let first = fed.first {
                line +=
                    Units.counted(fed.findings, "finding")
                    + " of \(fed.rules.joined(separator: ", ")), the first at "
                line +=
                    "\(first.input):\(first.line)" + (first.time.map { "  " + $0.rfc3339 } ?? "")
            } else {
                line += fed.rules.joined(separator: ", ") + " found nothing: "
                line += "`winnow rules explain \(fed.rules[0])` says why"
            }
            Self.say(line)
        }
    }

    private func nearMisses(_ explanation: RuleExplanation, _ rule: Rule) {
        let misses = explanation.nearMisses
        guard !misses.isEmpty, near > 0 else { return }
        Self.say("")
        for miss in misses.prefix(near) {
            let key = zip(rule.by, miss.key).map { "\($0)=\($1 ?? "(none)")" }
            Self.say(
                "\(miss.name)  \(miss.isReached ? "reached" : "missed"): \(miss.words); from "
                    + miss.from.rfc3339 + (key.isEmpty ? "" : "  " + key.joined(separator: " ")))
        }
        if misses.count > near {
            Self.say("\(misses[0].name)  \(Units.counted(misses.count - near, "more key"))")
        }
        if explanation.unheld > 0 {
            Self.say(
                Units.counted(explanation.unheld, "further match", "further matches")
                    + " came when too many were held; --since and --until leave some out")
        }
    }

    /// Text from packs and data never reaches a terminal raw.
    private static func say(_ line: String) { print(SafeText.escapedLine(line)) }
}
