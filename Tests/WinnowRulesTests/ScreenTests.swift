import Testing
import WinnowKit

@testable import WinnowRules

@Suite("The screen")
struct ScreenTests {
    private static let leaves = [
        "{message|contains: alpha}", "{message|re: 'be+ta'}", "{message: 'gam*delta'}",
        "{event.code: 7}", "{event.code|gte: 5}", "{event.code: '7'}", "{event.kind: go.crash}",
        "{event.kind: [text, windows.system]}", "{user.name: root}", "{user.name|exists: false}",
        "{user.name|exists: true}", "{user.name: null}", "{user.name|neq: root}",
        "{not: {user.name: root}}", "{service.name|fieldref: user.name}",
        "{message|re|i: 'ALPHA$'}",
        "{message|contains|cased: ALPHA}", "{event.provider: nssm, event.code: [7, 9]}",
        "{message|contains: [beta, al]}", "{event.provider|contains: ss}",
    ]

    private func condition(_ depth: Int, _ random: inout SeededNumbers) -> String {
        guard depth > 0, random.next(3) > 0 else {
            return Self.leaves[random.next(Self.leaves.count)]
        }
        let children = (0...random.next(3)).map { _ in condition(depth - 1, &random) }
        switch random.next(7) {
        case 0: return "{not: \(children[0])}"
        case 1, 2, 3: return "{any: [\(children.joined(separator: ", "))]}"
        default: return "{all: [\(children.joined(separator: ", "))]}"
        }
    }

    private func record(_ random: inout SeededNumbers) -> [(String, String)] {
        let values = [
            ("message", ["an alpha", "ALPHA", "beta beeta", "gamma delta", "GAMdelta", "x", ""]),
            ("event.code", ["7", "number:7", "number:7.0", "number:9", "3", "+7"]),
            ("user.name", ["root", "Root", "bob", ""]), ("service.name", ["root", "BOB", "svc"]),
            ("event.provider", ["nssm", "NSSM", "other"]),
        ]
        return values.flatMap { name, choices in
            (0..<[0, 1, 1, 2][random.next(4)]).map { _ in
                (name, choices[random.next(choices.count)])
            }
        }
    }

    @Test("A record meets the same rules whether they are screened or all are tried")
    func differential() {
        var random = SeededNumbers("screen")
        let rules = (0..<300).map { index in
            let product = ["", "logsource: {product: go}\n", "logsource: {product: windows}\n"]
            return RuleBench.rule(
                product[random.next(3)] + "match: \(condition(3, &random))", id: "bench.r\(index)")
        }
        let result = RuleBench.load(RuleBench.pack(rules.joined()))
        #expect(!result.diagnostics.contains { $0.severity == .error })
        let plan = result.plan
        let matcher = Matcher(plan)
        var evaluator = Evaluator(plan.program)
        var matches = 0
        for _ in 0..<300 {
            let fields = RuleBench.fields(record(&random))
            let kind = ["text", "go.crash", "windows.system"][random.next(3)]
            var found: [Int] = []
            matcher.match(fields, kind: kind) { found.append($0.rule) }
            let expected = fields.arena.withUnsafeBytes { arena in
                evaluator.values.begin(
                    arena, fields.entries, kind: Array(kind.utf8), names: plan.program.slots)
                defer { evaluator.values.end() }
                return plan.program.rules.indices.filter { index in
                    CandidateScreen.isOf(plan.program.logic[index].product, kind: kind)
                        && evaluator.matches(plan.program.rules[index])
                }.map { plan.program.rules[$0].rule }
            }
            #expect(found == expected)
            matches += found.count
        }
        let tried = matcher.counters.reduce(0) { $0 + $1.candidates }
        #expect(matches > 1000 && tried < 300 * plan.rules.count / 2, "\(matches) of \(tried)")
    }

    @Test(
        "Alternatives are selected each by what it needs",
        arguments: [
            ("{any: [{event.kind: go.crash, user.name: a}, {message|contains: wxyz}]}", "text", 0),
            ("{any: [{event.kind: go.crash, user.name: a}, {event.code: 7}]}", "text", 0),
            ("{any: [{user.name: a}, {message|contains: wxyz}]}", "text", 0),
            ("{any: [{host.name: a}, {message|contains: wxyz}]}", "text", 1),
            (
                "{all: [{message|exists: true}, {any: [{event.code: 7}, {user.name: a}]}]}", "text",
                0
            ),
            ("{host.name|exists: false}", "text", 1), ("{message|neq: wxyz}", "text", 1),
        ])
    func candidates(match: String, kind: String, expected: Int) {
        let matcher = Matcher(RuleBench.plan("match: \(match)"))
        let fields = RuleBench.fields([("message", "nothing"), ("host.name", "b")])
        matcher.match(fields, kind: kind) { _ in }
        #expect(matcher.counters[0].candidates == expected)
    }
}
