import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Overlays")
struct OverlayTests {
    private static let rules = RuleBench.pack(
        RuleBench.rule("match: {message|contains: alpha}", id: "one.alpha")
            + RuleBench.rule("match: {message|contains: alpha}\nsuppress: 5m", id: "one.other")
            + RuleBench.rule("match: {message|contains: alpha}", id: "two.alpha"))

    private static func overlay(_ text: String, name: String = "tuning") -> String {
        "pack: {name: \(name), version: 1.0.0, engine: \">=0.1 <2\"}\n" + text
    }

    private func load(
        _ packs: [String], defaults: Set<Int> = [], tuning: TuningScope = .all
    ) -> LoadResult {
        PackLoader.load(
            packs.enumerated().map {
                PackText(
                    path: "\($0.offset).yaml", bytes: Array($0.element.utf8),
                    isDefault: defaults.contains($0.offset))
            }, tuning: tuning)
    }

    /// The ids of the rules that a record meets.
    private func met(_ plan: Plan, _ pairs: [(String, String)]) -> [String] {
        RuleBench.match(plan, pairs).map { plan.rules[$0.rule].id }
    }

    @Test("A filter keeps records from the rules that it names, whatever the order of the files")
    func filters() {
        let filter = Self.overlay(
            """
            filters:
            - {rules: one.*, unless: {service.name: load-test*, message|contains: drill}}
            """)
        let empty = Self.overlay("filters: []", name: "empty")
        for packs in [[filter, Self.rules, empty], [empty, Self.rules, filter]] {
            let result = load(packs)
            #expect(result.diagnostics.isEmpty)
            #expect(result.hasOverlays)
            let load = ("service.name", "load-test-3")
            #expect(met(result.plan, [("message", "alpha drill"), load]) == ["two.alpha"])
            #expect(met(result.plan, [("message", "alpha"), load]).count == 3)
            #expect(met(result.plan, [("message", "alpha drill")]).count == 3)
        }
        #expect(!load([Self.rules, empty]).hasOverlays)
    }

