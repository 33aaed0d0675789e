import Glibc

/// The bytes of one line, with the questions that line grammars ask of it.
///
/// A view: valid as long as the memory under it.
struct LineBytes {
    /// The bytes.
    let raw: UnsafeRawBufferPointer

    init(_ raw: UnsafeRawBufferPointer) { self.raw = raw }

    var count: Int { raw.count }

    subscript(i: Int) -> UInt8 {
        @inline(__always) get { raw[i] }
    }

    /// The bytes of a range that lies within the line.
    @inline(__always)
    func slice(_ range: Range<Int>) -> LineBytes {
        LineBytes(UnsafeRawBufferPointer(rebasing: raw[range]))
    }

    /// Whether `text` stands at `at`.
    @inline(__always)
    func has(_ text: StaticString, at: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard at >= 0, count - at >= length, let base = raw.baseAddress else { return false }
        return memcmp(base + at, text.utf8Start, length) == 0
    }

    /// Whether the line ends in `text`, as far as `end`.
    @inline(__always)
    func ends(in text: StaticString, end: Int) -> Bool {
        has(text, at: end - text.utf8CodeUnitCount)
    }

    /// Where `byte` stands first at or after `from`, before `end`.
    @inline(__always)
    func first(_ byte: UInt8, from: Int = 0, end: Int? = nil) -> Int? {
        let end = end ?? count
        guard from < end, let base = raw.baseAddress,
            let hit = memchr(base + from, Int32(byte), end - from)
        else { return nil }
        return UnsafeRawPointer(hit) - base
    }

    /// Where `text` stands first at or after `from`.
    func find(_ text: StaticString, from: Int = 0) -> Int? {
        let length = text.utf8CodeUnitCount
        var at = max(from, 0)
        while count - at >= length {
            guard let hit = first(text.utf8Start[0], from: at, end: count - length + 1) else {
                return nil
            }
            if has(text, at: hit) { return hit }
            at = hit + 1
        }
        return nil
    }

    /// Where `text` stands last, before `end`.
    func findLast(_ text: StaticString, end: Int) -> Int? {
        var at = min(end, count) - text.utf8CodeUnitCount
        while at >= 0 {
            if raw[at] == text.utf8Start[0], has(text, at: at) { return at }
            at -= 1
        }
        return nil
    }

    /// Where the run of digits that begins at `from` ends.
    @inline(__always)
    func digitsEnd(_ from: Int) -> Int {
        var i = from
        while i < count, raw[i].isDigit { i += 1 }
        return i
    }

    /// Where the run of lower-case hexadecimal digits that begins at `from` ends.
    @inline(__always)
    func hexEnd(_ from: Int) -> Int {
        var i = from
        while i < count, raw[i].isHexDigit { i += 1 }
        return i
    }

    /// The number in a run of at most nine digits, or nil.
    func number(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 9 else { return nil }
        var value = 0
        for i in range {
            guard raw[i].isDigit else { return nil }
            value = value * 10 + Int(raw[i] &- 48)
        }
        return value
    }

    /// How many blanks and tabs the line begins with.
    var indent: Int {
        var i = 0
        while i < count, raw[i].isBlank { i += 1 }
        return i
    }

    /// Where the line ends when blanks, tabs and carriage returns at its end are left out.
    var trimmedEnd: Int {
        var end = count
        while end > 0, raw[end - 1].isBlank || raw[end - 1] == 0x0D { end -= 1 }
        return end
    }

    /// The text, damage replaced.
    var string: String { String(decoding: raw, as: UTF8.self) }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 48 < 10 }
    @inline(__always) var isHexDigit: Bool { self &- 48 < 10 || self &- 97 < 6 }
    @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 97 < 26 }
}
