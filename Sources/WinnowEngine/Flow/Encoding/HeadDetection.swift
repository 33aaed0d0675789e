import WinnowKit

/// A byte order mark.
enum ByteOrderMark: Equatable {
    case utf8
    case utf16(bigEndian: Bool)

    /// Bytes of the mark.
    var length: Int { self == .utf8 ? 3 : 2 }

    /// What can be said of the first bytes of a file.
    enum Answer: Equatable {
        case undecided
        case none
        case found(ByteOrderMark)
    }

    /// Looks for a mark at the beginning of `head`; undecided only while `head` is one's beginning.
    static func find(_ head: UnsafeRawBufferPointer, mayGrow: Bool) -> Answer {
        let marks: [(bytes: [UInt8], mark: ByteOrderMark)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16(bigEndian: false)),
            ([0xFE, 0xFF], .utf16(bigEndian: true)),
        ]
        for (bytes, mark) in marks {
            if head.starts(with: bytes) { return .found(mark) }
            if mayGrow && bytes.starts(with: head) { return .undecided }
        }
        return .none
    }
}

/// Tells UTF-16 without a byte order mark from 8-bit text by where NULs stand.
///
/// Looks at the first line that holds anything, so that a live pipe waits for no more than that
/// line, or at the first 4 KiB where that is less.
struct HeadDetection {
    /// What the head says.
    enum Answer: Equatable {
        case undecided
        case eightBit
        case utf16(bigEndian: Bool)
    }

    private static let maxBytes = 4096

    /// Bytes that were looked at already.
    private var searched = 0
    /// True when one of them is more than a line end or a NUL.
    private var hasText = false

    /// Judges a head that begins with the input; the answer does not change with a longer one.
    mutating func judge(_ head: UnsafeRawBufferPointer, mayGrow: Bool) -> Answer {
        let limit = min(head.count, HeadDetection.maxBytes)
        while searched < limit {
            let byte = head[searched]
            searched += 1
            if byte == 0x0A && hasText { return HeadDetection.byNULs(head, searched) }
            if byte != 0 && byte != 0x0A && byte != 0x0D { hasText = true }
        }
        if searched == HeadDetection.maxBytes || !mayGrow {
            return HeadDetection.byNULs(head, searched)
        }
        return .undecided
    }

    private static func byNULs(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Answer {
        var even = 0
        var odd = 0
        for i in 0..<count where bytes[i] == 0 {
            if i & 1 == 0 { even += 1 } else { odd += 1 }
        }
        let most = max(even, odd)
        guard most > 0, min(even, odd) * 8 <= most else { return .eightBit }
        // Text in Latin letters has a NUL in nearly every pair; a line of hanzi only at its end,
        // but then it is no UTF-8.
        let isUsual = most * 10 >= count / 2 * 3
        let endsWithNUL = count >= 2 && bytes[count - 2] == 0
        let head = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        guard isUsual || (endsWithNUL && UTF8Text.firstInvalid(head) != nil) else {
            return .eightBit
        }
        return .utf16(bigEndian: even > odd)
    }
}

/// Signs that the encoding changes at the beginning of a line.
enum LineStart {
    /// What the bytes after a line's end say.
    enum Answer: Equatable {
        case yes
        case no
        /// More bytes are needed.
        case undecided
    }

    /// Pairs of ASCII and NUL that make a line UTF-16LE.
    private static let clearPairs = 8
    /// The same for a whole line, its end included.
    private static let clearPairsOfLine = 3
    /// Printable ASCII bytes that make a line 8-bit.
    private static let clearBytes = 32
    /// The same for a whole line, its end included.
    private static let clearBytesOfLine = 8

    /// Whether 8-bit text goes on as UTF-16LE at `at`.
    static func isUTF16(_ bytes: UnsafeRawBufferPointer, at: Int, mayGrow: Bool) -> Answer {
        var pairs = 0
        while pairs < clearPairs {
            let i = at + 2 * pairs
            if i < bytes.count && !isText(bytes[i]) { return .no }
            guard i + 1 < bytes.count else {
                if mayGrow { return .undecided }
                // The input ends without a line end.
                return pairs >= clearPairs / 2 ? .yes : .no
            }
            if bytes[i + 1] != 0 { return .no }
            pairs += 1
            if bytes[i] == 0x0A && pairs >= clearPairsOfLine { return .yes }
        }
        return .yes
    }

    /// Whether UTF-16 goes on as 8-bit text at `at`.
    ///
    /// Two bytes of printable ASCII are a hanzi or another rare character in UTF-16; that many in a
    /// row are not.
    static func isEightBit(_ bytes: UnsafeRawBufferPointer, at: Int, mayGrow: Bool) -> Answer {
        var count = 0
        while count < clearBytes {
            let i = at + count
            guard i < bytes.count else {
                if mayGrow { return .undecided }
                return count >= clearBytesOfLine ? .yes : .no
            }
            if !isText(bytes[i]) { return .no }
            count += 1
            if bytes[i] == 0x0A && count >= clearBytesOfLine { return .yes }
        }
        return .yes
    }

    private static func isText(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x1B, 0x20...0x7E: true
        default: false
        }
    }
}
