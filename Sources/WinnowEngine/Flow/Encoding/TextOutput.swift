import WinnowKit

/// Why a reader of an encoding is called with the bytes it gets.
enum InputEnd {
    /// More bytes will follow.
    case more
    /// A file of a rotated log ends; a character that is cut may go on in the next.
    case segment
    /// Nothing follows.
    case input
}

/// What a reader of an encoding did with the bytes it got.
struct ReadingStep {
    /// Bytes that are done; the others come again, with more behind them.
    var consumed: Int
    /// The encoding of what follows, when it changes here.
    var change: EncodingChange?

    init(consumed: Int, change: EncodingChange? = nil) {
        self.consumed = consumed
        self.change = change
    }
}

/// A change of encoding within an input.
enum EncodingChange {
    case utf16(bigEndian: Bool)
    case eightBit
}

/// The UTF-8 of a source as it grows, with its offsets and problems.
struct TextOutput {
    var bytes: [UInt8] = []
    var map = OffsetMap()
    var problems: [Problem] = []

    /// UTF-8 bytes of the source so far.
    private(set) var written = 0

    /// U+FFFD in UTF-8, first byte lowest.
    static let replacement: UInt64 = 0xBD_BFEF

    /// Appends bytes as they are.
    ///
    /// - Parameter stored: Stored offset of the first one; negative where it lies in the file
    ///   before.
    mutating func copy(_ source: UnsafeRawBufferPointer, stored: Int) {
        guard source.count > 0 else { return }
        place(utf8: written, stored: stored, utf8Width: 1, storedWidth: 1, characters: source.count)
        append(source)
    }

    /// Appends one character: up to 7 bytes of UTF-8, the first one lowest.
    mutating func put(_ utf8: UInt64, length: Int, stored: Int, storedLength: Int) {
        guard length > 0 else { return }
        place(
            utf8: written, stored: stored, utf8Width: length, storedWidth: storedLength,
            characters: 1)
        withUnsafeBytes(of: utf8.littleEndian) {
            append(UnsafeRawBufferPointer(rebasing: $0[..<length]))
        }
    }

    /// Appends UTF-8 whose place is known already.
    mutating func append(_ source: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: source.bindMemory(to: UInt8.self))
        written += source.count
    }

    /// Notes where characters of equal widths come from.
    @inline(__always)
    mutating func place(
        utf8: Int, stored: Int, utf8Width: Int, storedWidth: Int, characters: Int
    ) {
        if stored >= 0 {
            map.append(
                utf8: utf8, stored: stored, utf8Width: utf8Width, storedWidth: storedWidth,
                characters: characters)
        } else {
            placeAcrossFiles(utf8, stored, utf8Width, storedWidth, characters)
        }
    }

    /// A character that began in the file before counts as the first of this one.
    private mutating func placeAcrossFiles(
        _ utf8: Int, _ stored: Int, _ utf8Width: Int, _ storedWidth: Int, _ characters: Int
    ) {
        let before = min(characters, (-stored + storedWidth - 1) / max(1, storedWidth))
        map.append(
            utf8: utf8, stored: 0, utf8Width: utf8Width, storedWidth: 0, characters: before)
        guard characters > before else { return }
        map.append(
            utf8: utf8 + before * utf8Width, stored: stored + before * storedWidth,
            utf8Width: utf8Width, storedWidth: storedWidth, characters: characters - before)
    }

    /// Reports something odd at the end of what is written so far; no record is lost to it.
    mutating func report(_ reason: String) { report(reason, at: written) }

    /// Reports something odd at a UTF-8 offset of the source.
    mutating func report(_ reason: String, at offset: Int) {
        problems.append(Problem(offset: offset, reason: reason, lostRecord: false))
    }
}
