import WinnowKit

/// How a character of an 8-bit input is read.
enum Reading: Int, CaseIterable {
    case utf8, gbk, windows1252, cp850

    /// The word for the manifest and for problems.
    var name: String {
        switch self {
        case .utf8: "utf-8"
        case .gbk: "gbk"
        case .windows1252: "windows-1252"
        case .cp850: "cp850"
        }
    }
}

/// What it costs to take bytes for a character: tenths of a bit, roughly minus the logarithm of how
/// often the character stands at such a place in logs of that encoding.
///
/// Coarse on purpose: classes of characters, not single ones. What decides is that hanzi of
/// everyday text are nearly all of GB2312's first level, come in pairs of high bytes and seldom
/// touch Latin letters, while letters with accents and umlauts stand alone between Latin letters.
///
/// Sources: GB 2312-80 and GBK 1.0 (rows of the code table), Windows-1252 and code page 850 as
/// Microsoft documents them.
enum ReadingCost {
    /// Not to be had at any price.
    static let impossible: Int32 = 10_000

    /// A byte that belongs to nothing.
    static let strayByte: Int32 = 170
    /// A UTF-8 character that lost its end.
    static let cutCharacter: Int32 = 120
    /// A lead byte alone could be a Latin letter as well.
    static let cutLead: Int32 = 160

    /// Changing the encoding between two high bytes that touch.
    static let changeWithinRun: Int32 = 120
    /// Changing the encoding where ASCII lies between.
    static let changeAfterASCII: Int32 = 80

    /// A well-formed UTF-8 sequence of `length` bytes.
    static func utf8(_ bytes: Context, at i: Int, length: Int) -> Int32 {
        let first = bytes[i]
        let second = bytes[i + 1]
        switch length {
        case 2:
            switch first {
            case 0xC2:
                // Go prints durations such as 190µs in UTF-8 whatever else is in the log.
                if second == 0xB5, isDigit(bytes[i - 1]), bytes[i + 2] == UInt8(ascii: "s") {
                    return -100
                }
                return bytes[i - 1] < 0x80 ? 70 : 100
            case 0xC3...0xC5:
                let touches = isASCIILetter(bytes[i - 1]) || isASCIILetter(bytes[i + 2])
                return (touches ? 50 : 70) + (first == 0xC3 ? 0 : 20)
            case 0xCE...0xD1: return bytes[i - 1] < 0x80 && bytes[i + 2] < 0x80 ? 100 : 65
            case 0xD7...0xDB: return 90
            default: return 130
            }
        case 3:
            switch first {
            case 0xE2: return second <= 0x84 ? 70 : 90
            case 0xE3: return second <= 0x83 ? 80 : 90
            case 0xE4...0xE9: return 90
            case 0xEA...0xED: return 100
            case 0xEF: return 80
            default: return 120
            }
        default:
            return first == 0xF0 && second == 0x9F ? 90 : 140
        }
    }

    /// What a Latin letter right before a hanzi adds.
    static func letterBeforeHanzi(_ bytes: Context, at i: Int) -> Int32 {
        isASCIILetter(bytes[i - 1]) ? 35 : 0
    }

    /// A GBK pair.
    static func gbk(_ bytes: Context, at i: Int) -> Int32 {
        let lead = bytes[i]
        let trail = bytes[i + 1]
        // A rare hanzi stands in a word with others.
        let touches = bytes[i - 1] >= 0x80 || bytes[i + 2] >= 0x80
        var cost: Int32
        switch (lead, trail) {
        case (0xA1, 0xA1...0xBF), (0xA3, 0xA1...0xFE): cost = 80
        case (0xB0...0xD7, 0xA1...0xFE): cost = 95
        case (0xD8...0xF7, 0xA1...0xFE): cost = touches ? 140 : 170
        case (0xA1...0xA9, 0xA1...0xFE): cost = 140
        case (0xAA...0xAF, 0xA1...0xFE), (0xF8...0xFE, 0xA1...0xFE), (0xA1...0xA7, _): cost = 300
        default: cost = touches ? 150 : 200
        }
        if isASCIILetter(bytes[i + 2]) { cost += 35 }
        return cost
    }

    /// A GB18030 character of four bytes.
    static let gb18030: Int32 = 130

