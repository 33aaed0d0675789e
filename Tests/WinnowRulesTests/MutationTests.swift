import Testing

@testable import WinnowRules

@Suite("Mutants of rules")
struct MutationTests {
    /// The changes of a rule, given from `level` on, with their lines.
    private func changes(_ body: String) -> [String] {
        let mutants = Self.mutants(body)
        return mutants.mutants(of: "a.b").map { "\($0.line): \($0.change)" }
    }

    private static func mutants(_ body: String) -> RuleMutants {
        let text = """
            pack: {name: a, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: a.b
              title: t
              level: low
              tests: [{fires: 1, lines: [x]}, {fires: 0, lines: [y]}]

            """
        return RuleMutants([PackText(path: "a.yaml", bytes: Array((text + body).utf8))])
    }

    @Test("Of a selection each condition, branch and value is left out once, a sole one never")
    func selection() {
        #expect(
            changes(
                """
                  match:
                    event.code: [1, 2]
                    any:
                    - {message: a, event.provider: p}
                    - not: {message: b}
                """) == [
                    "8: drop `event.code`", "8: drop value `1`", "8: drop value `2`",
                    "9: drop `any`", "10: drop branch 1 of `any`", "10: drop `message`",
                    "10: drop `event.provider`", "11: drop branch 2 of `any`",
                ])
        #expect(changes("  match: {message: a}").isEmpty)
    }

    @Test("Comparisons are shifted by one in the last digit that is written")
    func comparisons() {
        #expect(
            changes(
                #"""
                  match: {message|re: '(?<ms>\d+)'}
                  where: {any: [{ms|gte: 10}, {ms|lt: -0.05}, {ms|gt: 1e3}]}
                """#) == [
                    "8: drop `where`", "8: drop branch 1 of `any`", "8: gte 10 → 9",
                    "8: gte 10 → 11", "8: drop branch 2 of `any`", "8: lt -0.05 → -0.06",
                    "8: lt -0.05 → -0.04", "8: drop branch 3 of `any`",
                ])
    }

    @Test("Counts are shifted by one, windows doubled and halved, each part of the key is left out")
    func count() {
        #expect(
            changes(
                """
                  match: {message: a}
                  when: {count: {gte: 2}, within: 5m, by: [host.name, service.name]}
                  suppress: 1h
                """) == [
                    "8: drop `when`", "8: gte 2 → 1", "8: gte 2 → 3", "8: within 5m → 2.5m",
                    "8: within 5m → 10m", "8: drop `host.name` of `by`",
                    "8: drop `service.name` of `by`", "9: suppress 1h → 0.5h",
                    "9: suppress 1h → 2h",
                ])
    }

    @Test("A count of one with suppress has no other window, and without a key none is needed")
    func equivalent() {
        #expect(
            changes(
                """
                  match: {message: a}
                  when: {count: {gte: 1}, within: 5m}
                  suppress: 1h
                """) == ["8: gte 1 → 2", "9: suppress 1h → 0.5h", "9: suppress 1h → 2h"])
        // Without `suppress` the window is what ends the silence after a finding.
        #expect(
            changes("  match: {message: a}\n  when: {count: {gte: 1}, within: 5m}") == [
                "8: drop `when`", "8: gte 1 → 2", "8: within 5m → 2.5m", "8: within 5m → 10m",
            ])
        // 30 days are the longest window that a rule can say.
        #expect(
            changes("  match: {message: a}\n  suppress: 30d") == ["8: suppress 30d → 15d"])
    }

    @Test(
        "A sequence loses a step with its silence, or the silence; what is left of one is a count")
    func sequence() throws {
        let body = """
              events: {a: {message: a}, b: {message: b}, c: {message: c}}
              when:
                sequence: [{a: {gte: 2}}, {not: b, for: 2m}, c]
                within: 10m
            """
        let mutants = Self.mutants(body)
        #expect(
            changes(body) == [
                "9: drop `a` of `sequence`", "9: gte 2 → 1", "9: gte 2 → 3",
                "9: drop `not: b` of `sequence`", "9: for 2m → 1m", "9: for 2m → 4m",
                "9: drop `c` of `sequence`",
                "10: within 10m → 5m", "10: within 10m → 20m",
            ])
        let whens = try mutants.mutants(of: "a.b").filter { $0.change.hasPrefix("drop") }.map {
            try #require(mutants.plan(of: $0)).rules[0].when
        }
        let minute: Int64 = 60_000_000_000
        #expect(
            whens == [
                .count(of: 2, gte: 1, within: 10 * minute),
                .sequence(
                    [SequenceStep(event: 0, atLeast: 2), SequenceStep(event: 2, atLeast: 1)],
                    within: 10 * minute),
                .sequence(
                    [
                        SequenceStep(
                            event: 0, atLeast: 2,
                            silence: SequenceStep.Silence(event: 1, nanoseconds: 2 * minute))
                    ], within: 10 * minute),
            ])
    }

    @Test("Of `all` of two events the other one is left as a count")
    func all() throws {
        let mutants = Self.mutants(
            """
              events: {a: {message: a}, b: {message: b}}
              when: {all: [a, b], within: 1m}
            """)
        let drop = try #require(
            mutants.mutants(of: "a.b").first { $0.change == "drop `a` of `all`" })
        #expect(
            mutants.plan(of: drop)?.rules[0].when
                == .count(of: 1, gte: 1, within: 60_000_000_000))
    }

    @Test(
        "Slopes and limits of a trend are doubled and halved, its points shifted, its parts left out"
    )
    func trend() {
        let mutants = changes(
            #"""
              events: {m: {message|re: '(?<mb>\d+)'}, s: {message: s}}
              when:
                trend: {of: m, field: mb, slope: {gte: 2/min}, points: 10, reset: s, eta: {reach: 400, lt: 2h}}
                within: 6h
            """#)
        #expect(
            mutants == [
                "9: gte 2/min → 1/min", "9: gte 2/min → 4/min", "9: points 10 → 9",
                "9: points 10 → 11", "9: drop `reset`", "9: drop `eta`", "9: reach 400 → 200",
                "9: reach 400 → 800", "9: lt 2h → 1h", "9: lt 2h → 4h", "10: within 6h → 3h",
                "10: within 6h → 12h",
            ])
    }

    @Test("Of a join only what decides whether it finds something is changed")
    func join() {
        let events = "  events: {d: {message: [a, b]}, c: {message: [e, f]}}\n"
        #expect(
            changes(
                events
                    + "  when: {join: {of: d, with: [c], same: event.code, grace: 5s}, within: 1h, by: [host.name]}"
            ) == ["7: drop value `a`", "7: drop value `b`"])
        #expect(
            changes(
                events
                    + "  when: {join: {of: d, without: [c], grace: 5s}, within: 1h, by: [host.name]}"
            ) == [
                "7: drop value `a`", "7: drop value `b`", "7: drop value `e`",
                "7: drop value `f`", "8: drop `without`", "8: grace 5s → 2.5s",
                "8: grace 5s → 10s", "8: within 1h → 0.5h", "8: within 1h → 2h",
                "8: drop `host.name` of `by`",
            ])
    }

    @Test("A mutant that is no rule any more has no plan")
    func invalid() throws {
        let mutants = Self.mutants(
            #"""
              match: {message|re: '(?<ms>\d+)', event.code: 1}
              where: {ms|gt: 5}
            """#)
        let all = mutants.mutants(of: "a.b")
        let group = try #require(all.first { $0.change == "drop `message|re`" })
        #expect(mutants.plan(of: group) == nil)
        let code = try #require(all.first { $0.change == "drop `event.code`" })
        #expect(mutants.plan(of: code)?.rules.map(\.id) == ["a.b"])
    }

    @Test("A plan of a mutant has the rules whose findings are its events, and no other")
    func chain() throws {
        let text = """
            pack: {name: a, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - {id: a.one, title: t, level: low, match: {message: a}, tests: &t [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]}
            - {id: a.other, title: t, level: low, match: {message: a}, tests: *t}
            - {id: a.up, title: t, level: low, events: {e: {rule: a.one}}, when: {count: {gte: 2}, within: 1m}, tests: *t}
            """
        let mutants = RuleMutants([PackText(path: "a.yaml", bytes: Array(text.utf8))])
        let mutant = try #require(mutants.mutants(of: "a.up").first)
        #expect(mutants.plan(of: mutant)?.rules.map(\.id).sorted() == ["a.one", "a.up"])
    }

    private static let patterns: [(String, [String])] = [
        ("ab", []),
        ("a|b", ["b", "a"]),
        ("a|b|c", ["b|c", "a|c", "a|b"]),
        ("x(?:a|b)y", ["x(?:b)y", "x(?:a)y"]),
        ("(?<n>a|b)", ["(?<n>b)", "(?<n>a)"]),
        ("[|]\\|(a)\\Q|\\E", []),
        ("[]|](?=a|b)", ["[]|](?=b)", "[]|](?=a)"]),
        ("a(b|c)|d", ["d", "a(c)|d", "a(b)|d", "a(b|c)"]),
        ("a|", ["", "a"]),
        ("(?i)a|b", ["b", "(?i)a"]),
        ("[[:alpha:]|](?i:a|b)", ["[[:alpha:]|](?i:b)", "[[:alpha:]|](?i:a)"]),
        (
            "(?'n'a|b)(?P<m>c|d)",
            [
                "(?'n'b)(?P<m>c|d)", "(?'n'a)(?P<m>c|d)", "(?'n'a|b)(?P<m>d)", "(?'n'a|b)(?P<m>c)",
            ]
        ),
        // None of these compiles; a mutant may be made of any text.
        ("[a", []), ("(", []), ("a)|b", ["b", "a)"]), ("\\", []), ("(?<", []), ("(?'", []),
        ("(?", []), ("(?P", []), ("\\Q|", []),
    ]

    @Test(
        "Each alternative of a pattern is left out, at the top and in groups", arguments: patterns)
    func branches(_ pattern: String, _ expected: [String]) {
        let branches = PatternBranches(pattern)
        #expect(branches.branches.map { branches.pattern(without: $0) } == expected)
    }
}
