/// Many literals, made ready to be looked for in a buffer of any size in one pass or two.
///
/// For each literal a window of its rarest bytes is chosen, and the four-byte grams in it are put
/// into a bitmap. A window of seven bytes holds four grams, so testing every fourth place of the text
/// meets one of them wherever the literal stands; what the bitmap lets through is compared in full.
/// Shorter literals have shorter windows and are looked for at every second or at every place, in a
/// pass of their own.
///
/// A class: a struct of many arrays would be retained piece by piece at each use.
final class LiteralScan: Sendable {
    /// Shorter literals are not taken: they stand nearly everywhere.
    static let minLength = 3

    private let needles: NeedleTable
    private let passes: [GramPass]

    /// - Parameters:
    ///   - literals: Any number; each is known by its position from then on.
    ///   - rarity: What the data looks like.
    /// - Returns: nil where a literal is shorter than `minLength`.
    init?(_ literals: [Literal], by rarity: LiteralRarity = .general) {
        guard literals.allSatisfy({ $0.bytes.count >= LiteralScan.minLength }) else { return nil }
        needles = NeedleTable(literals)
        var byStride: [Int: [Int]] = [:]
        for (index, literal) in literals.enumerated() {
            byStride[LiteralScan.stride(literal.bytes.count), default: []].append(index)
        }
        // Every place is looked at anyway then.
        if let every = byStride[1], let second = byStride.removeValue(forKey: 2) {
            byStride[1] = every + second
        }
        passes = byStride.sorted { $0.key > $1.key }.map { stride, chosen in
            GramPass(chosen.map { ($0, literals[$0].bytes) }, stride: stride, rarity: rarity)
        }
    }

    /// A window of four bytes and `stride` - 1 more must fit into the literal.
    private static func stride(_ count: Int) -> Int { count >= 7 ? 4 : count >= 5 ? 2 : 1 }

    /// Calls `found` with each place where a literal stands: its position in the list and the offset
    /// of its first byte, each once, in no order.
    ///
    /// - Parameter bytes: Need not be padded: nothing behind the end is read.
    /// - Complexity: O(*n*) and the length of the literals at places that look like one.
    func scan(_ bytes: UnsafeRawBufferPointer, _ found: (_ literal: Int, _ offset: Int) -> Void) {
        guard bytes.count >= LiteralScan.minLength, let text = bytes.baseAddress else { return }
        needles.withTable { needles in
            for pass in passes {
                pass.candidates(text, bytes.count) { literal, offset in
                    if needles.stands(literal, text + offset, bytes.count - offset) {
                        found(literal, offset)
                    }
                }
            }
        }
    }
}

/// The literals' bytes, to be compared with a text.
struct NeedleTable: Sendable {
    /// All literals one after the other; letters without case in lower case.
    private let bytes: [UInt8]
    /// 0x20 where a letter has no case, else 0: what a byte of the text is or-ed with.
    private let folds: [UInt8]
    /// Where each begins, and the end.
    private let starts: [Int32]

    init(_ literals: [Literal]) {
        bytes = literals.flatMap(\.bytes)
        folds = literals.flatMap { literal in
            literal.bytes.map {
                literal.isCaseless && $0 &- UInt8(ascii: "a") < 26 ? 0x20 : 0
            }
        }
        var starts: [Int32] = [0]
        var end = 0
        for literal in literals {
            end += literal.bytes.count
            starts.append(Int32(end))
        }
        self.starts = starts
    }

    /// The table as pointers, for the time of `body`.
    struct Pointers {
        fileprivate let bytes: UnsafeRawPointer
        fileprivate let folds: UnsafeRawPointer
        fileprivate let starts: UnsafePointer<Int32>

        /// True when the literal stands at `text`, of which `count` bytes may be read.
        ///
        /// Reads of eight or four bytes end with the literal at the latest, in all three texts.
        @inline(__always)
        func stands(_ literal: Int, _ text: UnsafeRawPointer, _ count: Int) -> Bool {
            let start = Int(starts[literal])
            let length = Int(starts[literal + 1]) &- start
            guard length <= count else { return false }
            let wanted = bytes + start
            let fold = folds + start
            var at = 0
            while at &+ 8 <= length {
                guard same(UInt64.self, text, wanted, fold, at) else { return false }
                at &+= 8
            }
            if at == length { return true }
            // The last bytes, together with some that were compared already.
            if length >= 8 { return same(UInt64.self, text, wanted, fold, length &- 8) }
            guard length >= 4 else {
                while at < length, same(UInt8.self, text, wanted, fold, at) { at &+= 1 }
                return at == length
            }
            return same(UInt32.self, text, wanted, fold, 0)
                && same(UInt32.self, text, wanted, fold, length &- 4)
        }

        @inline(__always)
        private func same<Word: FixedWidthInteger & BitwiseCopyable>(
            _ type: Word.Type, _ text: UnsafeRawPointer, _ wanted: UnsafeRawPointer,
            _ fold: UnsafeRawPointer, _ at: Int
        ) -> Bool {
            text.loadUnaligned(fromByteOffset: at, as: type)
                | fold.loadUnaligned(fromByteOffset: at, as: type)
                == wanted.loadUnaligned(fromByteOffset: at, as: type)
        }
    }

    func withTable(_ body: (Pointers) -> Void) {
        bytes.withUnsafeBytes { bytes in
            folds.withUnsafeBytes { folds in
                starts.withUnsafeBufferPointer { starts in
                    guard let bytes = bytes.baseAddress, let folds = folds.baseAddress,
                        let starts = starts.baseAddress
                    else { return }
                    body(Pointers(bytes: bytes, folds: folds, starts: starts))
                }
            }
        }
    }
}
