import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Rules as events of other rules")
struct ChainTests {
    private static let pack = """
        pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: fixture.top
          title: 'Twice in {{service.name}}'
          level: low
          events: {burst: {rule: fixture.burst}}
          when: {count: {gte: 2}, within: 1m, by: [service.name]}
          tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
        - id: fixture.burst
          title: Burst
          level: low
          match: {message|contains: alpha}
          when: {count: {gte: 2}, within: 5s}
          tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
        - id: fixture.peak
          title: Peak
          level: low
          events: {top: {rule: fixture.top}, beta: {message|contains: beta}}
          when: {sequence: [top, beta], within: 1m}
          tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
        """

    private func found(_ lines: [(Int, String)]) -> [String] {
        EngineFixture.findings(
            [EventRuleTests.log(lines)], plan: EngineFixture.plan(Self.pack)
        ) { $0.service = "gateway" }.ndjson.split(separator: "\n").compactMap { line in
            line.firstMatch(of: #/"rule":"fixture\.(\w+)".*?"title":"([^"]*)"/#)
                .map { "\($0.1): \($0.2)" }
        }
    }

    @Test("A finding is an event of rules before and after its own, and so is what comes of it")
    func chain() {
        let bursts = [0, 1, 20, 21].map { ($0, "alpha") }
        #expect(
            found(bursts + [(30, "beta")]) == [
                "burst: Burst", "burst: Burst", "top: Twice in gateway", "peak: Peak",
            ])
        #expect(found([(-1, "beta")] + bursts).count == 3)
    }

    @Test("An event takes the findings of several rules")
    func several() {
        let plan = EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.alpha
              title: t
              level: low
              match: {message|contains: alpha}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            - id: fixture.beta
              title: t
              level: low
              match: {message|contains: beta}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            - id: fixture.both
              title: t
              level: low
              events: {any_of_them: {rule: [fixture.alpha, fixture.beta]}}
              when: {count: {gte: 2}, within: 1m}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            """)
        let log = EventRuleTests.log([(0, "alpha"), (1, "beta"), (90, "gamma")])
        let findings = EngineFixture.findings([log], plan: plan).ndjson
        #expect(findings.matches(of: #/"rule":"fixture\.both"/#).count == 1)
        #expect(
            RuleWords.lines(of: plan.rules[2], in: plan).contains(
                "any_of_them  a finding of fixture.alpha or fixture.beta"))
    }

    @Test("Records that make no finding are no event")
    func noFinding() {
        #expect(found([(0, "alpha"), (20, "alpha"), (40, "alpha")]) == [])
    }
}
