/// A place in a file: 1-based line and column, in characters.
struct Place: Sendable, Equatable, Comparable {
    var line: Int
    var column: Int

    static func < (a: Place, b: Place) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A pack file's bytes with its lines, for diagnostics.
///
/// Lines end at LF, CR LF or CR, as editors count them. libyaml's own line numbers also count
/// U+0085, U+2028 and U+2029, so only its character indexes are used.
struct SourceText: Sendable {
    /// The file as the user named it.
    let path: String
    /// Valid UTF-8.
    let bytes: [UInt8]
    private let lines: [LineStart]
    /// The first byte of each so many characters: the way to one in a long line is short.
    private let marks: [Int]
    private static let markStep = 1024
    /// True when the first character is a byte order mark.
    let hasByteOrderMark: Bool

    private struct LineStart: Sendable {
        var byte: Int
        var character: Int
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var lines = [LineStart(byte: 0, character: 0)]
        var marks: [Int] = []
        var character = 0
        for i in bytes.indices {
            let byte = bytes[i]
            if byte & 0xC0 != 0x80 {
                if character % SourceText.markStep == 0 { marks.append(i) }
                character += 1
            }
            if byte == 0x0A
                || (byte == 0x0D && (i + 1 == bytes.count || bytes[i + 1] != 0x0A))
            {
                lines.append(LineStart(byte: i + 1, character: character))
            }
        }
        self.lines = lines
        self.marks = marks
    }

    /// The place of the character with the index `character` in the file.
    func place(character: Int) -> Place {
        let line = lastLine { $0.character <= character }
        return Place(line: line + 1, column: column(character - lines[line].character, line: line))
    }

    /// The place of the character that the byte at `byte` belongs to.
    func place(byte: Int) -> Place {
        let line = lastLine { $0.byte <= byte }
        let mark = SourceText.last(marks.count) { marks[$0] <= byte }
        let end = min(byte, bytes.count)
        // Bytes that are no UTF-8 may stand before the first character.
        let before = bytes[min(marks.isEmpty ? 0 : marks[mark], end)..<end]
        let count = before.reduce(mark * SourceText.markStep) {
            $0 + ($1 & 0xC0 != 0x80 ? 1 : 0)
        }
        return Place(
            line: line + 1, column: column(count - lines[line].character, line: line))
    }

    /// The offset of the first byte of the character with the index `character`.
    func byteOffset(character: Int) -> Int {
        guard !marks.isEmpty else { return 0 }
        let mark = min(max(character, 0) / SourceText.markStep, marks.count - 1)
        var byte = marks[mark]
        var left = character - mark * SourceText.markStep
        while byte < bytes.count {
            if bytes[byte] & 0xC0 != 0x80 {
                if left == 0 { break }
                left -= 1
            }
            byte += 1
        }
        return byte
    }

    /// A line without its end, or nil beyond the last one.
    func text(line: Int) -> String? {
        guard line >= 1, line <= lines.count else { return nil }
        let start = lines[line - 1].byte
        var end = line < lines.count ? lines[line].byte : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        let skipped = line == 1 && hasByteOrderMark ? 3 : 0
        return String(decoding: bytes[min(start + skipped, end)..<end], as: UTF8.self)
    }

    /// What a diagnostic shows of a line, and its column in that: all of it, or of a long one what
    /// stands around the column.
    func excerpt(line: Int, column: Int) -> (text: String?, column: Int) {
        guard line >= 1, line <= lines.count else { return (nil, column) }
        let start = lines[line - 1].byte
        let end = line < lines.count ? lines[line].byte : bytes.count
        guard end - start > SourceText.maxShown else { return (text(line: line), column) }
        let at = byteOffset(character: lines[line - 1].character + max(column - 1, 0))
        var first = max(start, at - SourceText.maxShown / 2)
        while first > start, bytes[first] & 0xC0 == 0x80 { first -= 1 }
        let last = min(end, first + SourceText.maxShown)
        let shown = String(decoding: bytes[first..<last], as: UTF8.self)
        let before = bytes[first..<max(first, min(at, last))].reduce(0) {
            $0 + ($1 & 0xC0 != 0x80 ? 1 : 0)
        }
        return (String(shown.prefix { !$0.isNewline }), before + 1)
    }

    /// Most bytes of a line that a diagnostic keeps.
    private static let maxShown = 2048

    private func column(_ charactersBefore: Int, line: Int) -> Int {
        let skipped = line == 0 && hasByteOrderMark && charactersBefore > 0 ? 1 : 0
        return charactersBefore - skipped + 1
    }

    /// The last line for whose start `holds` is true; it is for the first.
    private func lastLine(where holds: (LineStart) -> Bool) -> Int {
        SourceText.last(lines.count) { holds(lines[$0]) }
    }

    /// The last of some positions for which `holds` is true, by bisection; the first if none is.
    private static func last(_ count: Int, where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low
    }
}
