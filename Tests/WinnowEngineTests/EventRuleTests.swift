import Decoders
import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Rules of events, through the whole engine")
struct EventRuleTests {
    /// A pack of one rule; `rule` is what follows its level.
    static func plan(_ rule: String) -> Plan {
        EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.rule
              title: 'Rule {{service.name}}'
              level: low
            \(rule.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            """)
    }

    /// Lines of `seconds text` on 2026-01-01, from 10:00:00 on.
    static func log(_ lines: [(Int, String)]) -> Source {
        let text = lines.map { second, text in
            let time = Timestamp(seconds: 1_767_261_600 + Int64(second))
            return "\(time.rfc3339) \(text)\n"
        }.joined()
        return EngineFixture.source("log", Array(text.utf8))
    }

    @Test("A line with a time of its own is told from one that takes the time before it")
    func timed() {
        let plan = EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.timed
              title: '{{line}}'
              level: low
              match: {message|re: 'line (?<line>\\d)', event.time_inherited|exists: false}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            """)
        let text = "line 1\n2026-01-01T10:00:00Z line 2\nline 3\n2026-01-01T10:00:00Z line 4\n"
        let findings = EngineFixture.findings(
            [EngineFixture.source("log", Array(text.utf8))], plan: plan
        ).ndjson
        #expect(findings.matches(of: #/"title":"(\d)"/#).map { String($0.1) } == ["2", "4"])
    }

    @Test("Lines of a test meet the events of their service", arguments: [true, false])
    func testedService(isNamed: Bool) {
        let plan = EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.service
              title: t
              level: low
              events: {full: {message|contains: full}, died: {event.provider: nssm, event.code: 1013}}
              when: {all: [full, died], within: 1m, by: [service.name]}
              tests:
              - fires: \(isNamed ? 1 : 0)
                \(isNamed ? "service: gateway" : "every: 1s")
                lines: [disk full]
                events: [{provider: nssm, code: 1013, data: ['C:\\svc\\gw.exe', gateway, '2']}]
              - {fires: \(isNamed ? 0 : 1), lines: [b]}
            """)
        let results = RuleTester(plan: plan, decoders: EngineFixture.decoders()).run()
        #expect(results.first?.passed == true, "\(results.first?.message ?? "")")
    }

    /// Seconds at which the rule's findings say they fired.
    static func times(_ rule: String, _ lines: [(Int, String)]) -> [Int] {
        times(plan(rule), [log(lines)])
    }

    static func times(_ plan: Plan, _ sources: [Source]) -> [Int] {
        let found = EngineFixture.findings(sources, plan: plan)
        return found.ndjson.split(separator: "\n").compactMap { line in
            line.firstMatch(of: #/"time":"2026-01-01T10:(\d\d):(\d\d)/#).flatMap { match in
                Int(match.1).flatMap { minutes in Int(match.2).map { minutes * 60 + $0 } }
            }
        }
    }

    static let events = "events: {a: {message|contains: alpha}, b: {message|contains: beta}}\n"

    @Test("A count of one event counts no other")
    func countOf() {
        let lines = [(0, "alpha"), (1, "beta"), (2, "beta"), (3, "alpha")]
        let rule = Self.events + "when: {count: {of: a, gte: 2}, within: 1m}"
        #expect(Self.times(rule, lines) == [3])
    }

    @Test(
        "A rate is a count of rate times within, rounded up", arguments: [("2/s", 6), ("50/m", 3)])
    func rate(rate: String, needed: Int) {
        let rule = "match: {message|contains: alpha}\nwhen: {rate: {gte: \(rate)}, within: 3s}"
        #expect(Self.times(rule, Array(repeating: (1, "alpha"), count: needed)) == [1])
        #expect(Self.times(rule, Array(repeating: (1, "alpha"), count: needed - 1)) == [])
    }

    @Test("One record that is two events is both of them")
    func both() {
        #expect(
            Self.times(Self.events + "when: {all: [a, b], within: 1m}", [(5, "alpha beta")]) == [5])
    }

    @Test("All of different keys are not all of one")
    func keyed() {
        let rule = """
            events: {a: {message|re: 'alpha (?<k>\\d)'}, b: {message|re: 'beta (?<k>\\d)'}}
            when: {all: [a, b], within: 1m, by: [k]}
            """
        #expect(Self.times(rule, [(0, "alpha 1"), (1, "beta 2"), (2, "beta 1")]) == [2])
    }

    @Test("A statistic takes no notice of records without the number")
    func numbers() {
        let rule = """
            match: {message|re: 'took (?<ms>\\S+)'}
            when: {stat: {field: ms, fn: avg, gte: 10}, within: 1m}
            """
        #expect(Self.times(rule, [(0, "took 5"), (1, "took long"), (2, "took 15")]) == [2])
    }

    @Test("A merged pair of inputs gives what one input in time order gives, whichever comes first")
    func merged() {
        let rule = Self.plan(Self.events + "when: {all: [a, b], within: 10s}")
        let (a, b) = ([(0, "alpha"), (30, "alpha")], [(15, "beta"), (38, "beta")])
        #expect(Self.times(rule, [Self.log(a), Self.log(b)]) == [38])
        #expect(Self.times(rule, [Self.log(b), Self.log(a)]) == [38])
        #expect(Self.times(rule, [Self.log((a + b).sorted { $0.0 < $1.0 })]) == [38])
    }
}
