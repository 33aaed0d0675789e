import WinnowKit

/// How far event time has come in the order of the input: the latest own time of the records behind
/// the match before.
///
/// Not the latest of all: a log may go back for good, as local time does in autumn, and one line may
/// have a time of years to come. Neither shows that a silence begun behind it is over.
struct EventClock {
    /// What the clock shows; nil before the first own time.
    private(set) var now: Timestamp?
    /// The latest own time of the records that no match follows yet.
    private(set) var unclaimed: Timestamp?
    /// The latest own time of all records.
    private(set) var latest: Timestamp?
    private var first: Timestamp?
    private var last: Timestamp?

    /// Takes the latest own time of some records.
    mutating func note(_ time: Timestamp) {
        latest = max(latest ?? time, time)
        unclaimed = max(unclaimed ?? time, time)
        now = unclaimed
    }

    /// Takes the first and the last own time of a block.
    mutating func noteEnds(first: Timestamp?, last: Timestamp?) {
        if self.first == nil { self.first = first }
        if let last { self.last = last }
    }

    /// The time that a match brings; the records up to it tell nothing of the next one.
    mutating func claim() -> Timestamp? {
        defer { unclaimed = nil }
        return unclaimed
    }

    /// How far event time has come when all is read.
    var atEnd: Timestamp? {
        // What ends before it began is newest first: its last records are the oldest, and long past.
        if let first, let last, last < first { return latest }
        return now
    }
}
