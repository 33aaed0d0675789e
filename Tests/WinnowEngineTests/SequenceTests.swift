import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Sequences and absences")
struct SequenceTests {
    static let second = OperatorFixture.second
    static let events = EventRuleTests.events

    private func times(_ when: String, _ lines: [(Int, String)]) -> [Int] {
        EventRuleTests.times(Self.events + "when: {\(when)}", lines)
    }

    @Test("A sequence fires at the record that completes it, and not in the other order")
    func order() {
        #expect(times("sequence: [a, b], within: 10s", [(0, "alpha"), (5, "beta")]) == [5])
        #expect(times("sequence: [a, b], within: 10s", [(0, "beta"), (5, "alpha")]) == [])
    }

    @Test("A first step exactly `within` before the last record is outside")
    func edge() {
        #expect(times("sequence: [a, b], within: 10s", [(0, "alpha"), (10, "beta")]) == [])
        #expect(times("sequence: [a, b], within: 10s", [(1, "alpha"), (10, "beta")]) == [10])
    }

    @Test("Equal times follow each other in the order of their places")
    func equalTimes() {
        #expect(times("sequence: [a, b], within: 10s", [(3, "alpha"), (3, "beta")]) == [3])
        #expect(times("sequence: [a, b], within: 10s", [(3, "beta"), (3, "alpha")]) == [])
    }

    @Test("A sequence fires anew when it has fallen apart")
    func rearms() {
        let lines = [(0, "alpha"), (1, "beta"), (2, "beta"), (30, "alpha"), (31, "beta")]
        #expect(times("sequence: [a, b], within: 10s", lines) == [1, 31])
    }

    @Test(
        "A silence between steps is broken up to its last moment, and the next step comes after it")
    func silenceBetween() {
        let when = "sequence: [a, {not: b, for: 5s}, a], within: 1m"
        #expect(times(when, [(0, "alpha"), (6, "alpha")]) == [6])
        #expect(times(when, [(0, "alpha"), (5, "beta"), (6, "alpha")]) == [])
        #expect(times(when, [(0, "alpha"), (5, "alpha")]) == [])
    }

    @Test("A silence at the end fires at its end, when a later record of any kind has passed it")
    func silenceAtEnd() {
        let when = "sequence: [{a: {gte: 2}}, {not: b, for: 20s}], within: 10s"
        let crashes = [(0, "alpha"), (5, "alpha")]
        #expect(times(when, crashes) == [])
        #expect(times(when, crashes + [(25, "other")]) == [])
        #expect(times(when, crashes + [(26, "other")]) == [25])
        #expect(times(when, crashes + [(25, "beta"), (50, "other")]) == [])
        #expect(times(when, crashes + [(26, "beta"), (50, "other")]) == [25])
    }