    /// A byte of Windows-1252.
    static func windows1252(_ bytes: Context, at i: Int) -> Int32 {
        let byte = bytes[i]
        let before = isLatinLetter(bytes[i - 1])
        let after = isLatinLetter(bytes[i + 1])
        switch byte {
        case 0x81, 0x8D, 0x8F, 0x90, 0x9D: return impossible
        case 0x82, 0x84, 0x8B, 0x91, 0x93:
            // Quotes that open; the German way closes with two of them.
            if !before { return 60 }
            return (byte == 0x91 || byte == 0x93) && !after ? 70 : 140
        case 0x92 where before && after: return 60
        case 0x92, 0x94, 0x9B: return after ? 140 : 60
        case 0x96, 0x97: return before && after ? 100 : 60
        case 0x80, 0x85, 0x95, 0x99: return after ? 130 : 70
        case 0xA0, 0xA7, 0xAB, 0xB5, 0xB7, 0xBB: return 80
        case 0xB0: return 70
        case 0xA1...0xBF: return 100
        case 0xD7, 0xF7: return 110
        default: break
        }
        let isUpper = byte < 0xDF && byte != 0x9A && byte != 0x9C && byte != 0x9E
        let cost = letter(
            bytes, at: i, touchesBefore: before, touchesAfter: after, isUpper: isUpper)
        // These two are more often code page 850's umlauts than letters of Windows-1252.
        return byte == 0x8E || byte == 0x9A ? cost + 40 : cost
    }

    /// A byte of code page 850, which cmd.exe uses in Western Europe: letters, or lines of boxes.
    static func cp850(_ bytes: Context, at i: Int) -> Int32 {
        let byte = bytes[i]
        switch byte {
        case 0xF8, 0xF5, 0xE6, 0xFF: return 100
        case 0x80...0x9B, 0x9D, 0xA0...0xA5, 0xB5...0xB7, 0xC6, 0xC7, 0xD0...0xD4, 0xD6...0xD8,
            0xDE, 0xE0...0xE5, 0xE9...0xED:
            break
        default: return 150
        }
        let isUpper: Bool =
            switch byte {
            case 0x80, 0x8E...0x90, 0x92, 0x99, 0x9A, 0x9D, 0xA5, 0xB5...0xB7, 0xC7, 0xD1...0xD8,
                0xDE, 0xE0, 0xE2, 0xE3, 0xE5, 0xE9...0xEB, 0xED:
                true
            default: false
            }
        let cost = letter(
            bytes, at: i, touchesBefore: isCP850Letter(bytes[i - 1]),
            touchesAfter: isCP850Letter(bytes[i + 1]), isUpper: isUpper)
        // Box drawing stands among the rarer letters.
        switch byte {
        case ...0xA5, 0xC6, 0xC7, 0xE1, 0xE4, 0xE5: return cost + 5
        default: return cost + 40
        }
    }

    private static func letter(
        _ bytes: Context, at i: Int, touchesBefore: Bool, touchesAfter: Bool, isUpper: Bool
    ) -> Int32 {
        var cost: Int32
        if isUpper {
            cost = isASCIILower(bytes[i - 1]) ? 110 : touchesBefore || touchesAfter ? 70 : 100
        } else {
            cost = touchesBefore && touchesAfter ? 50 : touchesBefore || touchesAfter ? 60 : 90
        }
        if bytes[i - 1] >= 0x80 { cost += bytes[i - 2] >= 0x80 ? 45 : 20 }
        return cost
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isASCIILower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isLatinLetter(_ byte: UInt8) -> Bool {
        isASCIILetter(byte) || (byte >= 0xC0 && byte != 0xD7 && byte != 0xF7)
    }

    private static func isCP850Letter(_ byte: UInt8) -> Bool {
        isASCIILetter(byte) || (0x80...0xA5).contains(byte) || byte == 0xE1
    }

    /// Bytes that can be looked at beyond their ends: an ASCII blank lies there.
    struct Context {
        let bytes: UnsafeRawBufferPointer
        /// The two bytes before the first one, the nearer one first.
        let before: (UInt8, UInt8)

        subscript(i: Int) -> UInt8 {
            if i >= 0 { return i < bytes.count ? bytes[i] : 0x20 }
            return i == -1 ? before.0 : before.1
        }
    }
}
