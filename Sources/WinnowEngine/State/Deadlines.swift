import WinnowKit

/// When the silences that keys wait for end: a heap with the earliest on top.
///
/// An entry may be out of date, its silence broken; who takes it looks at the key's own state. The
/// order is that of times and places, so that it does not matter how often somebody looks.
struct Deadlines {
    struct Entry {
        var time: Timestamp
        var rule: Int
        /// Place of the record that began the silence: the order of ties.
        var rank: Int
        var position: Int
        var key: [String?]
    }

    private var heap: [Entry] = []

    var first: Entry? { heap.first }

    mutating func push(_ entry: Entry) {
        heap.append(entry)
        var at = heap.count - 1
        while at > 0, Deadlines.isBefore(heap[at], heap[(at - 1) / 2]) {
            heap.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    /// Takes the first entry whose time lies before `time`; nil for `time`: the first of all.
    mutating func pop(before time: Timestamp?) -> Entry? {
        guard let first = heap.first, time.map({ first.time < $0 }) ?? true else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return first
    }

    /// Drops the entries of a rule whose key is gone.
    mutating func remove(rule: Int, unless isHeld: ([String?]) -> Bool) {
        heap.removeAll { $0.rule == rule && !isHeld($0.key) }
        for at in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(at) }
    }

    private mutating func sink(_ start: Int) {
        var at = start
        while true {
            var least = at
            for child in [2 * at + 1, 2 * at + 2] where child < heap.count {
                if Deadlines.isBefore(heap[child], heap[least]) { least = child }
            }
            guard least != at else { return }
            heap.swapAt(at, least)
            at = least
        }
    }

    private static func isBefore(_ a: Entry, _ b: Entry) -> Bool {
        a.time == b.time
            ? (a.rule, a.rank, a.position) < (b.rule, b.rank, b.position) : a.time < b.time
    }
}