    @Test("At the end of a batch a silence is carried; a final one ends it")
    func final() {
        let plan = EventRuleTests.plan(
            Self.events + "when: {sequence: [a, {not: b, for: 20s}], within: 10s}")
        let log = EventRuleTests.log([(0, "alpha"), (5, "other")])
        #expect(EngineFixture.findings([log], plan: plan).report.totals.findings == 0)
        #expect(
            EngineFixture.findings([log], plan: plan) { $0.isFinal = true }.report.totals.findings
                == 1)
    }

    @Test("An absence fires once a gap, in order and newest first")
    func absent() {
        let lines = [0, 10, 40, 50, 90, 95].map { ($0, "alpha") }
        let rule = Self.events + "when: {absent: {of: a, for: 20s}}"
        #expect(EventRuleTests.times(rule, lines) == [30, 70])
        #expect(EventRuleTests.times(rule, lines.reversed()).sorted() == [30, 70])
    }

    @Test("A clock that goes back for good, and a line of years to come, end no later silence")
    func clockJumps() {
        let rule = Self.events + "when: {absent: {of: a, for: 20s}}"
        let before = stride(from: 1000, to: 1100, by: 10).map { ($0, "alpha") }
        let after = stride(from: 500, to: 1200, by: 10).map { ($0, "alpha") }
        #expect(EventRuleTests.times(rule, before + after) == [])
        // Only the silence that was open when it came.
        let ahead = [(0, "alpha"), (500_000_000, "other")]
        let beats = [10, 20, 30, 40].map { ($0, "alpha") }
        #expect(EventRuleTests.times(rule, ahead + beats) == [20])
    }

    @Test("An absence ends exactly at its end")
    func absentEdge() {
        #expect(times("absent: {of: a, for: 20s}", [(0, "alpha"), (20, "alpha"), (21, "x")]) == [])
        #expect(times("absent: {of: a, for: 20s}", [(0, "alpha"), (21, "alpha")]) == [20])
    }

    @Test("Inputs of a pair break each other's silences, whichever comes first")
    func merged() {
        let plan = EventRuleTests.plan(
            Self.events + "when: {sequence: [a, {not: b, for: 20s}], within: 10s}")
        let crashes = EventRuleTests.log([(0, "alpha"), (100, "alpha"), (200, "other")])
        let starts = EventRuleTests.log([(10, "beta")])
        #expect(EventRuleTests.times(plan, [crashes, starts]) == [120])
        #expect(EventRuleTests.times(plan, [starts, crashes]) == [120])
    }

    @Test("A sequence agrees with its reference on 10,000 random series")
    func sequenceProperty() {
        #expect(
            OperatorFixture.differences(events: 3) { random in
                let steps = Self.steps(&random, last: nil)
                return (SequenceMeasure(steps), { Self.holds(steps[...], $0[...], after: nil) })
            } == [])
    }

    private static func steps(
        _ random: inout SplitMix, last: SequenceStep.Silence?
    ) -> [SequenceStep] {
        let count = Int.random(in: 1...3, using: &random)
        return (1...count).map { number in
            let silence = SequenceStep.Silence(
                event: Int.random(in: 0..<3, using: &random),
                nanoseconds: Int64.random(in: 1...8, using: &random) * second)
            return SequenceStep(
                event: Int.random(in: 0..<3, using: &random),
                atLeast: Int.random(in: 1...2, using: &random),
                silence: number == count ? last : random.next() % 3 == 0 ? silence : nil)
        }
    }

    /// Every way to choose the records is tried.
    private static func holds(
        _ steps: ArraySlice<SequenceStep>, _ records: ArraySlice<OperatorFixture.Record>,
        after: Int?
    ) -> Bool {
        guard let step = steps.first else { return true }
        let places = records.indices.filter {
            records[$0].event == step.event && records[$0].second > after ?? .min
        }
        return places.dropFirst(step.atLeast - 1).contains { place in
            var next: Int?
            if steps.count > 1, let silence = step.silence {
                let begin = records[place].second
                let end = begin + Int(silence.nanoseconds / second)
                let isBroken = records.contains {
                    $0.event == silence.event && $0.second > begin && $0.second <= end
                }
                if isBroken { return false }
                next = end
            }
            return holds(steps.dropFirst(), records[(place + 1)...], after: next)
        }
    }

    @Test(
        "A silence at the end agrees with its reference on 10,000 random series, however often time is told"
    )
    func silenceProperty() throws {
        for seed in 0..<10_000 {
            var random = SplitMix(state: UInt64(seed))
            let atLeast = Int.random(in: 1...3, using: &random)
            let within = Int.random(in: 1...40, using: &random)
            let span = Int.random(in: 1...20, using: &random)
            let breaker = Int.random(in: 0...1, using: &random)
            let records = OperatorFixture.series(&random, kind: 0, events: 3)
            let silence = SequenceStep.Silence(
                event: breaker, nanoseconds: Int64(span) * Self.second)
            let when = When.sequence(
                [SequenceStep(event: 0, atLeast: atLeast, silence: silence)],
                within: Int64(within) * Self.second)
            let expected = Self.naive(
                records, atLeast: atLeast, within: within, span: span, breaker: breaker)
            for often in [false, true] {
                let found = Self.fired(records, Self.correlator(when), often: often)
                try #require(found == expected, "seed \(seed), often \(often)")
            }
        }
    }

    private static func naive(
        _ records: [OperatorFixture.Record], atLeast: Int, within: Int, span: Int, breaker: Int
    ) -> [Int] {
        var fired: [Int] = []
        var lastFired: Int?
        for index in records.indices where records[index].event == 0 {
            let time = records[index].second
            let before = records[..<index].filter { $0.event == 0 && $0.second > time - within }
            guard before.count + 1 >= atLeast else { continue }
            let breaks = records.filter { $0.event == breaker }.map(\.second)
            if breaks.contains(where: { $0 > time && $0 <= time + span }) { continue }
            if before.count >= atLeast, let lastFired,
                !breaks.contains(where: { $0 > lastFired && $0 <= time })
            {
                continue
            }
            lastFired = time
            fired.append(time + span)
        }
        return fired
    }

    private static func correlator(_ when: When) -> Correlator {
        let plan = EventRuleTests.plan(
            "events: {a: {message: a}, b: {message: b}}\nwhen: {all: [a, b], within: 1s}")
        return Correlator(plan: plan, when: [when])
    }

    private static func fired(
        _ records: [OperatorFixture.Record], _ correlator: Correlator, often: Bool
    ) -> [Int] {
        var findings: [Finding] = []
        for (index, record) in records.enumerated() {
            let entry = record.entry
            if record.event < 2 || often { findings += correlator.advance(to: entry.time) }
            guard record.event < 2 else { continue }
            findings += correlator.take(
                OperatorFixture.signal(record, at: index), evidence: entry.evidence)
        }
        findings += correlator.advance(to: nil)
        return findings.compactMap { $0.time.map { Int($0.seconds) } }
    }
}
