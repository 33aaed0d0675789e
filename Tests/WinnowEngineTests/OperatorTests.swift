import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Operators on one window")
struct OperatorTests {
    typealias Record = OperatorFixture.Record

    private func edges(
        _ values: [(Int, Int)], within: Int, _ measure: some Measure
    ) -> [Int] {
        OperatorFixture.edges(
            values.map { Record(second: $0.0, value: String($0.1)) }, within: within,
            measure: measure)
    }

    @Test("A value that comes twice is one distinct value")
    func distinct() {
        let values = [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3)]
        #expect(edges(values, within: 60, Distinct(atLeast: 3)) == [4])
    }

    @Test("A distinct value exactly `within` ago is outside the window")
    func distinctEdge() {
        #expect(edges([(0, 1), (30, 2), (60, 3)], within: 60, Distinct(atLeast: 3)) == [])
        #expect(edges([(1, 1), (30, 2), (60, 3)], within: 60, Distinct(atLeast: 3)) == [2])
    }

    @Test("After the values left the window the same ones fire again")
    func distinctRearms() {
        let values = [(0, 1), (1, 2), (100, 1), (101, 2)]
        #expect(edges(values, within: 10, Distinct(atLeast: 2)) == [1, 3])
    }

    @Test("A mean fires where it crosses its bound, and again after it fell")
    func mean() {
        let statistic = Statistic(function: .avg, relation: .gte, bound: 50)
        let values = [(0, 10), (1, 100), (2, 90), (3, 0), (4, 0), (20, 60), (21, 60)]
        #expect(edges(values, within: 10, StatisticMeasure(statistic)) == [1, 5])
    }

    @Test("A mean that comes to hold because a record left fires at the next record")
    func meanByExpiry() {
        let statistic = Statistic(function: .avg, relation: .gte, bound: 60)
        #expect(
            edges([(0, 0), (5, 100), (11, 100)], within: 10, StatisticMeasure(statistic)) == [2])
    }

    @Test("The nearest-rank p95 of 20 values is the 19th, of 19 the last")
    func percentile() {
        let statistic = Statistic(function: .p95, relation: .gte, bound: 9)
        let calm = (0..<19).map { ($0, 1) }
        #expect(edges(calm + [(19, 9)], within: 60, StatisticMeasure(statistic)) == [])
        #expect(
            edges(calm.dropLast() + [(18, 9)], within: 60, StatisticMeasure(statistic)) == [18])
    }

    @Test("Removing a huge value leaves the sum of the others")
    func sumAfterHuge() {
        var measure = StatisticMeasure(Statistic(function: .sum, relation: .gte, bound: 3))
        let entries = ["1", "1e16", "2"].map { Record(second: 1, value: $0).entry }
        for entry in entries { measure.add(entry) }
        measure.remove(entries[1])
        #expect(measure.holds(entries[...]))
    }

    @Test("All events fire at the last of them, in any order, inside one window")
    func all() {
        let order = [(0, 2), (10, 0), (59, 1)].map { Record(second: $0.0, event: $0.1) }
        #expect(OperatorFixture.edges(order, within: 60, measure: AllEvents([0, 1, 2])) == [2])
        #expect(OperatorFixture.edges(order, within: 59, measure: AllEvents([0, 1, 2])) == [])
    }

    @Test("A count agrees with its reference on 10,000 random series")
    func countProperty() {
        #expect(
            OperatorFixture.differences { random in
                let atLeast = Int.random(in: 1...5, using: &random)
                return (Count(atLeast: atLeast), { $0.count >= atLeast })
            } == [])
    }

    @Test("A distinct agrees with its reference on 10,000 random series")
    func distinctProperty() {
        #expect(
            OperatorFixture.differences { random in
                let atLeast = Int.random(in: 1...4, using: &random)
                return (Distinct(atLeast: atLeast), { Set($0.map(\.value)).count >= atLeast })
            } == [])
    }

    @Test("All agrees with its reference on 10,000 random series")
    func allProperty() {
        #expect(
            OperatorFixture.differences(events: 3) { _ in
                (AllEvents([0, 1, 2]), { Set($0.map(\.event)).count == 3 })
            } == [])
    }

    @Test(
        "A statistic agrees with its reference on 17,500 random series",
        arguments: Statistic.Function.allCases)
    func statisticProperty(function: Statistic.Function) {
        #expect(
            OperatorFixture.differences(cases: 2500, values: 20) { random in
                let statistic = Statistic(
                    function: function,
                    relation: Statistic.Relation.allCases.randomElement(using: &random) ?? .gte,
                    bound: Double.random(in: 0...24, using: &random).rounded())
                return (
                    StatisticMeasure(statistic),
                    { records in
                        let values = records.compactMap { $0.value.flatMap { Double($0) } }
                        return OperatorFixture.statistic(function, values).map {
                            statistic.relation.holds($0, statistic.bound)
                        } ?? false
                    }
                )
            } == [])
    }
}
