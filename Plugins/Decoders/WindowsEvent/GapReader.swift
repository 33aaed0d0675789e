import WinnowKit

/// Judges what stands between events: what exporters and forwarders put there is passed over, all
/// else is one problem a gap, and its bytes are counted.
///
/// Passed over: white space, byte order marks (joined files), the `- ` of a tree copied from Event
/// Viewer, `Record N` lines of evtx_dump, the version line of evtxexport, and what a forwarder puts
/// before an event on its line. A line is judged when it is complete.
struct GapReader {
    /// Most bytes that a forwarder may put before an event.
    static let maxHeaderBytes = 1024

    /// Where the text begins that may turn out to be a companion of events; nil: there is none.
    private(set) var pendingStart: Int?
    /// How many bytes of it are no white space.
    private var pendingCount = 0
    private var isLineStart = true
    /// Whether this gap's problem was told.
    private var isGarbage = false
    /// In XML of another kind, of which text is a natural part.
    private var isForeign = false
    private var sawForeign = false
    private var sawEvent = false

    /// Offsets count from `count` bytes further on.
    mutating func consume(_ count: Int) {
        if let start = pendingStart { pendingStart = start - count }
    }

    /// Reads text.
    ///
    /// - Returns: The end of `range`, or where bytes begin that only more bytes make clear.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, atEnd: Bool,
        _ table: inout RecordTable
    ) -> Int {
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = bytes[i]
            if XMLBytes.isSpace(byte) {
                if byte == 0x0A || byte == 0x0D {
                    endLine(bytes, at: i, &table)
                    isLineStart = true
                }
            } else if byte == UInt8(ascii: "-"), pendingStart == nil, !isGarbage {
                // A mark of the tree, or a dash that is not worth a word.
            } else if byte == 0xEF, pendingStart == nil {
                let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
                let there = bytes[i..<min(i + 3, bytes.count)]
                if there.elementsEqual(mark) {
                    i += 2
                } else if !atEnd, mark.starts(with: there) {
                    return i
                } else {
                    plain(byte, at: i, &table)
                }
            } else {
                plain(byte, at: i, &table)
            }
            i += 1
        }
        return i
    }

    /// Reads markup that is none, or has no place here, as text.
    mutating func readPlainly(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ table: inout RecordTable
    ) {
        for i in range {
            if !XMLBytes.isSpace(bytes[i]) {
                plain(bytes[i], at: i, &table)
            } else if bytes[i] == 0x0A || bytes[i] == 0x0D {
                endLine(bytes, at: i, &table)
                isLineStart = true
            }
        }
    }

    private mutating func plain(_ byte: UInt8, at offset: Int, _ table: inout RecordTable) {
        if isGarbage || isForeign {
            table.skippedBytes += 1
        } else if let start = pendingStart {
            pendingCount += 1
            if offset - start > GapReader.maxHeaderBytes { becomeGarbage(byte, &table) }
        } else {
            pendingStart = offset
            pendingCount = 1
            if !isLineStart || byte == 0 { becomeGarbage(byte, &table) }
        }
    }

    private mutating func becomeGarbage(_ byte: UInt8, _ table: inout RecordTable) {
        guard let start = pendingStart else { return }
        let reason =
            byte == 0 ? "NUL bytes between events" : "text between events that is no event"
        table.problems.append(Problem(offset: start, reason: reason, lostRecord: false))
        table.skippedBytes += pendingCount
        pendingStart = nil
        isGarbage = true
    }

    /// At a line end, the text before it was no forwarder's header.
    private mutating func endLine(
        _ bytes: UnsafeRawBufferPointer, at end: Int, _ table: inout RecordTable
    ) {
        guard let start = pendingStart else { return }
        if EventClaim.isCompanionLine(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
            pendingStart = nil
        } else {
            becomeGarbage(bytes[start], &table)
        }
    }

    /// A start tag named Event follows.
    mutating func meetEvent(_ table: inout RecordTable) {
        pendingStart = nil
        isGarbage = false
        isForeign = false
        sawEvent = true
    }

    /// An event ended.
    mutating func leaveEvent() { isLineStart = false }

    /// An XML declaration or another instruction follows: a header may go on behind it.
    mutating func meetInstruction() { isLineStart = false }

    /// Other markup follows.
    mutating func meetMarkup(_ bytes: UnsafeRawBufferPointer, _ table: inout RecordTable) {
        if let start = pendingStart { becomeGarbage(bytes[start], &table) }
        isLineStart = false
    }

    /// An element follows that is neither Event nor Events.
    mutating func meetForeignElement(_ bytes: UnsafeRawBufferPointer, _ table: inout RecordTable) {
        meetMarkup(bytes, &table)
        sawForeign = true
        if !sawEvent && !isGarbage { isForeign = true }
    }

    /// The input ends.
    mutating func end(_ bytes: UnsafeRawBufferPointer, _ table: inout RecordTable) {
        endLine(bytes, at: bytes.count, &table)
        if sawForeign && !sawEvent {
            table.problems.append(
                Problem(
                    offset: bytes.count, reason: "no Windows event in this XML", lostRecord: false))
        }
    }
}
