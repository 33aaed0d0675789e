import WinnowRules

/// `stat`: a statistic of the records' numbers against a bound.
///
/// Order statistics need no sorting: that the least of the values is at least a bound says that none
/// of them is below it, and the same goes for the greatest and for a percentile. So only how many
/// values stand to the bound in which way is kept.
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
        guard count > 0 else { return false }
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
        }
    }
}
