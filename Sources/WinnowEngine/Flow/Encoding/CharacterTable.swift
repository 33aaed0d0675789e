/// One character of a code page after the other, as iconv reads them.
///
/// Asking iconv costs more than looking up what it said before, so its answers are kept: 256 for
/// single bytes, 65,536 for pairs. Only for encodings without shift states in which bytes below
/// 0x80 are ASCII wherever a character begins.
final class CharacterTable {
    /// What the bytes at a place are.
    enum Character {
        /// A character: at most 7 bytes of UTF-8, first byte lowest; none for one without meaning.
        case complete(utf8: UInt64, utf8Length: Int, storedLength: Int)
        /// The beginning of one.
        case incomplete
        /// None; the first byte is best skipped.
        case invalid
    }

    private let iconv: IconvDescriptor
    // Answers: 0 not asked yet; else 0x80 + UTF-8 length, or one of these, in the lowest byte.
    private static let incomplete: UInt64 = 1
    private static let invalid: UInt64 = 2
    // Memory of its own: an array in a class is checked at every access.
    private let single = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
    private let pairs = UnsafeMutablePointer<UInt64>.allocate(capacity: 65_536)

    /// Longest character of any encoding that iconv reads without shift states.
    private static let maxLength = 4

    /// nil when iconv does not know the encoding, or when it is not as described above.
    init?(iconvName: String) {
        guard let iconv = IconvDescriptor(iconvName) else { return nil }
        self.iconv = iconv
        single.initialize(repeating: 0, count: 256)
        pairs.initialize(repeating: 0, count: 65_536)
        for byte in 0..<128 {
            guard answer([UInt8(byte)]) == UInt64(byte) << 8 | 0x81 else { return nil }
        }
    }

    deinit {
        single.deallocate()
        pairs.deallocate()
    }

    /// The character at `at`, which must lie within `bytes`.
    func character(_ bytes: UnsafeRawBufferPointer, at: Int) -> Character {
        let first = Int(bytes[at])
        var answer = single[first]
        if answer == 0 {
            answer = self.answer([bytes[at]])
            single[first] = answer
        }
        var length = 1
        if answer == CharacterTable.incomplete {
            guard at + 1 < bytes.count else { return .incomplete }
            let pair = first << 8 | Int(bytes[at + 1])
            answer = pairs[pair]
            if answer == 0 {
                answer = self.answer(Array(bytes[at..<(at + 2)]))
                pairs[pair] = answer
            }
            length = 2
            while answer == CharacterTable.incomplete && length < CharacterTable.maxLength {
                guard at + length < bytes.count else { return .incomplete }
                length += 1
                answer = self.answer(Array(bytes[at..<(at + length)]))
            }
        }
        guard answer & 0x80 != 0 else { return .invalid }
        return .complete(utf8: answer >> 8, utf8Length: Int(answer & 7), storedLength: length)
    }

    private func answer(_ bytes: [UInt8]) -> UInt64 {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { target in
            iconv.reset()
            let result = bytes.withUnsafeBytes { iconv.convert($0, into: target) }
            switch result.outcome {
            case .incomplete: return CharacterTable.incomplete
            case .invalid: return CharacterTable.invalid
            case .complete: break
            }
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[result.written...])
            let length = result.written + iconv.finish(into: rest)
            guard length <= 7 else { return CharacterTable.invalid }
            var utf8: UInt64 = 0
            for i in (0..<length).reversed() { utf8 = utf8 << 8 | UInt64(target[i]) }
            return utf8 << 8 | 0x80 | UInt64(length)
        }
    }
}

/// How far text in a code page was read.
struct CodePageProgress {
    /// The first byte that was not.
    var at = 0
    /// Characters that are no ASCII.
    var characters = 0
    /// Stored bytes of the longest one.
    var longest = 0
}

extension TextOutput {
    /// Appends characters of a code page, up to the end or to the first bytes that are none.
    ///
    /// - Parameters:
    ///   - bytes: Begin, at `progress.at`, with a character.
    ///   - stored: The stored offset of the first byte of `bytes`.
    /// - Returns: True when it ended at the beginning of a character that is cut.
    @discardableResult
    mutating func append(
        _ bytes: UnsafeRawBufferPointer, as table: CharacterTable, stored: Int,
        _ progress: inout CodePageProgress
    ) -> Bool {
        // Collected here: appending a few bytes at a time to an array is slow.
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { space in
            var filled = 0
            defer { append(UnsafeRawBufferPointer(rebasing: space[..<filled])) }
            while progress.at < bytes.count {
                let at = progress.at
                if filled + 8 > space.count {
                    append(UnsafeRawBufferPointer(rebasing: space[..<filled]))
                    filled = 0
                }
                if bytes[at] < 0x80 {
                    let most = min(bytes.count, at + space.count - filled)
                    var end = at + 1
                    while end < most, bytes[end] < 0x80 { end += 1 }
                    place(
                        utf8: written + filled, stored: stored + at, utf8Width: 1, storedWidth: 1,
                        characters: end - at)
                    UnsafeMutableRawBufferPointer(rebasing: space[filled...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[at..<end]))
                    filled += end - at
                    progress.at = end
                    continue
                }
                switch table.character(bytes, at: at) {
                case .complete(let utf8, let length, let storedLength):
                    if length > 0 {
                        place(
                            utf8: written + filled, stored: stored + at, utf8Width: length,
                            storedWidth: storedLength, characters: 1)
                        space.storeBytes(
                            of: utf8.littleEndian, toByteOffset: filled, as: UInt64.self)
                        filled += length
                    }
                    progress.at += storedLength
                    progress.characters += 1
                    progress.longest = max(progress.longest, storedLength)
                case .incomplete: return true
                case .invalid: return false
                }
            }
            return false
        }
    }
}
