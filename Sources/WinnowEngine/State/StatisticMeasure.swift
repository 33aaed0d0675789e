import Glibc
import WinnowKit
import WinnowRules

/// `stat`: a statistic of the records' numbers against a bound.
///
/// Order statistics need no sorting: that the least of the values is at least a bound says that none
/// of them is below it, and the same goes for the greatest and for a percentile. So only how many
/// values stand to the bound in which way is kept. What needs more is computed at each look.
struct StatisticMeasure: Measure {
    /// Values beyond it are no numbers here: sums of them would not be finite.
    static let greatest = 1e300

    let statistic: Statistic
    private var count = 0
    /// Values that stand to the bound as the rule asks.
    private var meeting = 0
    private var sum = 0.0
    /// What `sum` lost to rounding, so that taking a value out again leaves what was there.
    private var lost = 0.0

    init(_ statistic: Statistic) { self.statistic = statistic }

    mutating func add(_ entry: Window.Entry) { take(entry.number ?? 0, 1) }

    mutating func remove(_ entry: Window.Entry) { take(entry.number ?? 0, -1) }

    private mutating func take(_ value: Double, _ sign: Int) {
        count += sign
        if statistic.relation.holds(value, statistic.bound) { meeting += sign }
        // Neumaier's form of Kahan's summation.
        let term = value * Double(sign)
        let next = sum + term
        lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
        sum = next
    }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool {
        guard count >= statistic.points, count > 0 else { return false }
        let isUpper = statistic.relation == .gte || statistic.relation == .gt
        switch statistic.function {
        case .avg: return statistic.relation.holds((sum + lost) / Double(count), statistic.bound)
        case .sum: return statistic.relation.holds(sum + lost, statistic.bound)
        case .min: return isUpper ? meeting == count : meeting > 0
        case .max: return isUpper ? meeting > 0 : meeting == count
        case .p95:
            // Nearest rank: the value at this place among the ascending ones, from 1.
            let rank = (count * 95 + 99) / 100
            // For an upper bound, fewer than `rank` values may be outside of it.
            return isUpper ? count - meeting < rank : meeting >= rank
        case .cv, .peak:
            let value = StatisticMeasure.value(statistic.function, entries.map { $0.number ?? 0 })
            return value.map { statistic.relation.holds($0, statistic.bound) } ?? false
        }
    }

    func fields(_ entries: ArraySlice<Window.Entry>) -> [(name: String, value: FieldValue)] {
        let numbers = entries.map { $0.number ?? 0 }
        guard let value = StatisticMeasure.value(statistic.function, numbers) else { return [] }
        return [
            ("stat.value", .number(SignificantDigits.text(value))),
            ("stat.points", .number(String(numbers.count))),
        ]
    }

    /// The statistic of some numbers; nil for none, and where it is not defined or not finite.
    static func value(_ function: Statistic.Function, _ numbers: [Double]) -> Double? {
        guard !numbers.isEmpty else { return nil }
        let count = Double(numbers.count)
        let sorted = numbers.sorted()
        let sum = numbers.reduce(0, +)
        let mean = sum / count
        let value: Double
        switch function {
        case .avg: value = mean
        case .sum: value = sum
        case .min: value = sorted[0]
        case .max: value = sorted[sorted.count - 1]
        case .p95: value = sorted[(sorted.count * 95 + 99) / 100 - 1]
        case .cv:
            guard mean > 0 else { return nil }
            let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            value = (squares / count).squareRoot() / mean
        case .peak:
            let middle = sorted.count / 2
            let median =
                sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            guard median > 0 else { return nil }
            value = sorted[sorted.count - 1] / median
        }
        return value.isFinite ? value : nil
    }
}
