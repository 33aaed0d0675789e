import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Keys beyond what is kept")
struct EvictionTests {
    private static let limit = Correlator.maxKeys

    private func run(_ rule: String, _ lines: [(Int, String)]) -> (String, RuleReport) {
        let found = EngineFixture.findings(
            [EventRuleTests.log(lines)], plan: EventRuleTests.plan(rule))
        return (found.ndjson, found.report.rules[0])
    }

    private static let count = """
        match: {message|re: 'user=(?<user>\\w+)'}
        when: {count: {gte: 2}, within: 1h, by: [user]}
        """

    @Test("A key that was dropped counts from one again; one that was kept does not; both are told")
    func count() {
        let first = (0..<Self.limit).map { (0, "user=u\($0)") }
        let again = [(1, "user=new"), (2, "user=u0"), (3, "user=u\(Self.limit - 1)")]
        let (found, report) = run(Self.count, first + again)
        #expect(
            found.matches(of: #/"key":{"user":"(\w+)"}/#).map { String($0.1) }
                == ["u\(Self.limit - 1)"])
        #expect(report.evictedKeys > Self.limit / 20)
        #expect(report.evictedKeys <= Self.limit / 5)
    }

    @Test("Fewer keys than the limit lose none")
    func fits() {
        let lines = [0, 1].flatMap { second in
            (0..<1000).map { (second, "user=u\($0)") }
        }
        let (found, report) = run(Self.count, lines)
        #expect(found.split(separator: "\n").count == 1000)
        #expect(report.evictedKeys == 0)
    }

    @Test("A silence that was waited for goes with its key and is counted")
    func silences() {
        let rule = """
            match: {message|re: 'user=(?<user>\\w+)'}
            when: {absent: {for: 10m}, by: [user]}
            """
        let lines = (0...Self.limit).map { (0, "user=u\($0)") } + [(1000, "end")]
        let (found, report) = run(rule, lines)
        let silent = found.split(separator: "\n").count
        #expect(report.evictedKeys > 0)
        #expect(silent + report.evictedKeys == Self.limit + 1)
    }

    @Test("Deaths that were open go with their key and are counted")
    func joins() {
        let rule = """
            events: {died: {message|re: 'user=(?<user>\\w+) died'}, crash: {message|re: 'user=(?<user>\\w+) panic'}}
            when: {join: {of: died, with: [crash]}, within: 1h, by: [user]}
            """
        let lines = (0...Self.limit).map { (0, "user=u\($0) died") }
        let (found, report) = run(rule, lines)
        #expect(report.evictedKeys > 0)
        #expect(found.split(separator: "\n").count + report.evictedKeys == Self.limit + 1)
    }

    @Test("Long keys of many rules stay within the memory for windows")
    func memory() {
        let long = String(repeating: "x", count: 1500)
        let plan = EventRuleTests.plan(
            "match: {message|re: 'user=(?<user>\\w+)'}\nwhen: {count: {gte: 2}, within: 1h, by: [user]}"
        )
        let correlator = Correlator(plan: plan)
        for i in 0..<30_000 {
            var signal = OperatorFixture.signal(.init(second: i), at: i)
            signal.key = ["\(i)" + long]
            _ = correlator.take(signal, evidence: OperatorFixture.Record(second: i).entry.evidence)
        }
        #expect(correlator.heldBytes <= Correlator.maxBytes)
        #expect(correlator.heldBytes > 0)
        #expect(correlator.tallies[0].evictedKeys > 15_000)
    }
}
