import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Numbers that take two records")
struct DerivedTests {
    typealias Record = OperatorFixture.Record

    private static let events =
        "events: {started: {message|contains: start}, died: {message|contains: died}}\n"

    private func times(_ when: String, _ lines: [(Int, String)]) -> [Int] {
        EventRuleTests.times(Self.events + "when: " + when, lines)
    }

    @Test("Three short runs in a row, measured from start to death")
    func shortRuns() {
        let rule =
            "{stat: {of: died, field: {since: started}, fn: max, lt: 60, points: 3}, within: 10m}"
        let runs = [0, 70, 140].flatMap { [($0, "start"), ($0 + 59, "died")] }
        #expect(times(rule, runs) == [199])
        let long = [0, 70, 140].flatMap { [($0, "start"), ($0 + 60, "died")] }
        #expect(times(rule, long) == [])
        // A death without a start in the window has no length.
        #expect(times(rule, [(0, "died")] + runs.dropFirst()) == [])
    }

    @Test("Deaths at even intervals have a small coefficient of variation")
    func periodic() {
        let rule =
            "{stat: {of: died, field: {since: died}, fn: cv, lt: 0.2, points: 3}, within: 1h}"
        let even = [0, 300, 610, 900].map { ($0, "died") }
        let uneven = [0, 100, 700, 900].map { ($0, "died") }
        func find(_ lines: [(Int, String)]) -> [Int] {
            EventRuleTests.times("match: {message|contains: died}\nwhen: " + rule, lines)
        }
        #expect(
            EventRuleTests.times(
                "events: {died: {message|contains: died}}\nwhen: " + rule, even) == [900])
        #expect(
            EventRuleTests.times(
                "events: {died: {message|contains: died}}\nwhen: " + rule, uneven) == [])
    }

    @Test("A gap is many times the usual step of a number")
    func peak() {
        let rule = """
            match: {message|re: 'at (?<ms>\\d+)'}
            when: {stat: {field: {delta: ms}, fn: peak, gte: 3, points: 4}, within: 1h}
            """
        func lines(_ values: [Int]) -> [(Int, String)] {
            values.enumerated().map { ($0.offset, "at \($0.element)") }
        }
        #expect(EventRuleTests.times(rule, lines([0, 100, 200, 300, 600])) == [4])
        #expect(EventRuleTests.times(rule, lines([0, 100, 200, 300, 599])) == [])
        #expect(EventRuleTests.times(rule, lines([0, 100, 200, 600])) == [])
    }

    @Test("A trend of run times that shrink")
    func shrinking() {
        let rule = """
            {trend: {of: died, field: {since: started}, slope: {lte: -1/min}, points: 6}, within: 1h}
            """
        var time = 0
        let runs = [500, 400, 320, 250, 190, 140].flatMap { length in
            defer { time += length + 10 }
            return [(time, "start"), (time + length, "died")]
        }
        #expect(times(rule, runs) == [time - 10])
        #expect(times(rule, Array(runs.dropLast(2))) == [])
    }

    @Test("A statistic says its value")
    func value() {
        let plan = EventRuleTests.plan(
            Self.events
                + "when: {stat: {of: died, field: {since: started}, fn: avg, gte: 5}, within: 1h}")
        let found = EngineFixture.findings(
            [EventRuleTests.log([(0, "start"), (7, "died")])], plan: plan)
        #expect(found.ndjson.contains(#""stat.value":7,"stat.points":1"#))
    }

    @Test("Times since an event agree with their reference on 10,000 random series")
    func property() {
        let functions: [Statistic.Function] = [.avg, .max, .min, .cv, .peak]
        #expect(
            OperatorFixture.differences(events: 2) { random in
                let function = functions[Int(random.next() % 5)]
                let bound =
                    function == .cv || function == .peak
                    ? Double.random(in: 0.2...2, using: &random)
                    : Double(Int.random(in: 1...9, using: &random))
                let points = Int.random(in: 1...4, using: &random)
                let other = Int.random(in: 0...1, using: &random)
                let statistic = Statistic(
                    function: function, relation: .gte, bound: bound, points: points)
                let measure = DerivedMeasure(
                    event: 0, derivation: .since(other), base: StatisticMeasure(statistic))
                return (
                    measure,
                    { records in
                        let lengths = records.indices.compactMap { index -> Double? in
                            guard records[index].event == 0 else { return nil }
                            return records[..<index].last { $0.event == other }.map {
                                Double(records[index].second - $0.second)
                            }
                        }
                        guard lengths.count >= points else { return false }
                        return OperatorFixture.statistic(function, lengths).map { $0 >= bound }
                            ?? false
                    }
                )
            } == [])
    }
}
