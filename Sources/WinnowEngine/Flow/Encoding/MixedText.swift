import WinnowKit

/// Writes lines that `LineJudge` reads, and keeps what an input has shown of its encodings.
///
/// A problem is reported for the first of the lines, one after the other, that are read alike;
/// lines of ASCII between them do not count.
struct MixedText {
    /// Words for the encodings met in the file so far, in their order.
    private(set) var names: [String] = []

    private var judge = LineJudge()
    /// By reading; opened when the first line needs them.
    private var tables: [CharacterTable?] = []
    /// Characters by reading, older ones counting less.
    private var history = [Int](repeating: 0, count: Reading.allCases.count)
    /// What the lines before were read as.
    private var reported: Oddities = []

    /// What can be odd about a line.
    private struct Oddities: OptionSet {
        let rawValue: UInt8
        static let damage = Oddities(rawValue: 1)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ reading: Reading) { rawValue = 1 << UInt8(reading.rawValue) }
    }

    private static let damage = "bytes that are not utf-8"
    /// The word for GBK once a character of four bytes was met.
    private static let gb18030 = "gb18030"
    /// From so many characters on, older ones count half.
    private static let maxHistory = 4096
    /// What each reading costs an input of which nothing is known.
    private static let prior: [Int32] = [0, 25, 20, 40]
    /// The most that history adds to it.
    private static let maxSurprise: Int32 = 80

    /// A new file of a rotated log begins; what was learnt stays.
    mutating func beginSegment() { names = [] }

    /// Notes the word of an encoding that was met.
    mutating func note(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }

    /// True when the input has shown UTF-8 and no other encoding.
    var isOnlyUTF8: Bool { history[0] > 0 && !hasCodePages }

    private var hasCodePages: Bool { history[1...].contains { $0 > 0 } }

    /// Takes note of UTF-8 that went out without being judged.
    mutating func passed(characters: Int) {
        count(.utf8, characters)
        if !reported.isEmpty { reported = [] }
    }

    /// Reports bytes that are not UTF-8, at a UTF-8 offset of the source, once for lines in a row.
    mutating func reportDamage(at offset: Int, _ output: inout TextOutput) {
        if reported.insert(.damage).inserted {
            output.report(MixedText.damage, at: offset)
        }
    }

    /// Judges and writes a line or a part of one.
    ///
    /// - Parameters:
    ///   - line: Begins with a byte above 0x7F; without the line's end.
    ///   - before: The two bytes before it, the nearer one first.
    ///   - stored: The stored offset of its first byte.
    ///   - isWhole: False when the line goes on; then what may be cut stays back.
    /// - Returns: Bytes written; all of them when the line is whole.
    mutating func write(
        _ line: UnsafeRawBufferPointer, before: (UInt8, UInt8), stored: Int, isWhole: Bool,
        _ output: inout TextOutput
    ) -> Int {
        if isWhole && !hasCodePages && UTF8Text.firstInvalid(line) == nil {
            output.copy(line, stored: stored)
            passed(characters: MixedText.characters(line))
            return line.count
        }
        openTables()
        let entry = entryCosts()
        var pieces =
            isWhole && isMostly(.gbk, entry) && GBKForm.isPlain(line)
            ? [LineJudge.Piece(range: 0..<line.count, reading: .gbk, firstHigh: 0)]
            : judge.read(line, before: before, entry: entry)
        if !isWhole { MixedText.cut(&pieces, line) }
        var oddities: Oddities = []
        for piece in pieces {
            report(piece, &oddities, &output)
            let part = UnsafeRawBufferPointer(rebasing: line[piece.range])
            let place = stored + piece.range.lowerBound
            if piece.reading == .utf8 {
                output.copy(part, stored: place)
                count(.utf8, MixedText.characters(part))
            } else {
                write(part, as: piece.reading, stored: place, &output)
            }
        }
        reported = oddities
        return pieces.last?.range.upperBound ?? 0
    }

    /// Writes a piece in a code page.
    private mutating func write(
        _ part: UnsafeRawBufferPointer, as reading: Reading, stored: Int,
        _ output: inout TextOutput
    ) {
        guard let table = tables[reading.rawValue] else { return }
        var progress = CodePageProgress()
        while progress.at < part.count {
            output.append(part, as: table, stored: stored, &progress)
            if progress.at < part.count {
                // A pair that GB18030 leaves out: the judge knows forms, not every character.
                let length = reading == .gbk ? max(1, GBKForm.length(part, at: progress.at)) : 1
                output.put(
                    TextOutput.replacement, length: 3, stored: stored + progress.at,
                    storedLength: length)
                progress.at += length
            }
        }
        if progress.longest == 4, let index = names.firstIndex(of: Reading.gbk.name) {
            names[index] = MixedText.gb18030
        }
        count(reading, progress.characters)
    }

    private mutating func openTables() {
        guard tables.isEmpty else { return }
        tables = [
            nil, CharacterTable(iconvName: "GB18030"), CharacterTable(iconvName: "CP1252"),
            CharacterTable(iconvName: "CP850"),
        ]
        for reading in Reading.allCases where reading != .utf8 && tables[reading.rawValue] == nil {
            judge.exclude(reading)
        }
    }

    /// Says what is odd about a piece that comes next, unless the lines before had it as well.
    private mutating func report(
        _ piece: LineJudge.Piece, _ oddities: inout Oddities, _ output: inout TextOutput
    ) {
        let isDamage = piece.reading == .utf8
        guard let place = isDamage ? piece.firstDamage : piece.firstHigh,
            place < piece.range.upperBound
        else { return }
        if piece.reading != .gbk || !names.contains(MixedText.gb18030) { note(piece.reading.name) }
        let oddity = isDamage ? .damage : Oddities(piece.reading)
        if oddities.insert(oddity).inserted && !reported.contains(oddity) {
            // Up to the first byte that is odd a piece has as many bytes in UTF-8 as stored.
            output.report(
                isDamage
                    ? MixedText.damage : "line is not utf-8; read as \(piece.reading.name)",
                at: output.written + place - piece.range.lowerBound)
        }
    }

    private mutating func count(_ reading: Reading, _ characters: Int) {
        guard characters > 0 else { return }
        if reading == .utf8 { note(reading.name) }
        history[reading.rawValue] += min(characters, MixedText.maxHistory)
        if history.reduce(0, +) > MixedText.maxHistory {
            // What was seen at all stays seen.
            for i in history.indices { history[i] = (history[i] + 1) / 2 }
        }
    }

    /// What it costs a line to begin with each reading: the rarer it was so far, the more.
    private func entryCosts() -> [Int32] {
        let all = history.reduce(0, +)
        return zip(MixedText.prior, history).map { prior, own in
            let ratio = (all + 1) / (own + 1)
            let bits = Int32(max(ratio, 1).bitWidth - 1 - max(ratio, 1).leadingZeroBitCount)
            return prior + min(MixedText.maxSurprise, 10 * bits)
        }
    }

    private func isMostly(_ reading: Reading, _ entry: [Int32]) -> Bool {
        tables[reading.rawValue] != nil && entry.allSatisfy { $0 >= entry[reading.rawValue] }
    }

    /// UTF-8 characters that are no ASCII.
    private static func characters(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var i = 0
        while i < text.count {
            let length = UTF8Text.validLength(text, at: i)
            if length > 1 { count += 1 }
            i += max(1, length)
        }
        return count
    }

    /// Takes the last few bytes back, so that no character is cut.
    private static func cut(_ pieces: inout [LineJudge.Piece], _ line: UnsafeRawBufferPointer) {
        let limit = line.count - 4
        while let last = pieces.last, last.range.lowerBound > limit { pieces.removeLast() }
        guard let last = pieces.last, last.range.upperBound > limit else { return }
        var end = last.range.lowerBound
        while end < limit {
            let form =
                switch last.reading {
                case .utf8:
                    max(UTF8Text.validLength(line, at: end), UTF8Cut.length(line, at: end))
                case .gbk: GBKForm.length(line, at: end)
                case .windows1252, .cp850: 1
                }
            let length = line[end] < 0x80 ? 1 : max(1, form)
            if end + length > limit { break }
            end += length
        }
        if end > last.range.lowerBound {
            pieces[pieces.count - 1].range = last.range.lowerBound..<end
        } else {
            pieces.removeLast()
        }
    }
}
