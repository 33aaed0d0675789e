import WinnowKit
import WinnowRules

/// What one key waits for: silences after the last step of a sequence, or after the record of an
/// `absent`. A silence is complete when event time has passed its end and nothing broke it.
struct Silence {
    /// One silence that is waited for.
    struct Waiting {
        /// The time of the record that began it.
        var begin: Timestamp
        /// Its last moment: a record of the event at this time still breaks it.
        var end: Timestamp
        /// Which record of the key's window began it.
        var serial: Int
        /// The sequence before it has held since a record before this one.
        var isContinued: Bool
        /// The record at which the sequence held.
        var signal: Signal
        var trace: Trace
    }

    /// Most silences of one key that are waited for; of those that begin close together only the
    /// first makes a finding, so that the later ones can be left out.
    static let capacity = 8

    /// Ascending by end, then by place.
    private(set) var waiting: [Waiting] = []
    private var lastFired: Timestamp?
    private var lastBreak: Timestamp?

    /// Bytes of memory, about.
    var cost: Int {
        waiting.reduce(0) { sum, silence in
            silence.trace.shown.reduce(sum + 256 + silence.signal.cost) {
                $0 + 256 + $1.text.utf8.count
            }
        }
    }

    /// Takes a record that breaks silences.
    mutating func breakAt(_ time: Timestamp) {
        waiting.removeAll { $0.begin < time && time <= $0.end }
        lastBreak = max(lastBreak ?? time, time)
    }

    /// Waits for a silence; false when too many are waited for.
    mutating func add(_ new: Waiting) -> Bool {
        if waiting.contains(where: { $0.serial == new.serial }) { return true }
        guard waiting.count < Silence.capacity else { return false }
        let at = waiting.firstIndex { Silence.isBefore(new, $0) } ?? waiting.count
        waiting.insert(new, at: at)
        return true
    }

    /// Takes out the first silence.
    ///
    /// - Parameter entries: The records of the key's window.
    /// - Returns: nil when it only goes on from one that was told of already.
    mutating func complete(event: Int, entries: ArraySlice<Window.Entry>) -> Waiting? {
        let first = waiting.removeFirst()
        if first.isContinued, let lastFired {
            let (low, high) = (min(lastFired, first.begin), max(lastFired, first.begin))
            let isBroken: (Timestamp) -> Bool = { low < $0 && $0 <= high }
            guard
                lastBreak.map(isBroken) ?? false
                    || entries.contains(where: { $0.event == event && isBroken($0.time) })
            else { return nil }
        }
        lastFired = first.begin
        return first
    }

    private static func isBefore(_ a: Waiting, _ b: Waiting) -> Bool {
        a.end == b.end
            ? (a.signal.rank, a.signal.position) < (b.signal.rank, b.signal.position)
            : a.end < b.end
    }
}
