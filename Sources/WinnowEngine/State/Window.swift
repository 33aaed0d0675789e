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

        /// The record without what only a finding shows: it costs nothing to copy.
        var bare: Entry {
            Entry(
                time: time, event: event, value: nil, number: number,
                evidence: Evidence(
                    input: "", line: 0, offset: 0, length: 0, recordID: nil, time: nil, text: ""),
                digest: [])
        }

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
    /// The measure of the window that ends with the latest record, and how many of the last records
    /// it holds; kept from record to record as long as they come in order.
    private var live: (measure: any Measure, count: Int, isTrue: Bool?)?

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
        let isInOrder = newestNow == entry.time
        newest = newestNow
        previous = entry.time
        if isInOrder, !measure.needsOnlyNumber {
            return addInOrder(entry, within: within, reach: reach, measure)
        }
        live = nil
        forget(around: entry.time, newest: newestNow, reach: reach)
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

    /// `add` for a record later than all others: only the window that ends with it holds it.
    private mutating func addInOrder(
        _ entry: Entry, within: Int64, reach: Int64, _ measure: some Measure
    ) -> Change {
        var (window, count, known) = live ?? begin(before: entry.time, within: within, measure)
        live = nil
        let start = entry.time.advanced(byNanoseconds: -within)
        while count > 0 {
            let first = storage[storage.count - count]
            guard first.time <= start else { break }
            window.remove(first)
            count -= 1
            known = nil
        }
        // After sliding, so that nothing is forgotten that the measure holds.
        forget(around: entry.time, newest: entry.time, reach: reach)
        let held = storage.count - count..<storage.count
        let wasTrue =
            !held.isEmpty && (known ?? window.holds(storage[held])) && latest(in: held).completed
        storage.append(entry)
        storage[storage.count - 1].serial = serial
        serial += 1
        cost += entry.cost
        window.add(storage[storage.count - 1])
        count += 1
        if storage.count - head > measure.capacity {
            if count > storage.count - head - 1 {
                window.remove(storage[head])
                count -= 1
            }
            drop(1)
            evicted += 1
        }
        let range = storage.count - count..<storage.count
        let isTrue = count > 0 && window.holds(storage[range])
        if count > 0 { storage[storage.count - 1].completed = isTrue }
        live = (window, count, isTrue)
        return Change(wasTrue: wasTrue, window: isTrue ? range : nil, isLate: false)
    }

    /// The measure of the records in (`time` - `within`, `time`], which are the last ones.
    private func begin(
        before time: Timestamp, within: Int64, _ measure: some Measure
    ) -> (measure: any Measure, count: Int, isTrue: Bool?) {
        var measure: any Measure = measure
        let start = firstIndex(after: time.advanced(byNanoseconds: -within))
        for entry in storage[start...] { measure.add(entry) }
        return (measure, storage.count - start, nil)
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
        } else if holdsForgotten(around: time, newest: newest, reach: reach) {
            storage = entries.filter {
                Window.isNear($0.time, time, reach) || Window.isNear($0.time, newest, reach)
            }
            head = 0
            cost = storage.reduce(0) { $0 + $1.cost }
        }
    }

    /// Whether a record is near neither of two times; by bisection, since it is asked at each record
    /// behind a jump of the clock.
    private func holdsForgotten(around time: Timestamp, newest: Timestamp, reach: Int64) -> Bool {
        guard let first = entries.first else { return false }
        if !Window.isNear(first.time, time, reach), !Window.isNear(first.time, newest, reach) {
            return true
        }
        let between = firstIndex(after: time.advanced(byNanoseconds: reach - 1))
        return between < storage.count && !Window.isNear(storage[between].time, newest, reach)
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
        if measure.looksAtLastEnd {
            let limit = t.advanced(byNanoseconds: within)
            let behind = firstIndex(after: limit.advanced(byNanoseconds: -1))
            if behind > head { endTime = max(t, storage[behind - 1].time) }
        }
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
            guard end < storage.count, !measure.looksAtLastEnd else { return nil }
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
