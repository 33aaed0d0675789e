import WinnowKit

/// The records of one key that may still share a window: the state of an operator of `when`.
///
/// A window is half-open, (t - within, t], in event time. Records need not come in order: an export
/// may be newest first, a log may hold a late line. A record counts in every window that it belongs
/// to when it comes, as far as those windows are still held: around the latest time seen and around
/// the time of the record before.
struct Window: Sendable {
    /// One record that counts.
    struct Entry: Sendable {
        var time: Timestamp
        /// Position of its event in the rule.
        var event = 0
        /// What the operator looks at.
        var value: String?
        var number: Double?
        var evidence: Evidence
        var digest: [UInt8]
        /// Place in the order in which records came; set by the window.
        fileprivate(set) var serial = 0
        /// True when the condition held as it came; set by the window.
        fileprivate(set) var completed = false

        /// Bytes of memory, about.
        var cost: Int { 384 + evidence.text.utf8.count + (value?.utf8.count ?? 0) }
    }

    /// Most records held for one key, unless the operator needs more or less; the oldest go first,
    /// and that is counted.
    static let maxEntries = 4096

    /// Ascending by time; equal times in the order in which they came. What lies before `head` has
    /// been dropped: sliding one by one must not move all the others.
    private var storage: [Entry] = []
    private var head = 0
    private var serial = 0
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
        /// A window with the record's time in it held before it came, and did so since a record.
        ///
        /// A mean may come to hold because a record leaves; then the next record is the first at
        /// which that is seen.
        var wasTrue: Bool
        /// Where the records of a window that holds now lie in `entries`, or nil.
        var window: Range<Int>?
        /// The record came when windows of its time were no longer held.
        var isLate: Bool
    }

    /// Adds a record and looks at the windows that it is part of.
    ///
    /// - Parameter measure: The operator's condition, without any record in it yet.
    /// - Complexity: For records in order O(log *n*) in the records held, amortised, where the measure
    ///   needs only their number; else O(*n*) times that of the measure.
    mutating func add(
        _ entry: Entry, within: Int64, measure: some Measure, lateness: Int64
    ) -> Change {
        let reach = Timestamp.nanoseconds(
            within, plus: Timestamp.nanoseconds(measure.lookahead, plus: lateness))
        let isLate = previous.map { entry.time.advanced(byNanoseconds: reach) < $0 } ?? false
        let newestNow = max(newest ?? entry.time, entry.time)
        forget(around: entry.time, newest: newestNow, reach: reach)
        newest = newestNow
        previous = entry.time
        let before = fullWindow(around: entry.time, within: within, measure)
        let wasTrue = before.map { latest(in: $0).completed } ?? false
        var at = firstIndex(after: entry.time)
        storage.insert(entry, at: at)
        storage[at].serial = serial
        serial += 1
        cost += entry.cost
        if storage.count - head > measure.capacity {
            let before = storage.count
            drop(1)
            evicted += 1
            at -= before - storage.count
        }
        let window = fullWindow(around: entry.time, within: within, measure)
        if at >= head { storage[at].completed = window != nil }
        return Change(wasTrue: wasTrue, window: window, isLate: isLate)
    }

    /// The record that came last among those of a window; there is at least one.
    private func latest(in window: Range<Int>) -> Entry {
        var latest = storage[window.lowerBound]
        // In order of time is nearly always in order of arrival: the last one is the latest then.
        if let last = storage[window].last, last.serial == serial - 1 { return last }
        for entry in storage[window] where entry.serial > latest.serial { latest = entry }
        return latest
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
    /// whose records meet the condition.
    private func fullWindow(
        around t: Timestamp, within: Int64, _ condition: some Measure
    ) -> Range<Int>? {
        var measure = condition
        // Ends to try: t itself, then each later record less than `within` after it.
        var endTime = t
        var start = firstIndex(after: t.advanced(byNanoseconds: -within))
        var end = start
        while true {
            let nextStart = firstIndex(after: endTime.advanced(byNanoseconds: -within))
            let nextEnd = firstIndex(after: endTime)
            if !measure.needsOnlyNumber {
                for entry in storage[end..<max(end, nextEnd)] { measure.add(entry) }
                for entry in storage[start..<max(start, nextStart)] { measure.remove(entry) }
            }
            (start, end) = (nextStart, nextEnd)
            if start < end && measure.holds(storage[start..<end]) { return start..<end }
            guard end < storage.count else { return nil }
            endTime = storage[end].time
            guard endTime < t.advanced(byNanoseconds: within) else { return nil }
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
