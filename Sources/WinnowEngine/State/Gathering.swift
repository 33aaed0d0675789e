import WinnowKit
import WinnowRules

/// What one key of a `join` keeps: the records that are waiting for the one around which they are
/// gathered, and those of such that are not closed yet.
///
/// A record belongs to the first one that is gathered around at or after it, and to one shortly
/// before it, as far as no other has come between. So the records of one life of a process meet at
/// its death.
struct Gathering {
    /// A record that was gathered.
    struct Item {
        var time: Timestamp
        var signal: Signal
        var evidence: Evidence
    }

    /// A record with all that was gathered around it.
    struct Closed {
        var item: Item
        /// The records of other events, ascending by time.
        var others: [Item]
        /// How often the value of `same` was seen so far, this time included; nil without one.
        var occurrence: Int?
    }

    /// Most records of one event that are kept: the first one and the latest.
    static let maxItems = 8
    /// Most records around which others are gathered at one time.
    static let maxOpen = 8
    /// Most values of `same` whose occurrences are counted.
    static let maxValues = 64
    /// Most times of closed records that are kept, to tell where a life began.
    private static let maxClosed = 32

    /// A record around which others are gathered.
    private struct Open {
        var item: Item
        /// When it closes; nil: at the end of the inputs, since it came when that time had passed.
        var end: Timestamp?
    }

    /// Ascending by time; equal times in the order in which they came.
    private var items: [Item] = []
    private var open: [Open] = []
    /// Times of records that are closed, ascending: the latest ones.
    private var closed: [Timestamp] = []
    private var occurrences: [String: Int] = [:]

    /// Bytes of memory, about.
    private(set) var cost = 0

    /// When the next open record closes, and its signal.
    var next: (end: Timestamp, signal: Signal)? {
        open.lazy.compactMap { open in open.end.map { ($0, open.item.signal) } }.first
    }

    /// The first of the records that only the end of the inputs closes.
    var held: Signal? { open.first?.item.signal }

    /// Takes a record of an event other than that which others are gathered around.
    mutating func add(_ item: Item) {
        cost += item.cost
        Self.insert(item, into: &items) { $0 }
        let same = items.indices.filter { items[$0].signal.event == item.signal.event }
        guard same.count > Gathering.maxItems else { return }
        cost -= items.remove(at: same[1]).cost
    }

    /// Takes a record around which others are gathered.
    ///
    /// - Parameter passed: How far event time has come.
    /// - Returns: False when too many are open: the one that came first must be closed.
    mutating func begin(_ item: Item, _ join: Join, passed: Timestamp?) -> Bool {
        cost += item.cost
        let end = item.time.advanced(byNanoseconds: join.grace)
        // An export may be newest first: what belongs to it comes later then.
        let isPast = passed.map { end < $0 } ?? false
        Self.insert(Open(item: item, end: isPast ? nil : end), into: &open) { $0.item }
        return open.count <= Gathering.maxOpen
    }

    private static func insert<T>(_ new: T, into list: inout [T], _ item: (T) -> Item) {
        let at = list.lastIndex { item($0).time <= item(new).time }.map { $0 + 1 } ?? 0
        list.insert(new, at: at)
    }

    /// Closes the open record that came first.
    mutating func closeEarliest(_ join: Join, within: Int64) -> Closed? {
        let isDescending = open.first?.end == nil && open.last?.end == nil
        return close(isDescending ? open.count - 1 : 0, join, within: within)
    }

    /// Closes the next open record, or at the end of the inputs the first one.
    mutating func closeNext(_ join: Join, within: Int64) -> Closed? {
        close(open.firstIndex { $0.end != nil } ?? 0, join, within: within)
    }

    /// nil where something is there that must not be.
    private mutating func close(_ index: Int, _ join: Join, within: Int64) -> Closed? {
        guard open.indices.contains(index) else { return nil }
        let item = open.remove(at: index).item
        let (start, end) = span(of: item.time, join, within: within)
        let isInside: (Item) -> Bool = { $0.time > start && $0.time <= end }
        let others = items.filter(isInside)
        items.removeAll(where: isInside)
        let place = closed.lastIndex { $0 <= item.time }.map { $0 + 1 } ?? 0
        closed.insert(item.time, at: place)
        if closed.count > Gathering.maxClosed { closed.removeFirst() }
        cost = items.reduce(0) { $0 + $1.cost } + open.reduce(0) { $0 + $1.item.cost }
        let value = item.signal.value ?? others.last { $0.signal.value != nil }?.signal.value
        var occurrence: Int?
        if let value, occurrences[value] != nil || occurrences.count < Gathering.maxValues {
            occurrences[value, default: 0] += 1
            occurrence = occurrences[value]
        }
        if others.contains(where: { join.without.contains($0.signal.event) }) { return nil }
        return Closed(item: item, others: others, occurrence: occurrence)
    }

    /// What belongs to a record at `time`: what comes later than `start`, up to `end`.
    private func span(
        of time: Timestamp, _ join: Join, within: Int64
    ) -> (start: Timestamp, end: Timestamp) {
        let others = open.map(\.item.time) + closed
        func end(of time: Timestamp, among others: [Timestamp]) -> Timestamp {
            let end = time.advanced(byNanoseconds: join.grace)
            // What comes behind one of a burst belongs to the next.
            return others.contains { time <= $0 && $0 <= end } ? time : end
        }
        var start = time.advanced(byNanoseconds: -within)
        if let before = others.filter({ $0 < time }).max() {
            start = max(start, end(of: before, among: [time]))
        }
        return (start, end(of: time, among: others))
    }
}

extension Gathering.Item {
    /// Bytes of memory, about.
    var cost: Int { signal.cost + 256 + evidence.text.utf8.count }
}

extension Gathering.Closed {
    /// Most records shown beside the lines before them.
    private static let maxRecords = Trace.maxEvidence - ContextRecord.limit

    /// The signal of the finding: that of the record, with what the others tell.
    func signal(_ rule: Rule) -> Signal {
        var signal = item.signal
        var names: [String] = []
        // The latest record of an event tells most of it.
        for other in others.reversed() {
            for capture in other.signal.captures
            where !signal.captures.contains(where: { $0.name == capture.name }) {
                signal.captures.append(capture)
            }
            signal.variables.merge(other.signal.variables) { own, _ in own }
            let name = rule.events[other.signal.event]
            if !names.contains(name) { names.append(name) }
        }
        let found = rule.events.filter { names.contains($0) }.joined(separator: ", ")
        signal.tell(
            [("join.found", .text(found))]
                + (occurrence.map { [("join.occurrence", .number(String($0)))] } ?? []))
        return signal
    }

    /// What the finding rests on, in the order of time, the lines before the first record of an
    /// event included.
    func trace(_ context: Int?) -> Trace {
        var records = Array(others.suffix(Self.maxRecords - 1)) + [item]
        records.sort { $0.time < $1.time }
        var shown = records.map(\.evidence)
        if let context,
            let first = records.firstIndex(where: { $0.signal.event == context })
        {
            shown.insert(contentsOf: records[first].signal.context, at: first)
        }
        return Trace(
            count: others.count + 1, firstTime: records.first?.evidence.time,
            lastTime: records.last?.evidence.time, shown: shown,
            first: records.first?.signal.digest ?? [], last: records.last?.signal.digest ?? [])
    }
}
