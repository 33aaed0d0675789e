import WinnowKit
import WinnowRules

/// `trend`: the numbers rise or fall, surely and fast enough.
///
/// How fast is said by the median of the slopes between all pairs of points (Theil–Sen), which a
/// third of wild values cannot move; that it is no accident by the Mann–Kendall test, two-sided at
/// 1 %. Both regard the points since the last restart only.
///
/// Source: Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968);
/// Kendall, "Rank Correlation Methods" (1975), for the variance with ties.
struct TrendMeasure: Measure {
    /// The two-sided 1 % point of the normal distribution.
    static let significance = 2.5758293035489
    /// Most points that are compared in pairs; more are gathered into groups of which the median
    /// counts.
    static let maxPoints = 64

    let trend: Trend

    init(_ trend: Trend) { self.trend = trend }

    var capacity: Int { max(1024, trend.points) }
    var looksAtLastEnd: Bool { true }

    /// What the points say.
    struct Result {
        /// A second.
        var slope: Double
        /// The Mann–Kendall score as a normal deviate.
        var deviate: Double
        var isSignificant: Bool { abs(deviate) >= TrendMeasure.significance }
        /// Seconds until the line meets the limit of the rule; nil where it never does.
        var eta: Double?
    }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool {
        let points = counted(entries)
        guard points.count >= trend.points, let first = points.first, let last = points.last,
            first.time.advanced(byNanoseconds: trend.span) <= last.time
        else { return false }
        let result = result(points)
        guard result.isSignificant, result.slope.isFinite,
            trend.relation.holds(result.slope, trend.slope)
        else { return false }
        guard let limit = trend.limit else { return true }
        return result.eta.map { $0 < Double(limit.nanoseconds) / 1e9 } ?? false
    }

    /// The records since the last reset.
    func counted(_ entries: ArraySlice<Window.Entry>) -> ArraySlice<Window.Entry> {
        var start = entries.startIndex
        var least = Double.infinity
        var last: [Double] = []
        for index in entries.indices {
            guard entries[index].event == trend.event, let value = entries[index].number else {
                start = index + 1
                (least, last) = (.infinity, [])
                continue
            }
            if trend.slope > 0, TrendMeasure.isRestart(value, after: last, least: least) {
                start = index
                (least, last) = (.infinity, [])
            }
            least = min(least, value)
            if last.count == 5 { last.removeFirst() }
            last.append(value)
        }
        return entries[start...]
    }

    /// Less than half of what was usual lately, and about as little as there ever was: a process
    /// that begins anew. The valleys of a saw-tooth that rises lie above its first one.
    private static func isRestart(_ value: Double, after last: [Double], least: Double) -> Bool {
        guard last.count >= 3 else { return false }
        let usual = last.sorted()[last.count / 2]
        return usual > 0 && value < usual / 2 && value <= least * 1.1
    }

    /// - Complexity: O(*n* log *n*) and the pairs of 64 points.
    func result(_ entries: ArraySlice<Window.Entry>) -> Result {
        let points = TrendMeasure.points(entries)
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * (points.count - 1) / 2)
        var score = 0
        for (index, a) in points.enumerated() {
            for b in points[(index + 1)...] {
                score += b.value > a.value ? 1 : b.value < a.value ? -1 : 0
                if b.time > a.time { slopes.append((b.value - a.value) / (b.time - a.time)) }
            }
        }
        guard let slope = TrendMeasure.median(slopes) else {
            return Result(slope: 0, deviate: 0)
        }
        var result = Result(slope: slope, deviate: TrendMeasure.z(score, points.map(\.value)))
        if let limit = trend.limit, slope != 0, let last = points.last,
            let offset = TrendMeasure.median(points.map { $0.value - slope * $0.time })
        {
            let seconds = (limit.reach - (offset + slope * last.time)) / slope
            // Past the limit in the direction of the slope: reached.
            if seconds.isFinite { result.eta = max(seconds, 0) }
        }
        return result
    }

    /// Seconds since the first record, and the value.
    private static func points(
        _ entries: ArraySlice<Window.Entry>
    ) -> [(time: Double, value: Double)] {
        guard let first = entries.first?.time else { return [] }
        let all = entries.map { entry in
            (
                time: Double(entry.time.seconds - first.seconds)
                    + (Double(entry.time.nanoseconds) - Double(first.nanoseconds)) / 1e9,
                value: entry.number ?? 0
            )
        }
        guard all.count > maxPoints else { return all }
        return (0..<maxPoints).map { group in
            let members = all[group * all.count / maxPoints..<(group + 1) * all.count / maxPoints]
            return (
                members[(members.startIndex + members.endIndex) / 2].time,
                members.map(\.value).sorted()[members.count / 2]
            )
        }
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The Mann–Kendall score as a normal deviate, with its correction for continuity.
    private static func z(_ score: Int, _ values: [Double]) -> Double {
        func weight(_ n: Int) -> Int { n * (n - 1) * (2 * n + 5) }
        var ties: [Double: Int] = [:]
        for value in values { ties[value, default: 0] += 1 }
        let variance =
            Double(weight(values.count) - ties.values.reduce(0) { $0 + weight($1) }) / 18
        guard variance > 0, score != 0 else { return 0 }
        return Double(score > 0 ? score - 1 : score + 1) / variance.squareRoot()
    }

    // MARK: - Fields of a finding

    func fields(_ entries: ArraySlice<Window.Entry>) -> [(name: String, value: FieldValue)] {
        let result = result(entries)
        var fields: [(name: String, value: FieldValue)] = [
            ("trend.slope", .number(SignificantDigits.text(result.slope * trend.unit.seconds))),
            ("trend.unit", .text("/" + trend.unit.rawValue)),
            ("trend.points", .number(String(entries.count))),
        ]
        if let since = entries.first?.time { fields.append(("trend.since", .text(since.rfc3339))) }
        if let eta = result.eta { fields.append(("trend.eta", .text(TrendMeasure.duration(eta)))) }
        return fields
    }

    /// The two greatest units, as `1h20m`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e12))
        return switch whole {
        case ..<60: "\(whole)s"
        case ..<3600: "\(whole / 60)m\(whole % 60)s"
        case ..<86_400: "\(whole / 3600)h\(whole % 3600 / 60)m"
        default: "\(whole / 86_400)d\(whole % 86_400 / 3600)h"
        }
    }
}
