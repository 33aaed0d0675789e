import WinnowKit
import WinnowRules

@testable import WinnowEngine

/// Series of records for the operators of `when`, and what a slow and plain reading of their
/// semantics says about them.
enum OperatorFixture {
    static let second: Int64 = 1_000_000_000

    /// A record in seconds.
    struct Record {
        var second: Int
        var event = 0
        var value: String?

        var entry: Window.Entry {
            let time = Timestamp(seconds: Int64(second))
            return Window.Entry(
                time: time, event: event, value: value, number: value.flatMap { Double($0) },
                evidence: Evidence(
                    input: "i", line: 1, offset: 0, length: 1, recordID: nil, time: time, text: ""),
                digest: [])
        }
    }

    /// A statistic by its definition; nil where it has none.
    static func statistic(_ function: Statistic.Function, _ values: [Double]) -> Double? {
        let sorted = values.sorted()
        let sum = values.reduce(0, +)
        let mean = sum / Double(values.count)
        switch function {
        case .avg: return mean
        case .sum: return sum
        case .min: return sorted[0]
        case .max: return sorted[sorted.count - 1]
        case .p95: return sorted[(sorted.count * 95 + 99) / 100 - 1]
        case .cv:
            let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            return mean > 0 ? (squares / Double(values.count)).squareRoot() / mean : nil
        case .peak:
            let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            return median > 0 ? sorted[sorted.count - 1] / median : nil
        }
    }

    /// The signal of a record for a correlator.
    static func signal(_ record: Record, at index: Int) -> Signal {
        let time = Timestamp(seconds: Int64(record.second))
        return Signal(
            rule: 0, event: record.event, time: time, clock: time,
            awaitsTime: false, countsAsMatched: true, source: 0, position: index,
            place: Place(segment: 0, offset: 0, line: 0, isAbsolute: true), length: 1,
            text: "", message: "", digest: [], key: [], captures: [], variables: [:])
    }

    /// Where the operator's condition becomes true: the positions of the records that do it.
    static func edges(
        _ records: [Record], within: Int, measure: some Measure, lateness: Int = 30
    ) -> [Int] {
        var window = Window()
        return records.indices.filter { index in
            let change = window.add(
                records[index].entry, within: Int64(within) * second, measure: measure,
                lateness: Int64(lateness) * second)
            return change.window != nil && !change.wasTrue
        }
    }

    /// The same by counting everything anew at each record; windows are kept for ever.
    static func naive(
        _ records: [Record], within: Int, holds: ([Record]) -> Bool
    ) -> [Int] {
        var completed: [Bool] = []
        return records.indices.filter { index in
            /// Positions, in the order of coming, of the first window around the record that holds.
            func window(upTo last: Int) -> [Int]? {
                let time = records[index].second
                let seen = 0..<last
                let later = seen.map { records[$0].second }.filter {
                    $0 > time && $0 < time + within
                }
                for end in [time] + Set(later).sorted() {
                    let members = seen.filter {
                        records[$0].second <= end && records[$0].second > end - within
                    }
                    let ordered = members.sorted {
                        (records[$0].second, $0) < (records[$1].second, $1)
                    }
                    if !members.isEmpty, holds(ordered.map { records[$0] }) { return members }
                }
                return nil
            }
            let before = window(upTo: index)
            let wasTrue = before.map { completed[$0.max() ?? 0] } ?? false
            let after = window(upTo: index + 1)
            completed.append(after != nil)
            return after != nil && !wasTrue
        }
    }

    /// A random series; every third is in order, every third newest first, every third neither.
    static func series(
        _ random: inout SplitMix, kind: Int, events: Int = 1, values: Int = 6
    ) -> [Record] {
        var time = 1000
        var records = (0..<Int.random(in: 1...24, using: &random)).map { _ in
            time += Int.random(in: 0...9, using: &random)
            return Record(
                second: time, event: Int.random(in: 0..<events, using: &random),
                value: String(Int.random(in: 0..<values, using: &random)))
        }
        switch kind % 3 {
        case 1: records.reverse()
        case 2:
            for index in records.indices.dropFirst() where random.next() % 4 == 0 {
                records.swapAt(index, index - 1)
            }
        default: break
        }
        return records
    }

    /// Compares an operator with its reference on many series; gives the seeds that differ.
    static func differences(
        cases: Int = 10_000, events: Int = 1, values: Int = 6, onlyInOrder: Bool = false,
        rise: Int = 0,
        _ operation: (inout SplitMix) -> (measure: any Measure, holds: ([Record]) -> Bool)
    ) -> [Int] {
        (0..<cases).filter { seed in
            var random = SplitMix(state: UInt64(seed))
            let (measure, holds) = operation(&random)
            let within = Int.random(in: 1...40, using: &random)
            var records = series(
                &random, kind: onlyInOrder ? 0 : seed, events: events, values: values)
            for index in records.indices where rise != 0 {
                let noise = records[index].value.flatMap { Int($0) } ?? 0
                records[index].value = String(noise + (records[index].second - 1000) * rise)
            }
            // Windows are kept for ever in the reference.
            return edges(records, within: within, measure: measure, lateness: 1_000_000)
                != naive(records, within: within, holds: holds)
        }
    }
}
