import ArgumentParser
import Glibc
import Sinks
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules test`.
struct RulesTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests that rules carry.",
        discussion: """
            Example: winnow rules test my-pack.yaml --junit results.xml
            Example: winnow rules test --mutate my-pack.yaml 'web.*'

            With --mutate each rule is changed in every small way (a condition, an alternative or a \
            part of the key left out, a threshold shifted by one, a window doubled or halved) and its \
            tests are run again: a mutant that no test notices survives and is listed.

            Exit status: 0 all pass; 1 a test fails, or fewer mutants are killed than --mutate-min; \
            2 a pack does not load.
            """)

    @Argument(
        help: """
            Pack files or folders (default: the built-in packs), and ids of rules, with `*` for any \
            text (default: all rules).
            """, completion: .file())
    var packs: [String] = []

    @Option(
        name: .long,
        help: """
            Also run the rules over a log with `# want: RULE-ID` and `# ok: RULE-ID` lines in it, or \
            over all logs of a folder; may be repeated. The folder `samples` beside a pack is always \
            looked at.
            """, completion: .file())
    var samples: [String] = []

    @Option(
        name: .long, help: "Write the results to this file in JUnit's XML, for CI.",
        completion: .file())
    var junit: String?

    @Flag(name: .long, help: "Say which small changes of the rules their tests do not notice.")
    var mutate = false

    @Option(name: .long, help: "Percentage of mutants that must be killed.")
    var mutateMin = 90.0

    func validate() throws {
        guard (0...100).contains(mutateMin) else {
            throw ValidationError("--mutate-min takes a percentage, 0 to 100, not \(mutateMin)")
        }
    }

    func run() throws {
        let selection = try RuleSelection(packs)
        let plan = try RulePacks.plan(selection.packs, tuning: .ownRules)
        let rules = try selection.rules(of: plan)
        let decoders = Decoding.decoders(format: nil, utcOffset: 0)
        let tester = RuleTester(plan: plan, decoders: decoders)
        var results = tester.run(rules)
        if !mutate {
            let names = Set(rules.map(\.id))
            for sample in try SampleFiles.read(samples, besides: selection.files) {
                results += tester.run(sample).filter { result in
                    rules.count == plan.rules.count || names.contains(result.rule)
                }
            }
        }
        let failed = results.filter { !$0.passed }
        if mutate, failed.isEmpty {
            try runMutants(RuleMutants(selection.packs), rules, plan, decoders)
            return
        }
        for failure in failed {
            let message = SafeText.escapedLine(failure.message)
            print("FAIL \(failure.place)  \(failure.rule): \(message)")
            if let reason = failure.reason { print("     " + SafeText.escapedLine(reason)) }
        }
        if let junit { try write(results, plan, to: junit) }
        print(
            "\(results.count - failed.count) passed, \(failed.count) failed ("
                + Units.counted(rules.count, "rule") + ")")
        if mutate { Diagnostics.error("no mutants were made: the rules' tests must pass first") }
        if !failed.isEmpty { throw ExitStatus.found }
    }

    private func runMutants(
        _ mutants: RuleMutants, _ rules: [Rule], _ plan: Plan, _ decoders: [any Decoder]
    ) throws {
        let run = MutationRun(
            mutants, rules: rules.map(\.id), decoders: decoders,
            jobs: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        for result in run.results where result.outcome == .survived {
            let mutant = result.mutant
            let place = "\(mutant.path):\(mutant.line):\(mutant.column)"
            print(
                SafeText.escapedLine("SURVIVED \(place)  \(mutant.rule): \(mutant.change)"))
        }
        if let junit { try write(RuleTestResult.of(run), plan, to: junit) }
        let killed = run.count(.killed)
        print(
            "mutants: \(run.results.count), killed \(killed) (\(Units.tenths(run.score)) %), survived "
                + "\(run.count(.survived)), invalid \(run.count(.invalid)) ("
                + Units.counted(rules.count, "rule") + ")")
        if run.score < mutateMin { throw ExitStatus.found }
    }

    private func write(_ results: [RuleTestResult], _ plan: Plan, to path: String) throws {
        let target = try OutputTarget.file(path, inputs: [])
        do throws(SinkError) {
            try target.bytes.write(Array(JUnitReport.xml(results, plan: plan).utf8))
        } catch {
            Diagnostics.error("cannot write \(path): \(error.message)")
            throw ExitStatus.failed
        }
    }
}
