import ArgumentParser
import Inputs
import Sinks
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules …`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Write, check, test, explain and compare rule packs.",
        subcommands: [
            RulesList.self, RulesNew.self, RulesCheck.self, RulesTest.self, RulesExplain.self,
            RulesDiff.self, RulesBench.self, RulesDocs.self, RulesSchema.self,
        ])
}

/// Packs named on the command line, or the built-in ones.
struct PackArguments: ParsableArguments {
    @Argument(
        help: "Pack files or folders (default: the built-in packs).", completion: .file())
    var packs: [String] = []

    func read() throws -> [PackText] {
        packs.isEmpty ? RulePacks.builtin : try RulePacks.read(packs)
    }
}

/// `winnow rules list`.
struct RulesList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the rules that a scan would run.",
        discussion: "A rule that a pack's override disabled has `disabled` in place of its level.")

    @OptionGroup var ruleOptions: RuleOptions

    func run() throws {
        let plan = try RulePacks.load(ruleOptions)
        let width = plan.rules.map { $0.id.count }.max() ?? 0
        for rule in plan.rules {
            let id = rule.id + String(repeating: " ", count: width - rule.id.count)
            let level = rule.isEnabled ? rule.level.rawValue : "disabled"
            let padding = String(
                repeating: " ", count: Level.informational.rawValue.count - level.count)
            print("\(id)  \(level)\(padding)  \(SafeText.escapedLine(rule.title.outline))")
        }
        for note in RulePacks.replacements(plan) {
            Diagnostics.write("winnow: " + SafeText.escapedLine(note) + "\n")
        }
    }
}

/// `winnow rules check`.
struct RulesCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with packs, with its place.",
        discussion: """
            Example: winnow rules check my-pack.yaml --measure logs/gateway.err.log

            Rules that are tried at every record are named with what that costs, measured on a few \
            lines of winnow's own, or on the files of --measure; the exit status does not regard \
            them. Packs with filters or overrides are checked as a scan loads them, beside the \
            built-in packs. Exit status: 0 nothing to say; 1 warnings only; 2 a pack does not load.
            """)

    @OptionGroup var arguments: PackArguments

    @Flag(name: .long, help: "Check filters and overrides without the built-in packs.")
    var noDefaultRules = false

    @Option(
        name: .long, help: "Measure on this file, folder or glob; may be repeated.",
        completion: .file())
    var measure: [String] = []

    func run() throws {
        let packs = try arguments.read()
        let alone = PackLoader.load(packs)
        let isBeside = alone.hasOverlays && !arguments.packs.isEmpty && !noDefaultRules
        let result = isBeside ? PackLoader.load(RulePacks.builtin + packs) : alone
        RulePacks.report(result.diagnostics)
        let errors = result.diagnostics.filter { $0.severity == .error }.count
        let warnings = result.diagnostics.count - errors
        print(
            Units.counted(alone.plan.packs.count, "pack") + ", "
                + Units.counted(alone.plan.rules.count, "rule") + ": "
                + Units.counted(errors, "error") + ", " + Units.counted(warnings, "warning"))
        if errors > 0 { throw ExitStatus.failed }
        try tellCosts(result.plan, packs)
        if warnings > 0 { throw ExitStatus.found }
    }

    /// Says which rules are tried at every record, and what that costs.
    private func tellCosts(_ plan: Plan, _ packs: [PackText]) throws {
        let paths = Set(packs.map(\.path))
        let rules = plan.unscreened.filter { paths.contains(plan.packs[plan.rules[$0].pack].path) }
        guard !rules.isEmpty || !measure.isEmpty else { return }
        let found = measure.isEmpty ? nil : FileInput.sources(paths: measure, inputName: nil)
        if let errors = found?.errors, !errors.isEmpty { try fail(errors) }
        let decoders = Decoding.decoders(format: nil, utcOffset: 0)
        let cost =
            found.map { RuleCost(plan: plan, sources: $0.sources, decoders: decoders) }
            ?? RuleCost(plan: plan, decoders: decoders)
        RulePacks.report(
            rules.map { index in
                let words =
                    cost.nanoseconds[index].map { "\(Units.grouped(Int($0.rounded()))) ns each" }
                    ?? "no record was one of its product, so what that costs is not known"
                return PackLoader.unscreenedWarning(
                    plan.rules[index], in: plan, cost: words, packs: packs)
            })
        if !cost.errors.isEmpty { try fail(cost.errors) }
    }

    private func fail(_ errors: [InputError]) throws {
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        throw ExitStatus.failed
    }
}
