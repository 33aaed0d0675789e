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

        /// Bytes of memory, about.
        var cost: Int { 320 + evidence.text.utf8.count }
    }

    /// Most records held for one key; the oldest go first, and that is counted.
    static let maxEntries = 4096

    /// Ascending by time; equal times in the order in which they came. What lies before `head` has
    /// been dropped: sliding one by one must not move all the others.
    private var storage: [Entry] = []
    private var head = 0
    private var newest: Timestamp?
    private var previous: Timestamp?

    /// The records held.
    var entries: ArraySlice<Entry> { storage[head...] }
    /// Records dropped because the window was full.
    private(set) var evicted = 0
    /// Bytes of memory of the records held, about.
    private(set) var cost = 0

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
    /// - Complexity: O(log *n*) in the records held for records that come in order, amortised.
    mutating func add(
        _ entry: Entry, within: Int64, atLeast count: Int, lateness: Int64
    ) -> Change {
        let reach = Timestamp.nanoseconds(within, plus: lateness)
        let isLate = previous.map { entry.time.advanced(byNanoseconds: reach) < $0 } ?? false
        let newestNow = max(newest ?? entry.time, entry.time)
        forget(around: entry.time, newest: newestNow, reach: reach)
        newest = newestNow
        previous = entry.time
        let wasTrue = fullWindow(around: entry.time, within: within, atLeast: count) != nil
        storage.insert(entry, at: firstIndex(after: entry.time))
        cost += entry.cost
        if storage.count - head > max(Window.maxEntries, count) {
            drop(1)
            evicted += 1
        }
        return Change(
            wasTrue: wasTrue,
            window: fullWindow(around: entry.time, within: within, atLeast: count), isLate: isLate)
    }

    /// Drops the records that no window around `time` or `newest` can hold any more.
    private mutating func forget(around time: Timestamp, newest: Timestamp, reach: Int64) {
        if time == newest {
            let gone = firstIndex(after: time.advanced(byNanoseconds: -reach)) - head
            if gone > 0 { drop(gone) }
        } else if let first = entries.first,
            !Window.isNear(first.time, time, reach) || !Window.isNear(newest, time, reach)
        {
            storage = entries.filter {
                Window.isNear($0.time, time, reach) || Window.isNear($0.time, newest, reach)
            }
            head = 0
            cost = storage.reduce(0) { $0 + $1.cost }
        }
    }

    /// Drops the oldest records.
    private mutating func drop(_ count: Int) {
        for entry in storage[head..<head + count] { cost -= entry.cost }
        head += count
        if head > 64 && head * 2 > storage.count {
            storage.removeFirst(head)
            head = 0
        }
    }

    /// The first record later than `time`, by bisection.
    private func firstIndex(after time: Timestamp) -> Int {
        var low = head
        var high = storage.count
        while low < high {
            let middle = (low + high) / 2
            if storage[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first window (t' - within, t'] with t in it, t' being t or the time of a later record,
    /// that holds at least `count` records.
    private func fullWindow(around t: Timestamp, within: Int64, atLeast count: Int) -> Range<Int>? {
        // Ends to try: t itself, then each later record less than `within` after it.
        var end = firstIndex(after: t)
        var start = firstIndex(after: t.advanced(byNanoseconds: -within))
        while end - start < count {
            guard end < storage.count else { return nil }
            let endTime = storage[end].time
            guard endTime < t.advanced(byNanoseconds: within) else { return nil }
            while end < storage.count && storage[end].time <= endTime { end += 1 }
            let lowest = endTime.advanced(byNanoseconds: -within)
            while start < end && storage[start].time <= lowest { start += 1 }
        }
        return start..<end
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
