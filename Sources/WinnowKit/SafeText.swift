/// Bytes as UTF-8 that may be damaged.
public enum UTF8Text {
    /// Length of the well-formed sequence at `at` (1 to 4), or 0 when there is none.
    ///
    /// Source: Unicode 15, table 3-7 (well-formed UTF-8 byte sequences).
    @inline(__always)
    public static func validLength(_ bytes: UnsafeRawBufferPointer, at: Int) -> Int {
        let first = bytes[at]
        if first < 0x80 { return 1 }
        let left = bytes.count - at
        func continues(_ i: Int) -> Bool { bytes[at + i] & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF:
            return left >= 2 && continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, continues(1), continues(2) else { return 0 }
            if first == 0xE0 && bytes[at + 1] < 0xA0 { return 0 }
            if first == 0xED && bytes[at + 1] > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left >= 4, continues(1), continues(2), continues(3) else { return 0 }
            if first == 0xF0 && bytes[at + 1] < 0x90 { return 0 }
            if first == 0xF4 && bytes[at + 1] > 0x8F { return 0 }
            return 4
        default:
            return 0
        }
    }

    /// The scalar of a well-formed sequence of `length` bytes.
    @inline(__always)
    public static func scalar(_ bytes: UnsafeRawBufferPointer, at: Int, length: Int) -> UInt32 {
        switch length {
        case 1: return UInt32(bytes[at])
        case 2: return UInt32(bytes[at] & 0x1F) << 6 | UInt32(bytes[at + 1] & 0x3F)
        case 3:
            return UInt32(bytes[at] & 0x0F) << 12 | UInt32(bytes[at + 1] & 0x3F) << 6
                | UInt32(bytes[at + 2] & 0x3F)
        default:
            return UInt32(bytes[at] & 0x07) << 18 | UInt32(bytes[at + 1] & 0x3F) << 12
                | UInt32(bytes[at + 2] & 0x3F) << 6 | UInt32(bytes[at + 3] & 0x3F)
        }
    }

    /// Offset of the first byte that is not part of well-formed UTF-8, or nil when all is.
    public static func firstInvalid(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var i = 0
        let count = bytes.count
        while i < count {
            while i + 8 <= count {
                let word = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                i += 8
            }
            if i >= count { break }
            let length = validLength(bytes, at: i)
            if length == 0 { return i }
            i += length
        }
        return nil
    }

    /// At most `limit` bytes of `bytes` as a string, cut on a character boundary, damage replaced
    /// by U+FFFD; the string's UTF-8 is at most `limit` bytes long as well.
    public static func prefix(_ bytes: UnsafeRawBufferPointer, limit: Int) -> String {
        var text = String(decoding: bytes.prefix(limit + 4), as: UTF8.self)
        if text.utf8.count > limit {
            var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
            while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
                end = text.utf8.index(before: end)
            }
            text = String(text[..<end])
        }
        return text
    }
}

/// Text that cannot steer a terminal or reorder what a person reads.
public enum SafeText {
    /// True for characters that must not reach a terminal: C0 except tab and line feed, DEL, C1,
    /// U+2028, U+2029, and the bidirectional controls U+202A-E and U+2066-9.
    @inline(__always)
    public static func isUnsafe(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The text with every unsafe character written as `\u{…}`.
    public static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isUnsafe($0.value) }) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar.value) {
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// As `escaped`, with tabs as blanks and line feeds as `\n`: one line whatever the text holds.
    public static func escapedLine(_ text: String) -> String {
        var out = ""
        for scalar in escaped(text).unicodeScalars {
            switch scalar {
            case "\n": out += "\\n"
            case "\t": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
