import Glibc

/// How rare texts are in logs: from a table, or from a sample of the data at hand.
///
/// Only speed depends on it, never what is found.
struct LiteralRarity: Sendable {
    /// What logs look like in general.
    static let general = LiteralRarity(table: commonGrams, bytes: generalByte)

    /// Shorter literals stand in nearly every record.
    static let minLength = 3
    /// What a literal beyond the first adds to a set: looking for more texts costs.
    private static let costOfOne = 0x1p-21
    /// Beyond this many bits texts are all equally rare.
    private static let maxBits = 28.0
    /// Three bytes stand in too many words to be rare; four of them never count as less.
    private static let shortBits = 6.0
    /// What a place before or behind the rarest four bytes adds.
    private static let bitsPerFurtherByte = 0.5

    /// Quarters of bits by hash of four bytes.
    private let grams: [UInt8]
    /// Quarters of bits by byte.
    private let bytes: [UInt8]

    private static let hashBits = 15

    private init(table: [(bits: Int, grams: StaticString)], bytes: (UInt8) -> Int) {
        self.bytes = (0...255).map { UInt8(bytes(UInt8($0)) * 4) }
        var grams = [UInt8](repeating: 255, count: 1 << LiteralRarity.hashBits)
        for level in table {
            level.grams.withUTF8Buffer { text in
                for at in stride(from: 0, to: text.count - 3, by: 4) {
                    let hash = LiteralRarity.hash(
                        text[at], text[at + 1], text[at + 2], text[at + 3])
                    grams[hash] = min(grams[hash], UInt8(level.bits * 4))
                }
            }
        }
        self.grams = grams
    }

    /// Counts in a sample of the data, the more the better; 64 KiB are enough.
    ///
    /// - Complexity: O(*n*).
    init(sample: UnsafeRawBufferPointer) {
        var counts = [UInt32](repeating: 0, count: 1 << LiteralRarity.hashBits)
        var byteCounts = [UInt32](repeating: 0, count: 256)
        var a: UInt8 = 0
        var b: UInt8 = 0
        var c: UInt8 = 0
        for byte in sample {
            byteCounts[Int(LiteralRarity.folded(byte))] &+= 1
            counts[LiteralRarity.hash(a, b, c, byte)] &+= 1
            (a, b, c) = (b, c, byte)
        }
        // Half a time, where it was not seen at all.
        let all = Double(sample.count) + 1
        func quarters(_ count: UInt32) -> UInt8 {
            UInt8(min(max(4 * log2(all / (Double(count) + 0.5)), 0), 254))
        }
        grams = counts.map(quarters)
        bytes = byteCounts.map(quarters)
    }

    /// How rare a text is: minus the logarithm to base 2 of how often it begins at a place.
    func bits(_ literal: Literal) -> Double {
        let text = literal.bytes
        guard text.count >= 4 else {
            return min(Double(text.reduce(0) { $0 + quarters($1) }) / 4, LiteralRarity.shortBits)
        }
        var best = 0.0
        for at in 0...(text.count - 4) { best = max(best, bits(text[at..<at + 4])) }
        let further = Double(text.count - 4) * LiteralRarity.bitsPerFurtherByte
        return min(best + further, LiteralRarity.maxBits)
    }

    /// The same for four bytes.
    func bits(_ gram: ArraySlice<UInt8>) -> Double {
        let at = gram.startIndex
        let known = grams[LiteralRarity.hash(gram[at], gram[at + 1], gram[at + 2], gram[at + 3])]
        let alone = Double(gram.reduce(0) { $0 + quarters($1) }) / 4
        // Four bytes are at least as rare as the rarest of them.
        return known < 255 ? Double(known) / 4 : min(max(alone - 4, 12), 20)
    }

    /// What looking for a set costs: the share of places where one of its literals stands, and
    /// something for each literal; nil where the set is of no use.
    func cost(_ literals: [Literal]) -> Double? {
        var cost = 0.0
        for literal in literals {
            guard literal.bytes.count >= LiteralRarity.minLength else { return nil }
            cost += exp2(-bits(literal)) + LiteralRarity.costOfOne
        }
        return literals.isEmpty ? nil : cost
    }

    private func quarters(_ byte: UInt8) -> Int { Int(bytes[Int(LiteralRarity.folded(byte))]) }

    /// Letters in lower case, and all digits the same: which digits a log holds changes.
    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 {
        byte &- 48 < 10 ? 48 : byte.asciiLowercased
    }

    @inline(__always)
    private static func hash(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> Int {
        let word =
            UInt32(folded(a)) | UInt32(folded(b)) << 8 | UInt32(folded(c)) << 16
            | UInt32(folded(d)) << 24
        return Int((word &* 0x9E37_79B1) >> UInt32(32 - hashBits))
    }
}
