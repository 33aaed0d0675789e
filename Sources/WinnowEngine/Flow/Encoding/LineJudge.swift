import WinnowKit

/// Reads a line that is not, or not certainly, UTF-8.
///
/// Of all ways to read the line as characters of UTF-8, GBK (GB18030), Windows-1252 and code page
/// 850, the cheapest is taken: each character costs what `ReadingCost` says, changing the encoding
/// costs, and beginning with one costs by how much of the input so far was read in it. So a line in
/// one encoding is read in it as a whole, a UTF-8 line with a cut character stays UTF-8, and a GBK
/// message behind a UTF-8 text is read as both. The search is Viterbi's: linear in the line.
///
/// Bytes that no reading explains stay as they are; whoever prints them replaces them.
struct LineJudge {
    /// A stretch of the line in one encoding.
    struct Piece: Equatable {
        /// Bytes of the line, ASCII included.
        var range: Range<Int>
        var reading: Reading
        /// Offset of the first byte that is no ASCII, or nil.
        var firstHigh: Int?
        /// Offset of the first byte that belongs to no character (UTF-8 only), or nil.
        var firstDamage: Int?
    }

    /// The cheapest way to a place with a reading, and the step that led there.
    private struct Cell {
        var cost = LineJudge.unreached
        var from: Int32 = 0
        /// The reading before the step.
        var before: UInt8 = 0
        var isHigh = false
        var isDamage = false
    }

    // Cell of place p and reading r: 4 p + r. Kept from line to line for its memory.
    private var cells: [Cell] = []
    private var isAvailable = [true, true, true, true]

    private static let readings = Reading.allCases.count
    private static let unreached = Int32.max / 2

    /// Leaves a reading out whose code page is not installed.
    mutating func exclude(_ reading: Reading) { isAvailable[reading.rawValue] = false }

    /// Reads `line`.
    ///
    /// - Parameters:
    ///   - line: Some 16 KiB at most, without the line's end.
    ///   - before: The two bytes before it, the nearer one first.
    ///   - entry: What beginning with each reading costs.
    /// - Returns: Pieces, one after the other, that cover the line.
    mutating func read(
        _ line: UnsafeRawBufferPointer, before: (UInt8, UInt8), entry: [Int32]
    ) -> [Piece] {
        let size = (line.count + 1) * LineJudge.readings
        if cells.count < size {
            cells += repeatElement(Cell(), count: size - cells.count)
        }
        let available = isAvailable
        return cells.withUnsafeMutableBufferPointer { cells in
            for i in 0..<size { cells[i].cost = LineJudge.unreached }
            for r in 0..<LineJudge.readings where available[r] { cells[r].cost = entry[r] }
            var search = Search(
                bytes: ReadingCost.Context(bytes: line, before: before), cells: cells,
                isAvailable: available)
            search.run()
            return search.pieces()
        }
    }

    private struct Search {
        let bytes: ReadingCost.Context
        let cells: UnsafeMutableBufferPointer<Cell>
        let isAvailable: [Bool]
        /// The farthest place that a character reaches.
        var reach = 0

        mutating func run() {
            let line = bytes.bytes
            var i = 0
            while i < line.count {
                if line[i] >= 0x80 {
                    takeCharacters(at: i)
                    i += 1
                    continue
                }
                // Where no character reaches over it, a stretch of ASCII is one step.
                var end = i + 1
                if reach <= i { while end < line.count, line[end] < 0x80 { end += 1 } }
                for r in 0..<LineJudge.readings {
                    let source = cells[i * LineJudge.readings + r].cost
                    let target = end * LineJudge.readings + r
                    if source < cells[target].cost {
                        cells[target] = Cell(cost: source, from: Int32(i), before: UInt8(r))
                    }
                }
                reach = max(reach, end)
                i = end
            }
        }

        /// Tries every character that may begin at `i`.
        private mutating func takeCharacters(at i: Int) {
            let line = bytes.bytes
            let here = cells.baseAddress.map { $0 + i * LineJudge.readings }
            guard let here else { return }
            var best = 0
            for r in 1..<LineJudge.readings where here[r].cost < here[best].cost { best = r }
            guard here[best].cost < LineJudge.unreached else { return }
            let change =
                bytes[i - 1] >= 0x80
                ? ReadingCost.changeWithinRun : ReadingCost.changeAfterASCII
            let origin = Origin(
                place: i, cells: here, best: best, changed: here[best].cost + change)

            let length = UTF8Text.validLength(line, at: i)
            if length > 0 {
                take(.utf8, length, ReadingCost.utf8(bytes, at: i, length: length), origin)
            } else {
                let cut = UTF8Cut.length(line, at: i)
                let price =
                    switch cut {
                    case 0: ReadingCost.strayByte
                    case 1: ReadingCost.cutLead
                    default: ReadingCost.cutCharacter
                    }
                take(.utf8, max(1, cut), price, origin, isDamage: true)
            }
            take(.windows1252, 1, ReadingCost.windows1252(bytes, at: i), origin)
            take(.cp850, 1, ReadingCost.cp850(bytes, at: i), origin)
            switch GBKForm.length(line, at: i) {
            case 2:
                // A letter before a hanzi is odd, unless it is the second half of another.
                let odd = ReadingCost.letterBeforeHanzi(bytes, at: i)
                let followsPair = here[Reading.gbk.rawValue].isHigh
                take(
                    .gbk, 2, ReadingCost.gbk(bytes, at: i) + (followsPair ? 0 : odd), origin,
                    entering: followsPair ? odd : 0)
            case 4: take(.gbk, 4, ReadingCost.gb18030, origin)
            default: break
            }
        }

