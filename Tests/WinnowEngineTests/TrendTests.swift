import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Trends")
struct TrendTests {
    typealias Record = OperatorFixture.Record

    private static func trend(
        slope: Double = 1, reset: Int? = nil, points: Int = 6, span: Int64 = 0,
        limit: Trend.Limit? = nil
    ) -> Trend {
        Trend(
            event: 0, reset: reset, relation: slope > 0 ? .gte : .lte, slope: slope, unit: .min,
            points: points, span: span, limit: limit)
    }

    private func edges(_ values: [Int], _ trend: Trend, within: Int = 1000) -> [Int] {
        OperatorFixture.edges(
            values.enumerated().map { Record(second: $0.offset, value: String($0.element)) },
            within: within, measure: TrendMeasure(trend))
    }

    private func entries(_ values: [(Int, String)]) -> [Window.Entry] {
        values.map { Record(second: $0.0, value: $0.1).entry }
    }

    @Test("Six rising points are sure at 1 %, five are not")
    func significance() {
        #expect(edges([1, 2, 3, 4, 5, 6, 7], Self.trend()) == [5])
        #expect(edges([1, 2, 3, 4, 5], Self.trend(points: 5)) == [])
        #expect(edges([1, 3, 2, 5, 4, 6], Self.trend()) == [])
    }

    @Test("A slope a hair below the bound does not fire")
    func slope() {
        let values = (0..<10).map { $0 * 3 }
        #expect(edges(values, Self.trend(slope: 3)) == [5])
        #expect(edges(values, Self.trend(slope: 3.001)) == [])
        #expect(edges(values.reversed(), Self.trend(slope: -3)) == [5])
    }

    @Test("Points that cover a moment less than the span do not fire")
    func span() {
        let values = (0..<12).map { $0 * 3 }
        let second = OperatorFixture.second
        #expect(edges(values, Self.trend(span: 9 * second)) == [9])
        #expect(edges(values, Self.trend(span: 9 * second + 1)) == [10])
        // Points before a restart cover nothing.
        #expect(edges(values + [1, 2, 3, 4, 5, 6, 7], Self.trend(span: 9 * second)) == [9])
    }

    @Test("One wild value does not change the slope")
    func robust() {
        var values = (0..<20).map { $0 * 2 }
        values[10] = 100_000
        let result = TrendMeasure(Self.trend()).result(
            entries(values.enumerated().map { ($0.offset, String($0.element)) })[...])
        #expect(abs(result.slope - 2) < 0.2)
        #expect(result.isSignificant)
    }

    @Test("A restart begins anew; a saw-tooth that rises does not")
    func restart() {
        let measure = TrendMeasure(Self.trend())
        let process = [10, 20, 30, 40, 50, 60, 10, 20, 30].enumerated().map {
            ($0.offset, String($0.element))
        }
        #expect(measure.counted(entries(process)[...]).count == 3)
        let saw = [10, 60, 14, 65, 18, 70, 22, 75, 26].enumerated().map {
            ($0.offset, String($0.element))
        }
        #expect(measure.counted(entries(saw)[...]).count == 9)
    }

    @Test("After a restart the trend fires again once it is sure again")
    func restartRearms() {
        let values = [10, 20, 30, 40, 50, 60, 70, 10, 20, 30, 40, 50, 60, 70]
        #expect(edges(values, Self.trend()) == [5, 12])
    }

