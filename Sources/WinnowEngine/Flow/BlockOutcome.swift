import WinnowKit

/// What a worker made of a block.
struct BlockOutcome: Sendable {
    /// Index of the source.
    var source: Int
    /// Index of the decoder.
    var decoder: Int
    /// Matches, in record order.
    var signals: [Signal] = []
    /// What records tell of the names of services, in record order.
    var namings: [LearntNaming] = []
    /// The last records, for matches at the beginning of the next block.
    var context: [ContextRecord] = []
    /// Decoded records as JSON lines, when that was asked for.
    var decoded: [DecodedRecord] = []
    /// The JSON lines of `decoded`, one after the other.
    var json: [UInt8] = []
    /// Records by segment: counts by kind.
    var counts: [SegmentCounts] = []
    /// Damage with its places.
    var damage: [Damage] = []
    /// The last own time in the block, which records of later blocks inherit.
    var lastTime: Timestamp?
    /// The first own time in the block.
    var firstTime: Timestamp?
    /// The latest own time behind the block's last match.
    var latest: Timestamp?
    /// The first record of the block with a time, and the first one with another time.
    var firstRecords: [TimedRecord] = []
    /// Line ends in the block: since its beginning, or since its last segment began.
    var lineEnds = 0
    /// True when a segment began inside the block, so that `lineEnds` counts from there.
    var segmentBegan = false
}

/// Records of one segment in one block.
struct SegmentCounts: Sendable {
    var segment: Int
    /// Records by index of the decoder's kinds.
    var byKind: [Int]
    var records = 0
    var matched = 0
    var unmatched = 0
    var damaged = 0
    var truncated = 0
    var skippedBytes = 0
    var firstTime: Timestamp?
    var lastTime: Timestamp?
}

/// A problem with its place.
struct Damage: Sendable {
    var place: Place
    var reason: String
}

/// A decoded record in `BlockOutcome.json`.
struct DecodedRecord: Sendable {
    /// End of the record's line in `json`; it begins where the one before ends.
    var end: Int
    /// Where the line number belongs.
    var lineAt: Int
    /// Where the mark of an inherited time belongs: behind the brace that opens the fields.
    var fieldsAt: Int
    /// The record's place, its line to be completed.
    var place: Place
    /// The record's time, own or inherited within the block.
    var time: Timestamp?
    /// True when the time must come from a block before this one.
    var awaitsTime: Bool
    /// True when the time is not the record's own.
    var isInherited: Bool
    /// The kind's name.
    var kind: String
}