        /// A place from which characters are tried.
        private struct Origin {
            let place: Int
            let cells: UnsafeMutablePointer<Cell>
            /// The cheapest reading there.
            let best: Int
            /// What it costs with a change from it.
            let changed: Int32
        }

        @inline(__always)
        private mutating func take(
            _ reading: Reading, _ length: Int, _ price: Int32, _ origin: Origin,
            entering: Int32 = 0, isDamage: Bool = false
        ) {
            let r = reading.rawValue
            guard price < ReadingCost.impossible, isAvailable[r] else { return }
            let staying = origin.cells[r].cost
            let changed = origin.changed + entering
            let stays = staying <= changed
            let cost = (stays ? staying : changed) + price
            let target = origin.cells + (length * LineJudge.readings + r)
            if cost < target.pointee.cost {
                target.pointee = Cell(
                    cost: cost, from: Int32(origin.place),
                    before: UInt8(stays ? r : origin.best), isHigh: true, isDamage: isDamage)
            }
            reach = max(reach, origin.place + length)
        }

        /// The cheapest way, from its end to its beginning and turned round.
        func pieces() -> [Piece] {
            var place = bytes.bytes.count
            guard place > 0 else { return [] }
            var reading = 0
            for r in 1..<LineJudge.readings {
                let here = place * LineJudge.readings
                if cells[here + r].cost < cells[here + reading].cost { reading = r }
            }
            var found: [Piece] = []
            while place > 0 {
                let cell = cells[place * LineJudge.readings + reading]
                let from = Int(cell.from)
                let word = Reading(rawValue: reading) ?? .utf8
                if found.last?.reading != word {
                    found.append(Piece(range: from..<place, reading: word))
                }
                let last = found.count - 1
                found[last].range = from..<found[last].range.upperBound
                if cell.isHigh { found[last].firstHigh = from }
                if cell.isDamage { found[last].firstDamage = from }
                place = from
                reading = Int(cell.before)
            }
            return found.reversed()
        }
    }
}

/// The form of GB18030 characters.
enum GBKForm {
    /// True when every run of high bytes is two or more everyday characters: hanzi of GB2312's
    /// first level, or punctuation. Such a line needs no search in an input that is GBK.
    static func isPlain(_ line: UnsafeRawBufferPointer) -> Bool {
        var i = 0
        while i < line.count {
            if line[i] < 0x80 {
                i += 1
                continue
            }
            let start = i
            while i + 1 < line.count, line[i] >= 0x80 {
                switch line[i] {
                case 0xB0...0xD7, 0xA1, 0xA3: break
                default: return false
                }
                if line[i + 1] < 0xA1 || line[i + 1] == 0xFF { return false }
                i += 2
            }
            if i - start < 4 || (i < line.count && line[i] >= 0x80) { return false }
        }
        return true
    }

    /// Length of what has the form of a GB18030 character at `at`: 2, 4, or 0 for none.
    static func length(_ bytes: UnsafeRawBufferPointer, at: Int) -> Int {
        guard at + 1 < bytes.count, (0x81...0xFE).contains(bytes[at]) else { return 0 }
        switch bytes[at + 1] {
        case 0x40...0x7E, 0x80...0xFE: return 2
        case 0x30...0x39
        where at + 3 < bytes.count && (0x81...0xFE).contains(bytes[at + 2])
            && (0x30...0x39).contains(bytes[at + 3]):
            return 4
        default: return 0
        }
    }
}

/// UTF-8 characters without their end.
enum UTF8Cut {
    /// Length of the longest beginning of a UTF-8 character at `at` that is not a whole one: 0 to
    /// 3.
    ///
    /// Source: Unicode 15, section 3.9, maximal subparts.
    static func length(_ bytes: UnsafeRawBufferPointer, at: Int) -> Int {
        let first = bytes[at]
        let wanted: Int
        switch first {
        case 0xC2...0xDF: wanted = 2
        case 0xE0...0xEF: wanted = 3
        case 0xF0...0xF4: wanted = 4
        default: return 0
        }
        var length = 1
        while length < wanted, at + length < bytes.count {
            let byte = bytes[at + length]
            guard byte & 0xC0 == 0x80 else { break }
            if length == 1 {
                switch (first, byte) {
                case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 1
                default: break
                }
            }
            length += 1
        }
        return length < wanted ? length : 0
    }
}
