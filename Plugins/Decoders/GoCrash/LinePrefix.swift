/// Bytes that stand before each line of a report, where digits stand for any digits.
///
/// A supervisor or logger that takes a program's output line by line puts its own time and name
/// before each: `2026/11/16 16:32:48 [DEBUG] provider-vm: `.
struct LinePrefix {
    private let pattern: [UInt8]

    /// Learns the prefix from a line's first bytes.
    init(_ bytes: LineBytes) { pattern = Array(bytes.raw) }

    /// Where the text behind the prefix begins in `line`, or nil when the line does not begin so.
    ///
    /// Blanks at the prefix' end may lack on a line that has nothing else.
    func end(in line: LineBytes) -> Int? {
        var i = 0
        var p = 0
        while p < pattern.count {
            let wanted = pattern[p]
            if i == line.count {
                while p < pattern.count, pattern[p].isBlank { p += 1 }
                return p == pattern.count ? i : nil
            }
            if wanted.isDigit {
                guard line[i].isDigit else { return nil }
                while p < pattern.count, pattern[p].isDigit { p += 1 }
                i = line.digitsEnd(i)
            } else if wanted == 0x20 {
                // Columns of numbers are padded with blanks.
                guard line[i] == 0x20 else { return nil }
                while p + 1 < pattern.count, pattern[p + 1] == 0x20 { p += 1 }
                if p + 1 < pattern.count {
                    while i + 1 < line.count, line[i + 1] == 0x20 { i += 1 }
                }
                p += 1
                i += 1
            } else {
                guard line[i] == wanted else { return nil }
                p += 1
                i += 1
            }
        }
        return i
    }
}
