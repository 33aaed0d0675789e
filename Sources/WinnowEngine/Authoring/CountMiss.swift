public import WinnowKit

/// How near the matches of one key came to a `count`.
public struct CountMiss: Sendable {
    /// The key's values.
    public let key: [String?]
    /// Matches of the key in all.
    public let matches: Int
    /// Most matches that shared a window from the same first one as `late` is about.
    public let inWindow: Int
    /// How much later than the window's end the match came that would have made it full, in
    /// nanoseconds; zero is exactly at the end, which is out. Nil where too few matches came at all.
    public let late: Int64?
    /// True when a window was full.
    public let isReached: Bool
    /// The time of the first match of that window.
    public let from: Timestamp

    /// The best of the windows of a key.
    ///
    /// - Parameter times: Ascending, at least one.
    init(key: [String?], times: [Timestamp], atLeast count: Int, within: Int64) {
        self.key = key
        matches = times.count
        var begin = 0
        var shortest: Int64?
        if times.count >= count {
            for start in 0...(times.count - count) {
                let span = CountMiss.span(times[start], times[start + count - 1])
                if span < shortest ?? .max {
                    shortest = span
                    begin = start
                }
            }
        } else {
            var most = 0
            var end = 0
            for start in times.indices {
                while end < times.count, CountMiss.span(times[start], times[end]) < within {
                    end += 1
                }
                if end - start > most {
                    most = end - start
                    begin = start
                }
            }
        }
        let first = times[begin]
        from = first
        inWindow = times[begin...].prefix { CountMiss.span(first, $0) < within }.count
        isReached = shortest.map { $0 < within } ?? false
        late = shortest.map { $0 - within }
    }

    /// Nanoseconds from `a` to `b`, at most some 292 years.
    private static func span(_ a: Timestamp, _ b: Timestamp) -> Int64 {
        let (seconds, overflow) = (b.seconds - a.seconds)
            .multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : seconds + Int64(b.nanoseconds) - Int64(a.nanoseconds)
    }
}
