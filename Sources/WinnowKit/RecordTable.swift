/// The extents of the records of one block, in the order of their first bytes.
///
/// A table instead of objects: a block of 256 KiB holds some thousand records, and one object each
/// would cost more than matching does.
public struct RecordTable: Sendable {
    /// One record: where it lies in the block, and what it is.
    public struct Record: Sendable {
        /// Offset of the first byte in the block.
        public var start: UInt32
        /// Offset after the last byte, line end excluded.
        public var end: UInt32
        /// Index into the decoder's `kinds`.
        public var kind: UInt8
        /// True when the record was longer than its cap and only its beginning is here.
        public var truncated: Bool
        /// Where the record's lines begin in `parts`; meaningless when `partCount` is 0.
        public var firstPart: UInt32
        /// Number of lines in `parts`, or 0 for a record whose bytes are simply start ..< end.
        public var partCount: UInt32

        /// Makes the record of one contiguous stretch.
        public init(start: Int, end: Int, kind: UInt8, truncated: Bool = false) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
            self.kind = kind
            self.truncated = truncated
            self.firstPart = 0
            self.partCount = 0
        }
    }

    /// A half-open stretch of the block.
    public struct Extent: Sendable, Equatable {
        /// Offset of the first byte.
        public var start: UInt32
        /// Offset after the last byte.
        public var end: UInt32

        /// Makes the extent start ..< end.
        public init(start: Int, end: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
        }
    }

    /// The records, ascending by `start`.
    public var records: [Record] = []
    /// The pieces of records that other writers' lines interrupt, in order; a record's text is its
    /// pieces one after the other, line ends included, since a line may be cut between two.
    public var parts: [Extent] = []
    /// What was damaged, at offsets of the block: stretches that are part of no record.
    public var problems: [Problem] = []
    /// Bytes that belong to no record and are no mere white space, markup or line end.
    public var skippedBytes = 0

    /// Makes an empty table.
    public init() {}

    /// Appends a record made of several pieces between which other records may lie.
    public mutating func append(lines: [Extent], kind: UInt8, truncated: Bool = false) {
        guard let first = lines.first, let last = lines.last else { return }
        var record = Record(
            start: Int(first.start), end: Int(last.end), kind: kind, truncated: truncated)
        record.firstPart = UInt32(parts.count)
        record.partCount = UInt32(lines.count)
        parts.append(contentsOf: lines)
        records.append(record)
    }
}
