import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("The window of a count")
struct WindowTests {
    private static let second: Int64 = 1_000_000_000

    /// Adds records at the given seconds; tells for each whether it completed a window anew.
    private func edges(
        _ seconds: [Int], within: Int, atLeast: Int, lateness: Int = 30
    ) -> [Bool] {
        var window = Window()
        return seconds.map { second in
            let change = window.add(
                entry(second), within: Int64(within) * Self.second,
                measure: Count(atLeast: atLeast),
                lateness: Int64(lateness) * Self.second)
            return change.window != nil && !change.wasTrue
        }
    }

    private func entry(_ second: Int) -> Window.Entry {
        let time = Timestamp(seconds: Int64(second))
        return Window.Entry(
            time: time,
            evidence: Evidence(
                input: "i", line: 1, offset: 0, length: 1, recordID: nil, time: time, text: ""),
            digest: [])
    }

    @Test("The record that makes the count true fires, not one before or after it")
    func firesOnce() {
        let edges = edges([0, 1, 2, 3, 4], within: 60, atLeast: 3)
        #expect(edges == [false, false, true, false, false])
    }

    @Test("A record exactly `within` before the last one is outside the window")
    func halfOpen() {
        #expect(edges([0, 30, 60], within: 60, atLeast: 3).last == false)
        #expect(edges([1, 30, 60], within: 60, atLeast: 3).last == true)
    }

    @Test("Equal times count one by one")
    func equalTimes() {
        #expect(edges([5, 5, 5], within: 1, atLeast: 3) == [false, false, true])
    }

    @Test("After the condition fell false the next burst fires again")
    func rearms() {
        let seconds = [0, 1, 2, 100, 101, 102]
        #expect(edges(seconds, within: 10, atLeast: 3).filter { $0 }.count == 2)
    }

    @Test("Newest first finds the same bursts as oldest first")
    func newestFirst() {
        let seconds = [0, 1, 2, 500, 700, 701, 702, 703, 9000]
        for order in [seconds, seconds.reversed()] {
            #expect(edges(order, within: 60, atLeast: 3).filter { $0 }.count == 2)
        }
    }

    @Test("A late record completes the window that it belongs to")
    func lateRecord() {
        #expect(edges([0, 20, 45, 10], within: 30, atLeast: 3) == [false, false, false, true])
    }

    @Test("A record later than lateness allows is told to be late")
    func tooLate() {
        var window = Window()
        let within = 60 * Self.second
        for second in [1000, 2000] {
            _ = window.add(
                entry(second), within: within, measure: Count(atLeast: 3),
                lateness: 30 * Self.second)
        }
        let change = window.add(
            entry(1000), within: within, measure: Count(atLeast: 3),
            lateness: 30 * Self.second)
        #expect(change.isLate)
        #expect(change.window == nil)
    }

    @Test("A window never holds more than its cap, and says what it dropped")
    func cap() {
        var window = Window()
        for _ in 0..<Window.maxEntries + 10 {
            _ = window.add(
                entry(1), within: Self.second, measure: Count(atLeast: 3),
                lateness: 0)
        }
        #expect(window.entries.count == Window.maxEntries)
        #expect(window.evicted == 10)
    }

    @Test("In-order random series agree with counting every window anew", arguments: 1...200)
    func agreesWithNaive(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let within = Int(random.next() % 40) + 1
        let atLeast = Int(random.next() % 5) + 2
        var time = 0
        let seconds = (0..<120).map { _ in
            time += Int(random.next() % 12)
            return time
        }
        let expected = seconds.indices.map { i in
            let before = seconds[..<i].filter { $0 > seconds[i] - within }.count
            return before + 1 >= atLeast && before < atLeast
        }
        #expect(edges(seconds, within: within, atLeast: atLeast) == expected)
    }
}

/// A small generator with a seed, so that a failing case can be named.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
