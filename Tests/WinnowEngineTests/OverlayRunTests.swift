import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Runs with overlays")
struct OverlayRunTests {
    private static let lines = [
        (0, "request failed"), (1, "drill failed"), (2, "request denied"), (3, "fatal"),
        (4, "gc 12"), (5, "error"),
    ]

    private static func plan(_ overlay: String = "", tuning: TuningScope = .all) -> Plan {
        let head = "pack: {name: tuning, version: 1.0.0, engine: \">=0.1 <2\"}\n"
        let texts = [EngineFixture.pack] + (overlay.isEmpty ? [] : [head + overlay])
        let result = PackLoader.load(
            texts.enumerated().map {
                PackText(path: "\($0.offset).yaml", bytes: Array($0.element.utf8))
            }, tuning: tuning)
        precondition(!result.hasErrors)
        return result.plan
    }

    private func found(_ overlay: String = "") -> (ndjson: String, report: RunReport) {
        EngineFixture.findings([EventRuleTests.log(Self.lines)], plan: Self.plan(overlay))
    }

    @Test("Another level changes nothing of a finding but its level")
    func level() {
        let plain = found().ndjson
        let high = found("overrides: [{rules: fixture.trouble, level: high}]").ndjson
        #expect(plain != high)
        #expect(
            plain.replacing("\"level\":\"low\"", with: "\"level\":\"high\"")
                == high.replacing("\"level\":\"low\"", with: "\"level\":\"high\""))
        #expect(plain.contains(#""rule":"fixture.trouble","pack":"fixture@1.0.0","level":"low""#))
        #expect(high.contains(#""rule":"fixture.trouble","pack":"fixture@1.0.0","level":"high""#))
    }

    @Test("A disabled rule finds nothing, is no event of others, and is accounted for as disabled")
    func disabled() {
        let plain = found()
        #expect(plain.ndjson.contains("\"fixture.distinct\""))
        let overlay = "overrides: [{rules: fixture.distinct, enabled: false}]"
        let run = found(overlay)
        let rest = plain.ndjson.split(separator: "\n").filter {
            !$0.contains("\"fixture.distinct\"")
        }
        #expect(run.ndjson.split(separator: "\n") == rest)
        #expect(
            run.report.rules.map(\.rule)
                == Self.plan().rules.map(\.id).filter {
                    $0 != "fixture.distinct"
                })
        let manifest = String(
            decoding: run.report.manifest(command: "scan", plan: Self.plan(overlay)), as: UTF8.self)
        #expect(manifest.contains(#""disabled_rules":["fixture.distinct"]"#))
        #expect(manifest.contains(#"{"name":"tuning","version":"1.0.0","sha256":""#))
    }

    @Test("A filter takes records out before they are counted")
    func filter() {
        let run = found("filters: [{rules: '*', unless: {message|contains: drill}}]")
        #expect(!run.ndjson.contains("drill"))
        let without = EngineFixture.findings(
            [EventRuleTests.log(Self.lines.filter { !$0.1.contains("drill") })],
            plan: Self.plan())
        #expect(
            run.ndjson.split(separator: "\n").count == without.ndjson.split(separator: "\n").count)
    }

    @Test("Explaining a rule says what a filter kept out, as the nearest miss")
    func explain() throws {
        let plan = Self.plan("filters: [{rules: '*.trouble', unless: {message|contains: drill}}]")
        let explanation = RuleExplanation(
            plan: plan, rule: 0, sources: [EventRuleTests.log(Self.lines)],
            decoders: EngineFixture.decoders(), options: RunOptions(), limit: 1, isRereadable: true)
        #expect(explanation.matches == 4)
        let nearest = try #require(explanation.nearest.first)
        #expect(nearest.text.contains("drill failed"))
        let failed = nearest.outcomes.filter { !$0.holds }
        #expect(failed.map(\.part) == ["filter"])
        #expect(failed.map(\.wanted) == ["not message contains `drill`"])
        #expect(
            RuleWords.lines(of: plan.rules[0], in: plan).suffix(2)
                == ["unless  (tuning 1.0.0, 1.yaml:2)", "  message contains `drill`"])
    }

    @Test("The tests of rules run without the overlays of other packs")
    func tests() {
        let overlay = "filters: [{rules: '*', unless: {message|exists: true}}]"
        func failures(_ tuning: TuningScope) -> Int {
            RuleTester(
                plan: Self.plan(overlay, tuning: tuning), decoders: EngineFixture.decoders()
            ).run().filter { !$0.passed }.count
        }
        #expect(failures(.all) > 0)
        #expect(failures(.ownRules) == 0)
    }

    @Test("A rule's page says what packs made of it")
    func page() {
        let plan = Self.plan(
            "overrides: [{rules: fixture.trouble, level: high, enabled: false, suppress: 1h}]")
        let page = RulePage.page(plan.rules[0], in: plan)
        #expect(
            page.contains(
                """
                ## Filters and overrides

                ```text
                disabled  no scan runs the rule (tuning 1.0.0, 1.yaml:2)
                level  high instead of low (tuning 1.0.0, 1.yaml:2)
                suppress  1h instead of none (tuning 1.0.0, 1.yaml:2)
                ```
                """))
        let index = RulePage.index(plan)
        #expect(index.contains("| [fixture.trouble](fixture.trouble.md) | disabled | "))
        #expect(index.hasSuffix("\n## tuning\n\nFilters and overrides only.\n"))
        #expect(!RulePage.page(plan.rules[1], in: plan).contains("Filters and overrides"))
    }
}
