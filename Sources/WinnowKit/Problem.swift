/// Damage met in an input: what could not be read, where and why.
public struct Problem: Sendable, Equatable {
    /// Offset in the block's UTF-8 bytes where the damage begins; the engine turns it into the
    /// stored offset and line.
    public var offset: Int
    /// One clause in lower case, without values that could carry terminal escapes.
    public var reason: String
    /// True when a record was lost to it; false for a stretch that is no record (a block of NULs,
    /// a DOCTYPE).
    public var lostRecord: Bool

    /// Makes a problem.
    public init(offset: Int, reason: String, lostRecord: Bool = true) {
        self.offset = offset
        self.reason = reason
        self.lostRecord = lostRecord
    }
}