    @Test("Several filters of a rule add up, and an id named twice by one filter is met once")
    func severalFilters() {
        let plan = load([
            Self.overlay("filters: [{rules: ['*', one.alpha], unless: {a: x}}]"), Self.rules,
            Self.overlay("filters: [{rules: one.?l*, unless: {b: y}}]", name: "more"),
        ]).plan
        let alpha = ("message", "alpha")
        #expect(met(plan, [alpha, ("winlog.event_data.a", "x")]) == [])
        #expect(
            met(plan, [alpha, ("winlog.event_data.b", "y")]) == ["one.other", "two.alpha"])
        #expect(met(plan, [alpha]).count == 3)
        #expect(plan.rules[0].tuning.filters.map(\.pack) == [0, 2])
        #expect(plan.rules[1].tuning.filters.map(\.pack) == [0])
    }

    @Test("A filter holds for each event of records of a rule, with any, all, not and modifiers")
    func events() {
        let pack =
            RuleBench.pack(
                RuleBench.rule(
                    """
                    events: {a: {message|re: 'alpha (?<n>\\d)'}, b: {message|contains: beta}}
                    where: {not: {n: 5}}
                    when: {all: [a, b], within: 1m, by: [n]}
                    """, id: "r.r"))
                + """
                filters:
                - rules: r.r
                  unless:
                    any:
                    - {message|re|i: 'DRILL \\d'}
                    - {all: [{not: {log.level: error}}, {log.level|exists: true}]}
                """
        let plan = load([pack]).plan
        func events(_ text: String, _ level: String? = nil) -> [Int] {
            RuleBench.match(plan, [("message", text)] + (level.map { [("log.level", $0)] } ?? []))
                .map(\.event)
        }
        #expect(events("alpha 1 beta") == [0, 1])
        #expect(events("alpha 1 beta", "error") == [0, 1])
        #expect(events("alpha 1 beta", "debug") == [])
        #expect(events("alpha 1 beta drill 2") == [])
        #expect(events("alpha 5") == [])
    }

    @Test("A limit in a filter is counted for the rule, and the record does not meet it")
    func limit() {
        let plan = load([
            Self.rules,
            Self.overlay(#"filters: [{rules: one.alpha, unless: {message|re: '^(?:.*?,){8}P'}}]"#),
        ]).plan
        let matcher = Matcher(plan)
        var rules: [Int] = []
        matcher.match(
            RuleBench.fields([("message", "alpha" + String(repeating: "1,", count: 2000) + "!P")]),
            kind: "text"
        ) { rules.append($0.rule) }
        #expect(rules == [1, 2])
        #expect(matcher.counters.map(\.limitHits) == [1, 0, 0])
    }

    @Test("Of several overrides the last counts, each key by itself, in the order of the packs")
    func overrides() {
        let first = Self.overlay(
            """
            overrides:
            - {rules: '*', level: high, suppress: 1h}
            - {rules: one.alpha, level: medium, enabled: false}
            """, name: "first")
        let last = Self.overlay(
            "overrides: [{rules: one.*, level: critical}, {rules: one.alpha, enabled: true}]",
            name: "last")
        let plan = load([first, Self.rules, last]).plan
        #expect(plan.rules.map(\.level) == [.critical, .critical, .high])
        #expect(plan.rules.map(\.isEnabled) == [true, true, true])
        #expect(plan.rules.map(\.suppress) == [3_600_000_000_000].map { [$0, $0, $0] }[0])
        #expect(plan.rules[0].tuning.level?.written == .low)
        #expect(plan.rules[0].tuning.level?.origin == RuleTuning.Origin(pack: 2, line: 2))
        #expect(plan.rules[1].tuning.suppress?.written == 300_000_000_000)
        #expect(plan.rules[2].tuning.level?.origin == RuleTuning.Origin(pack: 0, line: 3))
        let other = load([last, Self.rules, first]).plan
        #expect(other.rules.map(\.level) == [.medium, .high, .high])
        #expect(other.rules.map(\.isEnabled) == [false, true, true])
        #expect(other.rules[0].tuning.disabled == RuleTuning.Origin(pack: 2, line: 4))
    }

    @Test("A disabled rule is tried against no record, takes no findings, and stays in the plan")
    func disabled() {
        let plan = load([
            Self.rules,
            RuleBench.pack(
                RuleBench.rule(
                    "events: {e: {rule: one.alpha}}\nwhen: {count: {gte: 2}, within: 1m}",
                    id: "top.first")
                    + RuleBench.rule("match: {event.code: 7}", id: "top.code")
                    + RuleBench.rule("match: {field|exists: false}", id: "top.any"),
                name: "top"),
            Self.overlay("overrides: [{rules: [one.alpha, top.*], enabled: false}]"),
        ]).plan
        #expect(plan.rules.count == 6)
        #expect(plan.rules.map(\.isEnabled) == [false, true, true, false, false, false])
        #expect(plan.chains.allSatisfy { $0.isEmpty })
        let matcher = Matcher(plan)
        var rules: [Int] = []
        let record = RuleBench.fields([("message", "alpha"), ("event.code", "number:7")])
        matcher.match(record, kind: "text") { rules.append($0.rule) }
        #expect(rules == [1, 2])
        #expect(matcher.counters.map(\.candidates) == [0, 1, 1, 0, 0, 0])
        // Whoever asks what the rule is about still gets an answer.
        #expect(
            RuleExplainer(plan, rule: 0).matchLines.map(\.lines) == [["message contains `alpha`"]])
    }

    @Test("In the scope of tests a pack tunes its own rules only, and warns of nothing")
    func ownRules() {
        let own = Self.rules + "overrides: [{rules: '*', level: high}, {rules: none, level: low}]\n"
        let other = Self.overlay(
            """
            filters: [{rules: '*', unless: {message|exists: true}}]
            overrides: [{rules: '*', enabled: false}]
            """)
        let result = load([own, other], tuning: .ownRules)
        #expect(result.diagnostics.isEmpty)
        #expect(result.plan.rules.map(\.level) == [.high, .high, .high])
        #expect(result.plan.rules.allSatisfy { $0.isEnabled })
        #expect(met(result.plan, [("message", "alpha")]).count == 3)
        let scan = load([own, other])
        #expect(scan.plan.rules.allSatisfy { !$0.isEnabled })
        #expect(scan.overlayWarnings.map(\.code) == ["W041"])
    }

    // MARK: - Precedence

    @Test("A given pack replaces the default one of its name, wherever it stands")
    func replaces() {
        let old = Self.rules
        let new = RuleBench.pack(RuleBench.rule("match: {message: x}", id: "one.alpha"))
            .replacing("1.0.0", with: "2.0.0")
        for result in [load([old, new], defaults: [0]), load([new, old], defaults: [1])] {
            #expect(result.diagnostics.isEmpty)
            #expect(result.plan.rules.map(\.id) == ["one.alpha"])
            #expect(result.plan.packs.map(\.version) == ["2.0.0"])
            #expect(result.plan.packs[0].replaces == "1.0.0")
        }
        #expect(load([old], defaults: [0]).plan.packs[0].replaces == nil)
    }

    @Test("A pack that replaces a default one and lacks a rule that another waits for is refused")
    func replacedEvent() {
        let top = RuleBench.pack(
            RuleBench.rule(
                "events: {e: {rule: one.alpha}}\nwhen: {count: {gte: 2}, within: 1m}", id: "top.r"),
            name: "top")
        let new = RuleBench.pack(RuleBench.rule("match: {message: x}", id: "one.beta"))
        #expect(load([Self.rules, top], defaults: [0, 1]).diagnostics.isEmpty)
        let faults = load([Self.rules, top, new], defaults: [0, 1]).diagnostics
        #expect(faults.map(\.code) == ["W034"])
        #expect(faults.first?.help?.hasPrefix("a pack that replaces a default one keeps") == true)
    }

    @Test("Two given packs of one name, and two default ones, stay an error")
    func duplicates() {
        let two = load([Self.rules, Self.rules, Self.rules], defaults: [0])
        #expect(two.diagnostics.map(\.code) == ["W030"])
        #expect(two.diagnostics.map(\.path) == ["2.yaml"])
        #expect(load([Self.rules, Self.rules], defaults: [0, 1]).hasErrors)
    }

    @Test("A rule of a default pack in a pack of another name is an error that names both")
    func duplicateRule() throws {
        let copy = RuleBench.pack(
            RuleBench.rule("match: {message: x}", id: "one.alpha"), name: "copy")
        let fault = try #require(load([Self.rules, copy], defaults: [0]).diagnostics.first)
        #expect(fault.code == "W010")
        #expect(fault.label == "the first is 0.yaml:3")
        #expect(fault.help?.contains("overrides: [{rules: one.alpha, enabled: false}]") == true)
    }

    @Test("An overlay with the name of a default pack does not make its rules vanish")
    func overlayOfThatName() {
        let result = load(
            [Self.rules, Self.overlay("overrides: [{rules: 'a', level: low}]", name: "bench")],
            defaults: [0])
        #expect(result.diagnostics.first?.code == "W030")
        #expect(result.diagnostics.first?.path == "1.yaml")
    }

    // MARK: - Hostile packs

    private static let many = RuleBench.pack(
        (0..<10_000).map {
            "- {id: a.r\($0), title: t, level: low, match: {event.code: \($0)}, tests: *t}\n"
        }.joined().replacing(
            "tests: *t", with: "tests: &t [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]",
            maxReplacements: 1))

    @Test(
        "Ten thousand filters of ten thousand rules load in time, or are refused in time",
        arguments: [
            ("a.r#", []), ("*", ["W003"]), ("*r#*", ["W003"]), ("a.none#", ["W003", "W041"]),
            ("b.none#*", ["W003", "W041"]),
        ])
    func manyFilters(name: String, codes: [String]) {
        let filters = (0..<10_000).map {
            "- {rules: '\(name.replacing("#", with: String($0)))', unless: {message: m\($0)}}\n"
        }
        let overlay = Self.overlay("filters:\n" + filters.joined())
        var result: LoadResult?
        let time = RuleBench.cpuTime { result = load([overlay, Self.many]) }
        #expect(Set(result?.diagnostics.map(\.code) ?? []) == Set(codes))
        #expect(result?.diagnostics.count ?? 0 <= 1001)
        #expect(time < .seconds(20))
    }

    @Test("More filters, overrides or names than allowed are refused")
    func sizes() {
        func codes(_ text: String) -> [String] {
            load([Self.overlay(text), Self.rules]).diagnostics.map(\.code)
        }
        let names = Array(repeating: "one.alpha", count: 10_001).joined(separator: ", ")
        #expect(codes("filters: [{rules: [\(names)], unless: {a: b}}]") == ["W003"])
        let overrides = String(repeating: "- {rules: one.alpha, level: low}\n", count: 10_001)
        #expect(codes("overrides:\n" + overrides) == ["W003"])
        #expect(codes("overrides:\n" + overrides.dropLast(33)) == [])
    }

    // MARK: - Finding rules by names

    @Test(
        "A name meets an id as a whole: `*` any characters, `?` one",
        arguments: [
            ("a.b", ["a.b"]), ("a.*", ["a.b", "a.bc"]), ("a.?", ["a.b"]), ("*", nil),
            ("*.b*", ["a.b", "a.bc", "b.b"]), ("?.b", ["a.b", "b.b"]), ("a", []), ("a.b?c", []),
            ("a*c", ["a.bc"]), ("**", nil), ("c-d_e", ["c-d_e"]),
        ] as [(String, [String]?)])
    func names(text: String, wanted: [String]?) {
        var ids = RuleIDs(["b.b", "a.b", "c-d_e", "a.bc"])
        let found = ids.found(RuleName(text: text, place: Place(line: 1, column: 1)))
        #expect(found?.map { ids.ids[$0] }.sorted() == (wanted ?? ids.ids).sorted())
        #expect(found == found?.sorted())
    }
}
