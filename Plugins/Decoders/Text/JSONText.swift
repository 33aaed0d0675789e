import Glibc
import WinnowKit

/// Reads the outermost members of a JSON object on one line, without building anything.
struct JSONText {
    /// What kind of value a member has.
    enum Value { case string, number, object, array, word }

    /// One member of the object.
    struct Member {
        /// The key between its quotes.
        var key: Range<Int>
        /// What the value is.
        var type: Value
        /// The value; a string's between its quotes.
        var value: Range<Int>
    }

    private let line: LineBytes
    private var at: Int
    private var isOpen: Bool

    /// Begins at the line's first byte, which must be the opening brace.
    init(_ line: LineBytes) {
        self.line = line
        isOpen = line.count > 1 && line[0] == UInt8(ascii: "{")
        at = 1
    }

    /// The next member, or nil at the end or where the text is no JSON.
    mutating func next() -> Member? {
        guard isOpen else { return nil }
        skipSpace()
        if at < line.count, line[at] == UInt8(ascii: ",") {
            at += 1
            skipSpace()
        }
        isOpen = false
        guard let key = string() else { return nil }
        skipSpace()
        guard at < line.count, line[at] == UInt8(ascii: ":") else { return nil }
        at += 1
        skipSpace()
        guard at < line.count else { return nil }
        let start = at
        let type: Value
        switch line[at] {
        case UInt8(ascii: "\""):
            guard let value = string() else { return nil }
            isOpen = true
            return Member(key: key, type: .string, value: value)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            type = line[at] == UInt8(ascii: "{") ? .object : .array
            guard skipNested() else { return nil }
        default:
            type = line[at] == UInt8(ascii: "-") || line[at].isDigit ? .number : .word
            while at < line.count, line[at] != UInt8(ascii: ","), line[at] != UInt8(ascii: "}") {
                at += 1
            }
        }
        isOpen = true
        return Member(key: key, type: type, value: start..<at)
    }

    private mutating func skipSpace() {
        while at < line.count, line[at].isBlank { at += 1 }
    }

    /// The string that begins at `at`, between its quotes.
    private mutating func string() -> Range<Int>? {
        guard at < line.count, line[at] == UInt8(ascii: "\"") else { return nil }
        let start = at + 1
        guard let end = JSONText.stringEnd(line, from: start) else { return nil }
        at = end + 1
        return start..<end
    }

    /// Where the quote stands that ends the string whose text begins at `from`.
    static func stringEnd(_ line: LineBytes, from: Int) -> Int? {
        var i = from
        while let quote = line.first(UInt8(ascii: "\""), from: i) {
            var slashes = 0
            while quote - slashes > from, line[quote - slashes - 1] == UInt8(ascii: "\\") {
                slashes += 1
            }
            if slashes % 2 == 0 { return quote }
            i = quote + 1
        }
        return nil
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while at < line.count {
            switch line[at] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    at += 1
                    return true
                }
            case UInt8(ascii: "\""):
                guard let end = JSONText.stringEnd(line, from: at + 1) else { return false }
                at = end
            default: break
            }
            at += 1
        }
        return false
    }

    /// Copies a string's text to `out` with its escapes undone; never longer than the source.
    static func unescape(
        _ line: LineBytes, _ range: Range<Int>, into out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var n = 0
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = line[i]
            i += 1
            guard byte == UInt8(ascii: "\\"), i < range.upperBound else {
                out[n] = byte
                n += 1
                continue
            }
            let escape = line[i]
            i += 1
            switch escape {
            case UInt8(ascii: "n"): out[n] = 0x0A
            case UInt8(ascii: "r"): out[n] = 0x0D
            case UInt8(ascii: "t"): out[n] = 0x09
            case UInt8(ascii: "b"): out[n] = 0x08
            case UInt8(ascii: "f"): out[n] = 0x0C
            case UInt8(ascii: "u"):
                guard var scalar = unit(line, i, range.upperBound) else {
                    out[n] = escape
                    break
                }
                i += 4
                if scalar & 0xFC00 == 0xD800, line.has("\\u", at: i),
                    let low = unit(line, i + 2, range.upperBound), low & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
                    i += 6
                }
                n += utf8(scalar & 0xFFFF_F800 == 0xD800 ? 0xFFFD : scalar, out + n)
                continue
            default: out[n] = escape
            }
            n += 1
        }
        return n
    }

    private static func unit(_ line: LineBytes, _ at: Int, _ end: Int) -> UInt32? {
        guard at + 4 <= end else { return nil }
        var value: UInt32 = 0
        for i in at..<at + 4 {
            let byte = line[i] | 0x20
            guard line[i].isDigit || byte &- 97 < 6 else { return nil }
            value = value << 4 | UInt32(line[i].isDigit ? line[i] &- 48 : byte &- 87)
        }
        return value
    }

    private static func utf8(_ scalar: UInt32, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift) & 0x3F) }
        switch scalar {
        case 0..<0x80:
            out[0] = UInt8(scalar)
            return 1
        case 0..<0x800:
            out[0] = UInt8(0xC0 | scalar >> 6)
            out[1] = tail(0)
            return 2
        case 0..<0x10000:
            out[0] = UInt8(0xE0 | scalar >> 12)
            out[1] = tail(6)
            out[2] = tail(0)
            return 3
        default:
            out[0] = UInt8(0xF0 | (scalar >> 18) & 7)
            out[1] = tail(12)
            out[2] = tail(6)
            out[3] = tail(0)
            return 4
        }
    }
}

/// Memory for one unescaped string; the text lives until the next one.
final class UnescapeBuffer {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity = 256

    init() { bytes = .allocate(capacity: capacity) }

    deinit { bytes.deallocate() }

    /// The text of a string in `line`, its escapes undone.
    func unescape(_ line: LineBytes, _ range: Range<Int>) -> LineBytes {
        if range.count > capacity {
            bytes.deallocate()
            capacity = range.count * 2
            bytes = .allocate(capacity: capacity)
        }
        let count = JSONText.unescape(line, range, into: bytes)
        return LineBytes(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}
