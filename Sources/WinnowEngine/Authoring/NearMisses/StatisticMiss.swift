import WinnowKit
import WinnowRules

/// `stat`: avg 71.2 of 3 values in 5m, needs at least 75.
struct StatisticMiss {
    let when: When
    let statistic: Statistic

    /// Most windows of a key whose value is computed; of more, so many that lie evenly between the
    /// first and the last. Whether one holds is asked of all.
    private static let maxWindows = 2000

    private struct Look {
        var from: Timestamp
        var count: Int
        var value: Double?
        var holds: Bool
    }

    /// - Parameter records: Ascending by time.
    func verdict(_ records: [Window.Entry], _ within: Int64) -> NearMiss.Verdict? {
        var measure = when.measure
        let step = max(1, records.count / Self.maxWindows)
        var start = 0
        var best: Look?
        for end in records.indices {
            measure.add(records[end])
            // The engine keeps no more of a key.
            while records[start].time.nanoseconds(to: records[end].time) >= within
                || end - start >= measure.capacity
            {
                measure.remove(records[start])
                start += 1
            }
            let window = records[start...end]
            let holds = measure.holds(window)
            guard holds || end % step == 0 || end == records.count - 1 else { continue }
            let numbers = measure.counted(window).compactMap(\.number)
            let look = Look(
                from: records[start].time, count: numbers.count,
                value: StatisticMeasure.value(statistic.function, numbers), holds: holds)
            if best.map({ isNearer(look, than: $0) }) ?? true { best = look }
            if holds { break }
        }
        guard let best else { return nil }
        let gap = best.value.map { abs($0 - statistic.bound) } ?? .infinity
        return NearMiss.Verdict(
            rank: NearMiss.Rank(kind: best.holds ? .reached : .short, gap: gap),
            words: words(best, within), from: best.from)
    }

    /// A window that holds is nearest; then one with values enough, then a value that goes further in
    /// the direction of the bound.
    private func isNearer(_ a: Look, than b: Look) -> Bool {
        if a.holds != b.holds { return a.holds }
        let (m, n) = (min(a.count, statistic.points), min(b.count, statistic.points))
        if m != n { return m > n }
        guard let x = a.value, let y = b.value else { return a.value != nil && b.value == nil }
        return statistic.relation == .gte || statistic.relation == .gt ? x > y : x < y
    }

    private func words(_ look: Look, _ within: Int64) -> String {
        let bound = Self.text(statistic.bound)
        var value = look.value.map(Self.text) ?? "no value"
        if !look.holds, value == bound { value = look.value.map { String($0) } ?? value }
        let words =
            "\(statistic.function.rawValue) \(value) of \(look.count) "
            + "value\(look.count == 1 ? "" : "s") in \(DurationWords.text(within)), needs "
            + "\(statistic.relation.words) \(bound)"
        return statistic.points > 1 ? words + " of \(statistic.points) or more" : words
    }

    private static func text(_ value: Double) -> String { SignificantDigits.text(value, digits: 6) }
}
