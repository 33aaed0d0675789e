import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Lint of rules")
struct LintTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// A selection on two fields, as YAML in flow style.
    private static func selection(_ random: inout Random, depth: Int) -> String {
        let keys = [
            "event.provider", "event.provider|neq", "event.provider|contains",
            "event.provider|startswith", "event.provider|endswith", "event.provider|cased",
            "event.provider|exists", "event.provider|re", "event.code", "event.code|gt",
            "event.code|gte", "event.code|lt", "event.code|lte", "event.code|neq",
        ]
        func value(_ key: String) -> String {
            switch key.split(separator: "|").last {
            case "exists": return ["true", "false"].randomElement(using: &random) ?? ""
            case "gt", "gte", "lt", "lte": return String(Int.random(in: 1...4, using: &random))
            case "re": return ["a", "^B"].randomElement(using: &random) ?? ""
            default: break
            }
            let words =
                key.hasPrefix("event.code")
                ? ["1", "2", "3", "'2'", "'02'", "2.0"] : ["a", "A", "ab", "B", "b*", "'1'"]
            guard Int.random(in: 0...2, using: &random) == 0 else {
                return words.randomElement(using: &random) ?? ""
            }
            return "["
                + (0..<2).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: ", ") + "]"
        }
        let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ -> String in
            switch depth > 0 ? Int.random(in: 0...5, using: &random) : 5 {
            case 0:
                return "any: [\(selection(&random, depth: depth - 1)), "
                    + "\(selection(&random, depth: depth - 1))]"
            case 1: return "all: [\(selection(&random, depth: depth - 1))]"
            case 2: return "not: \(selection(&random, depth: depth - 1))"
            default:
                let key = keys.randomElement(using: &random) ?? ""
                return "\(key): \(value(key))"
            }
        }
        var seen: Set<Substring> = []
        return "{"
            + parts.filter { seen.insert($0.prefix { $0 != ":" }).inserted }
            .joined(separator: ", ") + "}"
    }

    /// Every record of some values, those without a field included.
    private static let records: [[(String, String)]] = {
        let providers = ["", "a", "A", "ab", "b", "B", "1", "c"]
        let codes = ["1", "2", "3", "4", "02", "2.5"]
        return (providers.map { [("event.provider", $0)] } + [[]]).flatMap { provider in
            (codes.map { [("event.code", $0)] } + [[]]).map { provider + $0 }
        }
    }()

    @Test("No rule that is said to match never does, in 3,000 random ones")
    func sound() {
        var said = 0
        for seed in 0..<3000 {
            var random = Random(state: UInt64(seed))
            let match = Self.selection(&random, depth: 2)
            let result = RuleBench.load(RuleBench.pack(RuleBench.rule("match: \(match)")))
            guard !result.hasErrors,
                result.diagnostics.contains(where: {
                    $0.code == "W036" && !$0.message.hasPrefix("an alternative")
                })
            else { continue }
            said += 1
            let matcher = Matcher(result.plan)
            for record in Self.records {
                matcher.match(RuleBench.fields(record), kind: "windows.event") { _ in
                    Issue.record("seed \(seed): \(match) matches \(record)")
                }
            }
        }
        // Without any, nothing would be shown.
        #expect(said > 150)
    }

    @Test("Of two tests that exclude each other the second is named, whichever it is")
    func order() {
        let parts = ["event.provider: nssm", "event.provider|contains: win"]
        for match in [parts, parts.reversed()] {
            let result = RuleBench.load(
                RuleBench.pack(RuleBench.rule("match:\n  " + match.joined(separator: "\n  "))))
            #expect(result.diagnostics.map(\.code) == ["W036"])
            #expect(result.diagnostics.first?.line == 8)
        }
    }

    @Test("Very many alternatives and values are looked at in time")
    func large() {
        let any = (0..<3000).map { "{event.code: \($0), event.provider: p\($0)}" }
        let list = (0..<20_000).map { "v\($0)" }.joined(separator: ", ")
        let text = RuleBench.pack(
            RuleBench.rule(
                "match: {event.provider: [\(list)], any: [\(any.joined(separator: ", "))]}"))
        let time = RuleBench.cpuTime { _ = RuleBench.load(text) }
        #expect(time < .seconds(5))
    }

    @Test("Rules without a text, a code or a kind are told from those with one")
    func unscreened() {
        let rules = [
            ("a", "match: {message|contains: abc}"), ("b", "match: {message|contains: ab}"),
            ("c", "match: {event.code: 5}"), ("d", "match: {event.code|gt: 5}"),
            ("e", "match: {event.kind: text}"), ("f", "match: {any: [{message: abc}, {a: b}]}"),
            ("g", "match: {host.name: web1}"),
        ]
        let plan = RuleBench.load(
            RuleBench.pack(rules.map { RuleBench.rule($0.1, id: "bench." + $0.0) }.joined())
        ).plan
        #expect(
            plan.unscreened.map { plan.rules[$0].id } == [
                "bench.b", "bench.d", "bench.f", "bench.g",
            ])
    }

    @Test(
        "A regular expression that backtracks without bound is refused with a text that shows it",
        arguments: [#"^(a+)+$"#, #"^(\w+\s?)*:"#, #"(a|aa)+b"#, #"^(([a-z])+.)+[A-Z]([a-z])+$"#])
    func unbounded(pattern: String) throws {
        let result = RuleBench.load(
            RuleBench.pack(RuleBench.rule("match: {message|re: '\(pattern)'}")))
        let fault = try #require(result.diagnostics.first { $0.code == "W015" })
        #expect(fault.severity == .error)
        #expect(try #require(fault.help).contains("times"))
        // The attack is no guess: the pattern runs into its limit on it.
        let runner = PatternRunner(groups: 4)
        let compiled = try Pattern(pattern, flags: [])
        let attack = try #require(PatternDanger.attack(on: compiled, runner: runner))
        let outcome = attack.text.withUnsafeBytes { runner.run(compiled, $0) }
        guard case .limit = outcome else {
            Issue.record("\(attack.description) is harmless")
            return
        }
    }
}
