import WinnowKit
import WinnowRules

/// `trend`: 12 points in 6h, slope 1.2/min, significance 4.1 of 2.58; failed: slope needs at least
/// 2/min.
struct TrendMiss {
    let when: When
    let trend: Trend
    let within: Int64

    /// Most windows of a key that are looked at; of more, so many that lie evenly between the first
    /// and the last.
    private static let maxWindows = 500

    private struct Look {
        var points: ArraySlice<Window.Entry>
        var result: TrendMeasure.Result
        var holds: Bool
        var faults: [String]
    }

    /// - Parameter records: Ascending by time.
    func verdict(_ records: [Window.Entry]) -> NearMiss.Verdict? {
        let measure = when.measure
        let ends = records.indices.filter { records[$0].event == trend.event }
        guard let first = ends.first else { return nil }
        let tried =
            ends.count <= Self.maxWindows
            ? ends
            : (0..<Self.maxWindows).map { ends[$0 * (ends.count - 1) / (Self.maxWindows - 1)] }
        var best: Look?
        var start = first
        for end in tried {
            while records[start].time.nanoseconds(to: records[end].time) >= within
                || end - start >= measure.capacity
            {
                start += 1
            }
            let look = look(records[start...end], measure)
            if best.map({ isNearer(look, than: $0) }) ?? true { best = look }
        }
        guard let best else { return nil }
        let from = best.points.first?.time ?? records[first].time
        return NearMiss.Verdict(
            rank: NearMiss.Rank(
                kind: best.holds ? .reached : .short, gap: Double(best.faults.count)),
            words: words(best), from: from)
    }

    private func look(_ window: ArraySlice<Window.Entry>, _ measure: any Measure) -> Look {
        let points = measure.counted(window)
        let result = TrendMeasure(trend).result(points)
        var faults: [String] = []
        if points.count < trend.points { faults.append("too few points, needs \(trend.points)") }
        if !result.isSignificant { faults.append("not significant") }
        if !(result.slope.isFinite && trend.relation.holds(result.slope, trend.slope)) {
            faults.append("slope needs \(trend.relation.words) \(slope(trend.slope))")
        }
        if let limit = trend.limit {
            let reach = SignificantDigits.text(limit.reach, digits: 6)
            let span = DurationWords.text(limit.nanoseconds)
            if let eta = result.eta {
                if eta >= Double(limit.nanoseconds) / 1e9 {
                    faults.append(
                        "reaches \(reach) in \(TrendMeasure.duration(eta)), needs less than \(span)"
                    )
                }
            } else {
                faults.append("never reaches \(reach)")
            }
        }
        return Look(
            points: points, result: result, holds: measure.holds(window), faults: faults)
    }

    /// Fewer faults, then more points, then a slope that goes further the rule's way.
    private func isNearer(_ a: Look, than b: Look) -> Bool {
        if a.holds != b.holds { return a.holds }
        if a.faults.count != b.faults.count { return a.faults.count < b.faults.count }
        let (m, n) = (min(a.points.count, trend.points), min(b.points.count, trend.points))
        if m != n { return m > n }
        return trend.relation == .gte
            ? a.result.slope > b.result.slope : a.result.slope < b.result.slope
    }

    private func words(_ look: Look) -> String {
        let count = look.points.count
        let out =
            "\(count) point\(count == 1 ? "" : "s") in \(DurationWords.text(within)), slope "
            + "\(slope(look.result.slope)), significance "
            + "\(SignificantDigits.text(abs(look.result.deviate), digits: 3)) of "
            + SignificantDigits.text(TrendMeasure.significance, digits: 3)
        return look.faults.isEmpty ? out : out + "; " + look.faults.joined(separator: ", ")
    }

    private func slope(_ perSecond: Double) -> String {
        SignificantDigits.text(perSecond * trend.unit.seconds) + "/" + trend.unit.rawValue
    }
}
