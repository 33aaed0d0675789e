import Glibc

/// What a terminal would not show as text: colours, titles, erase commands, NUL, byte order marks.
///
/// Source: ECMA-48, 5th edition, 5.4 (control sequences) and 5.6 (control strings).
enum TerminalText {
    /// Whether a line may hold anything that `strip` takes out.
    @inline(__always)
    static func isNeeded(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let base = line.baseAddress, line.count > 0 else { return false }
        return memchr(base, 0x1B, line.count) != nil || memchr(base, 0, line.count) != nil
            || (line.count >= 3 && line[0] == 0xEF && line[1] == 0xBB && line[2] == 0xBF)
    }

    /// Copies `line` to `out` without control sequences, NUL and U+FEFF.
    ///
    /// - Returns: Bytes written; never more than the line has.
    static func strip(_ line: UnsafeRawBufferPointer, into out: UnsafeMutablePointer<UInt8>) -> Int
    {
        var n = 0
        var i = 0
        while i < line.count {
            let byte = line[i]
            switch byte {
            case 0x1B:
                i = sequenceEnd(line, i)
            case 0:
                i += 1
            case 0xEF where i + 2 < line.count && line[i + 1] == 0xBB && line[i + 2] == 0xBF:
                i += 3
            default:
                out[n] = byte
                n += 1
                i += 1
            }
        }
        return n
    }

    /// Where the sequence ends whose ESC stands at `at`; one that is not ended takes two bytes, so
    /// that it cannot hide the rest of a line.
    private static func sequenceEnd(_ line: UnsafeRawBufferPointer, _ at: Int) -> Int {
        guard at + 1 < line.count else { return at + 1 }
        var i = at + 2
        switch line[at + 1] {
        case UInt8(ascii: "["):
            while i < line.count, line[i] &- 0x20 < 0x20 { i += 1 }
            return i < line.count && line[i] &- 0x40 < 0x3F ? i + 1 : at + 2
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
            UInt8(ascii: "X"):
            while i < line.count {
                if line[i] == 0x07 { return i + 1 }
                if line[i] == 0x1B {
                    return i + 1 < line.count && line[i + 1] == UInt8(ascii: "\\") ? i + 2 : i
                }
                i += 1
            }
            return at + 2
        case 0x20..<0x30:
            while i < line.count, line[i] &- 0x20 < 0x10 { i += 1 }
            return i < line.count && line[i] &- 0x30 < 0x4F ? i + 1 : at + 2
        case 0x30..<0x7F:
            return at + 2
        default:
            return at + 1
        }
    }
}