    @Test("A reset event begins anew")
    func reset() {
        var records = (0..<14).map { Record(second: $0, value: String($0 * 10)) }
        records[7].event = 1
        #expect(
            OperatorFixture.edges(
                records, within: 1000, measure: TrendMeasure(Self.trend(reset: 1))) == [5, 13])
    }

    @Test("A limit that is far away does not fire; the fields say how far")
    func eta() {
        let rise = (0..<10).map { $0 * 2 }
        let near = Trend.Limit(reach: 100, nanoseconds: 45 * OperatorFixture.second)
        let far = Trend.Limit(reach: 1000, nanoseconds: 45 * OperatorFixture.second)
        #expect(edges(rise, Self.trend(limit: near)) == [6])
        #expect(edges(rise, Self.trend(limit: far)) == [])
        let fields = TrendMeasure(Self.trend(limit: far)).fields(
            entries(rise.enumerated().map { ($0.offset, String($0.element)) })[...])
        let texts = fields.map { "\($0.name)=\($0.value.description)" }
        #expect(
            texts == [
                "trend.slope=120", "trend.unit=/min", "trend.points=10",
                "trend.since=1970-01-01T00:00:00Z", "trend.eta=8m11s",
            ])
    }

    @Test("More points than are compared give the same slope")
    func groups() {
        let values = (0..<1000).map { ($0, String($0 * 3 + ($0 * 7919) % 11)) }
        let result = TrendMeasure(Self.trend()).result(entries(values)[...])
        #expect(abs(result.slope - 3) < 0.05)
    }

    @Test("Huge values give no trend, and do not crash")
    func huge() {
        let values = (0..<20).map { ($0, $0 % 2 == 0 ? "1e300" : "-1e300") }
        let measure = TrendMeasure(Self.trend(limit: .init(reach: 1e300, nanoseconds: 1)))
        #expect(!measure.holds(entries(values)[...]))
        #expect(!measure.fields(entries(values)[...]).isEmpty)
    }

    @Test("A finding carries the trend, and its title can name it")
    func finding() {
        let plan = EventRuleTests.plan(
            """
            events: {mem: {message|re: 'mem (?<mb>\\d+)'}, up: {message|contains: started}}
            when: {trend: {field: mb, slope: {gte: 60/min}, points: 6, reset: up}, within: 1h}
            """)
        let lines = (0..<8).map { ($0, "mem \($0 * 2)") }
        let found = EngineFixture.findings([EventRuleTests.log(lines)], plan: plan).ndjson
        #expect(found.contains(#""trend.slope":120"#))
        #expect(found.contains(#""trend.since":"2026-01-01T10:00:00Z""#))
    }

    @Test(
        "A trend agrees with its reference on 12,000 random series in order",
        arguments: [(1, 2), (1, -1), (2, 1)])
    func property(events: Int, rise: Int) {
        var held = 0
        let differences = OperatorFixture.differences(
            cases: 4000, events: events, values: 30, onlyInOrder: true, rise: rise
        ) { random in
            let slope = Double.random(in: 0.1...2, using: &random)
            let trend = Self.trend(slope: rise > 0 ? slope : -slope, reset: 1)
            return (
                TrendMeasure(trend),
                { records in
                    let holds = Self.holds(trend, records)
                    if holds { held += 1 }
                    return holds
                }
            )
        }
        #expect(differences == [])
        #expect(held > 10)
    }

    /// The definition, without regard to cost.
    private static func holds(_ trend: Trend, _ records: [Record]) -> Bool {
        var points: [(x: Double, y: Double)] = []
        for record in records {
            guard record.event == 0, let value = record.value.flatMap({ Double($0) }) else {
                points = []
                continue
            }
            let lately = points.suffix(5).map(\.y).sorted()
            if trend.slope > 0, points.count >= 3, value < lately[lately.count / 2] / 2,
                value <= (points.map(\.y).min() ?? 0) * 1.1
            {
                points = []
            }
            points.append((Double(record.second), value))
        }
        guard points.count >= trend.points else { return false }
        var slopes: [Double] = []
        var score = 0
        for j in points.indices {
            for i in 0..<j {
                if points[j].y != points[i].y { score += points[j].y > points[i].y ? 1 : -1 }
                if points[j].x != points[i].x {
                    slopes.append((points[j].y - points[i].y) / (points[j].x - points[i].x))
                }
            }
        }
        slopes.sort()
        guard !slopes.isEmpty else { return false }
        let slope = (slopes[(slopes.count - 1) / 2] + slopes[slopes.count / 2]) / 2
        let n = Double(points.count)
        let ties = Dictionary(grouping: points.map(\.y)) { $0 }.values.map { Double($0.count) }
        let variance =
            (n * (n - 1) * (2 * n + 5)
                - ties.map { $0 * ($0 - 1) * (2 * $0 + 5) }.reduce(0, +)) / 18
        guard score != 0, variance > 0 else { return false }
        let z = (Double(abs(score)) - 1) / variance.squareRoot()
        return z >= 2.5758293035489 && trend.relation.holds(slope, trend.slope)
    }
}
