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
            that came nearest with the values that failed, and for a count how near each key came. \
            Exit status: 0 done; 2 an input could not be read.
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
            options: options, limit: near)
        tell(explanation, rule)
        let errors = found.errors + explanation.errors
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if !errors.isEmpty { throw ExitStatus.failed }
    }

    private func tell(_ explanation: RuleExplanation, _ rule: Rule) {
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
        counts(explanation.counts, rule)
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

    private func counts(_ counts: [CountMiss], _ rule: Rule) {
        guard case .count(_, let wanted, let within)? = rule.when, !counts.isEmpty, near > 0 else {
            return
        }
        Self.say("")
        let span = DurationWords.text(within)
        for miss in counts.prefix(near) {
            let key = zip(rule.by, miss.key).map { "\($0)=\($1 ?? "(none)")" }
            let place = key.isEmpty ? "" : "  " + key.joined(separator: " ")
            let since = "from \(miss.from.rfc3339)"
            if miss.isReached {
                Self.say(
                    "count  reached: \(miss.inWindow) of \(wanted) in \(span), \(since)\(place)")
            } else if let late = miss.late {
                let how =
                    late == 0
                    ? "exactly at the window's end, which is out"
                    : DurationWords.text(late) + " late"
                Self.say(
                    "count  missed: \(miss.inWindow) of \(wanted) in \(span), number \(wanted) "
                        + "came \(how); \(since)\(place)")
            } else {
                Self.say(
                    "count  missed: \(miss.inWindow) of \(wanted) in \(span), "
                        + "\(miss.matches) in all; \(since)\(place)")
            }
        }
        if counts.count > near { Self.say("count  \(counts.count - near) more keys") }
    }

    /// Text from packs and data never reaches a terminal raw.
    private static func say(_ line: String) { print(SafeText.escapedLine(line)) }
}
