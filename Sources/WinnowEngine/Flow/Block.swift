import WinnowKit

/// A stretch of one source that holds whole records, on its way to a worker.
///
/// Owns its bytes; immutable once made, so it may cross threads.
final class Block: Sendable {
    /// Index of the source in the run.
    let source: Int
    /// Index into the run's decoders.
    let decoder: Int
    /// UTF-8; only the first `count` bytes belong to the block.
    let bytes: [UInt8]
    /// Bytes of the block.
    let count: Int
    /// Its records.
    let table: RecordTable
    /// Where its bytes came from.
    let places: PlaceMap
    /// How its lines end.
    let lineBreak: LineBreak
    /// What the reader met in containers and encodings, offsets in this block's bytes.
    let problems: [Problem]

    init(
        source: Int, decoder: Int, bytes: [UInt8], count: Int, table: RecordTable, places: PlaceMap,
        lineBreak: LineBreak, problems: [Problem]
    ) {
        self.source = source
        self.decoder = decoder
        self.bytes = bytes
        self.count = count
        self.table = table
        self.places = places
        self.lineBreak = lineBreak
        self.problems = problems
    }
}

/// A place in an input as stored.
struct Place: Sendable, Equatable {
    /// Index of the segment in its source.
    var segment: Int
    /// Offset in the segment's stored bytes.
    var offset: Int
    /// Line ends before the place: since the segment began where `isAbsolute`, else since the block
    /// began; the sequencer, which knows the lines of earlier blocks, adds those.
    var line: Int
    /// True when `line` counts from the beginning of the segment.
    var isAbsolute: Bool
}

/// Maps a block's UTF-8 offsets to segments and stored offsets.
struct PlaceMap: Sendable {
    /// Offsets of the whole source's UTF-8, exact for this block.
    let offsets: OffsetMap
    /// UTF-8 offset in the source of the block's first byte.
    let base: Int
    /// Segments that the block touches: index and UTF-8 offset in the source of the first byte;
    /// ascending, the first one begins at or before `base`.
    let segments: [(index: Int, start: Int)]

    /// The segment of a block offset, and where it begins in the block (negative: before it).
    func segment(at offset: Int) -> (index: Int, start: Int) {
        var found = segments[0]
        for segment in segments where segment.start <= base + offset { found = segment }
        return (found.index, found.start - base)
    }

    /// The stored offset, in its segment, of a block offset.
    func storedOffset(_ offset: Int) -> Int { offsets.storedOffset(of: base + offset) }

    /// The stored offset after the character that ends at a block offset.
    func storedEnd(_ offset: Int) -> Int { offsets.storedEnd(of: base + offset) }
}

/// Counts line ends of a block in rising order of offsets: each byte is looked at once.
struct LineCounter {
    private let bytes: UnsafeRawBufferPointer
    private let lineBreak: LineBreak
    private var at: Int
    private var lines = 0

    init(_ bytes: UnsafeRawBufferPointer, lineBreak: LineBreak) {
        self.bytes = bytes
        self.lineBreak = lineBreak
        self.at = 0
    }

    /// Line ends in `from ..< to`; starts afresh when `from` lies behind what was counted.
    mutating func lines(from: Int, to: Int) -> Int {
        if from != start || to < at {
            start = from
            at = from
            lines = 0
        }
        lines += LineCounter.count(bytes, at, to, lineBreak)
        at = to
        return lines
    }

    private var start = 0

    /// Line ends in `from ..< to`.
    static func count(
        _ bytes: UnsafeRawBufferPointer, _ from: Int, _ to: Int, _ lineBreak: LineBreak
    ) -> Int {
        guard from < to else { return 0 }
        var n = 0
        switch lineBreak {
        case .lf:
            for byte in UnsafeRawBufferPointer(rebasing: bytes[from..<to]) {
                n &+= byte == 0x0A ? 1 : 0
            }
        case .cr:
            var previous: UInt8 = from > 0 ? bytes[from - 1] : 0
            for i in from..<to {
                let byte = bytes[i]
                if byte == 0x0D || (byte == 0x0A && previous != 0x0D) { n += 1 }
                previous = byte
            }
        }
        return n
    }
}
