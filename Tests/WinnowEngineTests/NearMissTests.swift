import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Near misses")
struct NearMissTests {
    private static let second = OperatorFixture.second

    /// Every operator but those that end with a silence, at random.
    private static func when(_ random: inout SplitMix, within: Int) -> When {
        let within = Int64(within) * second
        let count = Int.random(in: 1...4, using: &random)
        switch random.next() % 6 {
        case 0: return .count(of: 0, gte: count, within: within)
        case 1: return .distinct(of: 0, gte: count, within: within)
        case 2:
            let functions = Statistic.Function.allCases
            let relations = Statistic.Relation.allCases
            return .stat(
                of: 0,
                Statistic(
                    function: functions[Int(random.next() % UInt64(functions.count))],
                    relation: relations[Int(random.next() % 4)],
                    bound: Double.random(in: 0...9, using: &random),
                    points: Int.random(in: 1...3, using: &random),
                    derivation: derivation(&random)), within: within)
        case 3: return .all(of: [0, 1, 2], within: within)
        case 4:
            let silence = SequenceStep.Silence(
                event: 2, nanoseconds: second * Int64.random(in: 1...10, using: &random))
            return .sequence(
                [
                    SequenceStep(
                        event: 0, atLeast: min(count, 3),
                        silence: random.next() % 2 == 0 ? silence : nil),
                    SequenceStep(event: 1, atLeast: 1),
                ], within: within)
        default:
            return .trend(
                Trend(
                    event: 0, reset: random.next() % 2 == 0 ? 1 : nil, relation: .gte,
                    slope: 0.05, unit: .s, points: 6,
                    limit: random.next() % 2 == 0
                        ? Trend.Limit(reach: 20, nanoseconds: 60 * second) : nil,
                    derivation: derivation(&random)), within: within)
        }
    }

    /// Half of the numbers take two records.
    private static func derivation(_ random: inout SplitMix) -> Derivation? {
        switch random.next() % 6 {
        case 0: .since(0)
        case 1: .since(1)
        case 2: .delta
        default: nil
        }
    }

    @Test("Reached is said exactly where the engine's window is full, in 6,000 random series")
    func reached() {
        var differing: [Int] = []
        var reached = 0
        for seed in 0..<6000 {
            var random = SplitMix(state: UInt64(seed))
            let within = Int.random(in: 1...60, using: &random)
            let when = Self.when(&random, within: within)
            let records = OperatorFixture.series(&random, kind: 0, events: 3, values: 8)
                .filter {
                    when.uses(
                        event: $0.event, value: $0.value, number: $0.value.flatMap(Double.init))
                }
            guard !records.isEmpty else { continue }
            let fires = !OperatorFixture.edges(records, within: within, measure: when.measure)
                .isEmpty
            let miss = NearMiss(
                key: [], records: records.map(\.entry), of: when,
                in: Scene(events: ["a", "b", "c"], field: "f", end: nil))
            if miss?.isReached ?? false != fires { differing.append(seed) }
            if fires { reached += 1 }
        }
        #expect(differing == [])
        // A series that never or always fires would show nothing.
        #expect((1000...5000).contains(reached))
    }

    @Test(
        "A join is told, or not, as the engine has it",
        arguments: [
            ([(0, "up"), (5, "died")], "1 died, that at log:2 joined with up", true),
            ([(5, "died")], "1 died, that at log:1 joined with nothing", true),
            ([(0, "full"), (5, "died")], "1 died, each with full around it", false),
            ([(0, "full"), (5, "died"), (20, "died")], "2 died, that at log:3 joined with", true),
            ([(0, "up")], "no died", false),
        ])
    func join(lines: [(Int, String)], words: String, isReached: Bool) throws {
        let (miss, findings) = try miss(
            "join: {of: died, with: [up], without: [full]}, within: 1m", lines)
        #expect(miss.words.contains(words), "\(miss.words)")
        #expect(miss.isReached == isReached)
        #expect((findings > 0) == isReached)
    }

    // MARK: - Silences, through the engine

    private func miss(_ when: String, _ lines: [(Int, String)]) throws -> (NearMiss, Int) {
        let plan = EventRuleTests.plan(
            """
            events:
              died: {message|contains: died}
              up: {message|contains: up}
              full: {message|contains: full}
            when: {\(when)}
            """)
        let source = EventRuleTests.log(lines)
        let explanation = RuleExplanation(
            plan: plan, rule: 0, sources: [source], decoders: EngineFixture.decoders(),
            options: RunOptions(), limit: 1, isRereadable: true)
        let found = EngineFixture.findings([EventRuleTests.log(lines)], plan: plan).ndjson
        let first = try #require(explanation.nearMisses.first)
        return (first, found.split(separator: "\n").count)
    }

    @Test(
        "A silence is kept, broken or open, as the engine has it",
        arguments: [
            (
                [(0, "died"), (60, "up")],
                "no up for 1m after log:1 was broken by log:2 at its last"
            ),
            ([(0, "died"), (40, "up")], "was broken by log:2 20s too early"),
            ([(0, "died"), (61, "up")], "no up for 1m after log:1"),
            ([(0, "died"), (60, "died")], "is open: the inputs end with it"),
            ([(0, "died"), (30, "x")], "is open: the inputs end 30s before it does"),
            ([(0, "up"), (0, "died"), (0, "up"), (61, "x")], "no up for 1m after log:2"),
        ])
    func silence(lines: [(Int, String)], words: String) throws {
        let (miss, findings) = try miss(
            "sequence: [died, {not: up, for: 60s}], within: 5m", lines)
        #expect(miss.words.contains(words), "\(miss.words)")
        #expect(miss.isReached == (findings > 0))
    }

    @Test("Reached is said exactly where a silence makes a finding, in 400 random logs")
    func silences() throws {
        for seed in 0..<400 {
            var random = SplitMix(state: UInt64(seed))
            var time = 0
            let lines = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                time += Int.random(in: 0...40, using: &random)
                return (time, ["died", "up", "x"][Int(random.next() % 3)])
            }
            guard lines.contains(where: { $0.1 == "died" }) else { continue }
            let (miss, findings) = try miss(
                "sequence: [{died: {gte: 2}}, {not: up, for: 45s}], within: 60s",
                lines)
            #expect(miss.isReached == (findings > 0), "seed \(seed): \(miss.words)")
        }
    }
}
