import WinnowKit

/// The records of one key that may still share a window: the state of a `count`.
///
/// A window is half-open, (t - within, t], in event time. Records need not come in order: an export
/// may be newest first, a log may hold a late line. A record counts in every window that it belongs
/// to when it comes, as far as those windows are still held: around the latest time seen and around
/// the time of the record before.
struct Window: Sendable {
    /// One record that counts.
    struct Entry: Sendable {
        var time: Timestamp
        var evidence: Evidence
        var digest: [UInt8]
    }

    /// Most records held for one key; the oldest go first, and that is counted.
    static let maxEntries = 4096

    /// Ascending by time; equal times in the order in which they came.
    private(set) var entries: [Entry] = []
    /// Records dropped because the window was full.
    private(set) var evicted = 0
    private var newest: Timestamp?
    private var previous: Timestamp?

    /// What adding a record did.
    struct Change {
        /// A window with the record held enough before it came.
        var wasTrue: Bool
        /// Where the records of a window that holds enough now lie in `entries`, or nil.
        var window: Range<Int>?
        /// The record came when windows of its time were no longer held.
        var isLate: Bool
    }

    /// Adds a record and looks at the windows that it is part of.
    ///
    /// - Complexity: O(*n*) in the records held.
    mutating func add(_ entry: Entry, within: Int64, atLeast count: Int, lateness: Int64) -> Change
    {
        let reach = Timestamp.nanoseconds(within, plus: lateness)
        let isLate = previous.map { entry.time.advanced(byNanoseconds: reach) < $0 } ?? false
        let newestNow = max(newest ?? entry.time, entry.time)
        entries.removeAll {
            !Window.isNear($0.time, entry.time, reach) && !Window.isNear($0.time, newestNow, reach)
        }
        newest = newestNow
        previous = entry.time
        let wasTrue = fullWindow(around: entry.time, within: within, atLeast: count) != nil
        var at = entries.count
        while at > 0 && entries[at - 1].time > entry.time { at -= 1 }
        entries.insert(entry, at: at)
        if entries.count > max(Window.maxEntries, count) {
            entries.removeFirst()
            evicted += 1
        }
        return Change(
            wasTrue: wasTrue,
            window: fullWindow(around: entry.time, within: within, atLeast: count), isLate: isLate)
    }

    /// The first window (t' - within, t'] with t in it, t' being t or the time of a later record,
    /// that holds at least `count` records.
    private func fullWindow(around t: Timestamp, within: Int64, atLeast count: Int) -> Range<Int>? {
        // Ends to try: t itself, then each later record less than `within` after it.
        var end = entries.firstIndex { $0.time > t } ?? entries.count
        var start = 0
        var endTime = t
        while true {
            let lowest = endTime.advanced(byNanoseconds: -within)
            while start < end && entries[start].time <= lowest { start += 1 }
            if end - start >= count { return start..<end }
            guard end < entries.count else { return nil }
            endTime = entries[end].time
            guard endTime < t.advanced(byNanoseconds: within) else { return nil }
            while end < entries.count && entries[end].time <= endTime { end += 1 }
        }
    }

    private static func isNear(_ a: Timestamp, _ b: Timestamp, _ reach: Int64) -> Bool {
        a <= b
            ? b < a.advanced(byNanoseconds: reach) : a < b.advanced(byNanoseconds: reach)
    }
}

extension Timestamp {
    /// The sum of two durations in nanoseconds, at most some 292 years.
    static func nanoseconds(_ a: Int64, plus b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
