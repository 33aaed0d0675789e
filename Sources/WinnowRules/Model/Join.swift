/// What a rule gathers around a record: the records of other events between the one before it and a
/// little after it.
public struct Join: Sendable, Equatable {
    /// Position of the event around whose records others are gathered, in `Rule.events`.
    public let event: Int
    /// Positions of the events that are gathered where they are there.
    public let with: [Int]
    /// Positions of the events of which none may be there.
    public let without: [Int]
    /// How long after the record others still belong to it, in nanoseconds.
    public let grace: Int64
    /// Position of the event before whose first record the lines of its input are shown, or nil.
    public let context: Int?

    /// Makes a join.
    public init(event: Int, with: [Int], without: [Int], grace: Int64, context: Int?) {
        self.event = event
        self.with = with
        self.without = without
        self.grace = grace
        self.context = context
    }
}

/// A number that takes two records.
public enum Derivation: Sendable, Equatable {
    /// Seconds since the latest record of an event, a position in `Rule.events`.
    case since(Int)
    /// What a field changed by since the record before.
    case delta
}
