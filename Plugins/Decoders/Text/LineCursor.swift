import WinnowKit

/// A place in a line, with reads that cannot leave it.
///
/// Bytes at and after `limit` read as 0, so a line cut anywhere needs no length checks: no grammar
/// here takes a NUL.
struct LineCursor {
    /// The line.
    let line: UnsafeRawBufferPointer
    /// Byte offset behind the last byte that may be read.
    let limit: Int
    /// Byte offset of the next byte.
    var at: Int

    /// Starts at byte `at`, and reads no byte beyond the first `limit`.
    init(_ line: UnsafeRawBufferPointer, at: Int = 0, limit: Int = .max) {
        self.line = line
        self.limit = min(limit, line.count)
        self.at = min(at, self.limit)
    }

    /// The byte at an offset of the line, 0 outside.
    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        UInt(bitPattern: offset) < UInt(bitPattern: limit) ? line[offset] : 0
    }

    /// The next byte, 0 at the end.
    @inline(__always)
    var byte: UInt8 { self[at] }

    /// True when nothing is left.
    var isAtEnd: Bool { at >= limit }

    /// The bytes from `start` to `end`, fewer where the limit cuts them.
    func bytes(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        let from = max(0, min(start, limit))
        return UnsafeRawBufferPointer(rebasing: line[from..<max(from, min(end, limit))])
    }

    /// The bytes that may be read.
    var head: LineBytes { LineBytes(bytes(0, limit)) }

    /// The bytes from here on.
    var rest: LineBytes { LineBytes(bytes(at, limit)) }

    /// True when `text` stands at `offset`.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, length <= limit - offset else { return false }
        let start = text.utf8Start
        for i in 0..<length where line[offset + i] != start[i] { return false }
        return true
    }

    /// Steps over `text` if it is next.
    mutating func skip(_ text: StaticString) -> Bool {
        guard has(text, at: at) else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// Steps over blanks and tabs.
    mutating func skipBlanks() {
        while byte.isBlank { at += 1 }
    }

    /// Offset of the first `wanted` from `start` on, looking at no more than `reach` bytes.
    func offset(of wanted: UInt8, from start: Int, reach: Int) -> Int? {
        var i = max(0, start)
        let end = min(limit, i + reach)
        while i < end {
            if line[i] == wanted { return i }
            i += 1
        }
        return nil
    }

    /// Steps over a whole number, without sign, as JSON writes one: `0`, `17`, not `007`.
    ///
    /// - Returns: Its extent; nil when there is none or it has more than 20 digits (2^64 has 20).
    mutating func whole() -> Range<Int>? {
        let start = at
        while byte.isDigit, at - start <= 20 { at += 1 }
        guard at > start, at - start <= 20, self[start] != UInt8(ascii: "0") || at == start + 1
        else { return nil }
        return start..<at
    }

    /// Steps over a number with or without decimals, such as `0.19` or `12`, without exponent.
    mutating func decimal() -> Range<Int>? {
        guard let whole = whole() else { return nil }
        guard byte == UInt8(ascii: "."), self[at + 1].isDigit else { return whole }
        let point = at
        at += 1
        while byte.isDigit, at - point <= 20 { at += 1 }
        return at - point <= 20 ? whole.lowerBound..<at : nil
    }
}
