import Glibc

/// One pass over a text that finds where some of the literals may stand.
struct GramPass: Sendable {
    /// A literal's gram.
    private struct Entry {
        /// As it stands in memory, folded.
        var gram: UInt32
        var literal: Int32
        /// Bytes of the literal before it.
        var before: Int32
    }

    /// Every so many places are looked at: 1, 2 or 4.
    private let stride: Int
    /// One bit for each hash of a gram.
    private let bitmap: [UInt64]
    /// 32 minus the bits of a hash.
    private let hashShift: UInt32
    /// A hash shifted by this is its bucket.
    private let bucketShift: UInt32
    /// Where the entries of each bucket begin, and the end.
    private let buckets: [Int32]
    private let entries: [Entry]

    /// 16 KiB, half of the fastest cache; more literals take more, lest half of the text be let
    /// through.
    private static let minBits: UInt32 = 17
    private static let maxBits: UInt32 = 20
    /// Bits of the bitmap for each gram.
    private static let room = 32

    /// - Parameter literals: Position and bytes; at least 3 + `stride` bytes, or 3 with stride 1.
    init(_ literals: [(index: Int, bytes: [UInt8])], stride: Int, rarity: LiteralRarity) {
        self.stride = stride
        var all: [Entry] = []
        var uses: [UInt32: Int] = [:]
        for (index, bytes) in literals {
            guard bytes.count >= 4 else {
                // Whatever byte follows: bit 5 is set in a folded one.
                for last in 0...255 where last & 0x20 != 0 {
                    let gram = GramPass.gram(bytes[0..<3] + [UInt8(last)])
                    all.append(Entry(gram: gram, literal: Int32(index), before: 0))
                }
                continue
            }
            let start = GramPass.window(bytes, stride, rarity, uses)
            for at in start..<start + stride {
                let gram = GramPass.gram(bytes[at..<at + 4])
                uses[gram, default: 0] += 1
                all.append(Entry(gram: gram, literal: Int32(index), before: Int32(at)))
            }
        }
        var bits = GramPass.minBits
        while bits < GramPass.maxBits, 1 << bits < all.count * GramPass.room { bits += 1 }
        let shift = 32 - bits
        var bucketBits: UInt32 = 4
        while bucketBits < bits, 1 << bucketBits < all.count * 2 { bucketBits += 1 }
        hashShift = shift
        bucketShift = bits - bucketBits
        var bitmap = [UInt64](repeating: 0, count: 1 << Int(bits - 6))
        var counts = [Int32](repeating: 0, count: 1 << Int(bucketBits) + 1)
        for entry in all {
            let hash = GramPass.hash(entry.gram, shift)
            bitmap[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
            counts[Int(hash >> bucketShift) + 1] += 1
        }
        for bucket in 1..<counts.count { counts[bucket] += counts[bucket - 1] }
        self.bitmap = bitmap
        buckets = counts
        var next = counts
        var placed = all
        for entry in all {
            let bucket = Int(GramPass.hash(entry.gram, shift) >> bucketShift)
            placed[Int(next[bucket])] = entry
            next[bucket] += 1
        }
        entries = placed
    }

    /// Where the window begins that costs least: its grams are rare in the data and other literals
    /// do not have them.
    private static func window(
        _ bytes: [UInt8], _ stride: Int, _ rarity: LiteralRarity, _ uses: [UInt32: Int]
    ) -> Int {
        let costs = (0...(bytes.count - 4)).map { at -> Double in
            let gram = bytes[at..<at + 4]
            return exp2(-rarity.bits(gram)) * Double(4 + (uses[GramPass.gram(gram)] ?? 0))
        }
        var best = 0
        var least = Double.infinity
        for start in 0...(costs.count - stride) {
            let cost = costs[start..<start + stride].reduce(0, +)
            if cost < least { (best, least) = (start, cost) }
        }
        return best
    }

    /// Letters in lower case; some other bytes fall together, which only lets more through.
    private static let fold: UInt32 = 0x2020_2020

    private static func gram(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } | fold
    }

    /// Source: Knuth, The Art of Computer Programming 3, 6.4: multiplication by the golden ratio.
    @inline(__always)
    private static func hash(_ gram: UInt32, _ shift: UInt32) -> UInt32 {
        (gram &* 0x9E37_79B1) &>> shift
    }

    /// Calls `body` with each literal and offset in the text where the literal may begin; it may be
    /// longer than what is left.
    ///
    /// - Parameters:
    ///   - text: `count` bytes may be read.
    func candidates(
        _ text: UnsafeRawPointer, _ count: Int, _ body: (_ literal: Int, _ offset: Int) -> Void
    ) {
        bitmap.withUnsafeBufferPointer { bitmap in
            buckets.withUnsafeBufferPointer { buckets in
                entries.withUnsafeBufferPointer { entries in
                    guard let bitmap = bitmap.baseAddress else { return }
                    // A hash has as many bits as the bitmap has, a bucket as many as `buckets`.
                    let check = { (gram: UInt32, at: Int) in
                        let bucket = Int(GramPass.hash(gram, hashShift) &>> bucketShift)
                        for index in Int(buckets[bucket])..<Int(buckets[bucket + 1]) {
                            let entry = entries[index]
                            let start = at &- Int(entry.before)
                            if entry.gram == gram, start >= 0 { body(Int(entry.literal), start) }
                        }
                    }
                    let rest: Int
                    switch stride {
                    case 4: rest = everyFourth(text, count, bitmap, check)
                    case 2: rest = everySecond(text, count, bitmap, check)
                    default: rest = every(text, count, bitmap, check)
                    }
                    finish(text, count, from: rest, bitmap, check)
                }
            }
        }
    }

    /// 1 where the bitmap has the gram, which is folded already.
    @inline(__always)
    private func isSet(_ gram: UInt32, _ bitmap: UnsafePointer<UInt64>) -> UInt64 {
        let hash = GramPass.hash(gram, hashShift)
        return bitmap[Int(hash &>> 6)] &>> UInt64(hash & 63) & 1
    }

    @inline(__always)
    private func word(_ text: UnsafeRawPointer, _ at: Int) -> UInt64 {
        text.loadUnaligned(fromByteOffset: at, as: UInt64.self) | 0x2020_2020_2020_2020
    }

    /// Looks at 0, 4, 8, …, eight places at a time, as long as 32 bytes are left; gives the next
    /// place.
    @inline(__always)
    private func everyFourth(
        _ text: UnsafeRawPointer, _ count: Int, _ bitmap: UnsafePointer<UInt64>,
        _ check: (UInt32, Int) -> Void
    ) -> Int {
        var at = 0
        while at &+ 32 <= count {
            let a = word(text, at)
            let b = word(text, at &+ 8)
            let c = word(text, at &+ 16)
            let d = word(text, at &+ 24)
            let low =
                isSet(UInt32(truncatingIfNeeded: a), bitmap)
                | isSet(UInt32(truncatingIfNeeded: a &>> 32), bitmap) &<< 1
                | isSet(UInt32(truncatingIfNeeded: b), bitmap) &<< 2
                | isSet(UInt32(truncatingIfNeeded: b &>> 32), bitmap) &<< 3
            let high =
                isSet(UInt32(truncatingIfNeeded: c), bitmap)
                | isSet(UInt32(truncatingIfNeeded: c &>> 32), bitmap) &<< 1
                | isSet(UInt32(truncatingIfNeeded: d), bitmap) &<< 2
                | isSet(UInt32(truncatingIfNeeded: d &>> 32), bitmap) &<< 3
            hits(low | high &<< 4, text, at, 4, check)
            at &+= 32
        }
        return at
    }

    /// Looks at 0, 2, 4, …, eight places at a time, as long as 20 bytes are left.
    @inline(__always)
    private func everySecond(
        _ text: UnsafeRawPointer, _ count: Int, _ bitmap: UnsafePointer<UInt64>,
        _ check: (UInt32, Int) -> Void
    ) -> Int {
        var at = 0
        while at &+ 20 <= count {
            var found: UInt64 = 0
            for pair in 0..<4 {
                let a = word(text, at &+ 4 &* pair)
                let two =
                    isSet(UInt32(truncatingIfNeeded: a), bitmap)
                    | isSet(UInt32(truncatingIfNeeded: a &>> 16), bitmap) &<< 1
                found |= two &<< UInt64(2 &* pair)
            }
            hits(found, text, at, 2, check)
            at &+= 16
        }
        return at
    }

    /// Looks at 0, 1, 2, …, eight places at a time, as long as 12 bytes are left.
    @inline(__always)
    private func every(
        _ text: UnsafeRawPointer, _ count: Int, _ bitmap: UnsafePointer<UInt64>,
        _ check: (UInt32, Int) -> Void
    ) -> Int {
        var at = 0
        while at &+ 12 <= count {
            let a = word(text, at)
            let b = word(text, at &+ 4)
            var found: UInt64 = 0
            for place in 0..<4 {
                let shift = UInt64(8 &* place)
                found |= isSet(UInt32(truncatingIfNeeded: a &>> shift), bitmap) &<< UInt64(place)
                found |=
                    isSet(UInt32(truncatingIfNeeded: b &>> shift), bitmap) &<< UInt64(place &+ 4)
            }
            hits(found, text, at, 1, check)
            at &+= 8
        }
        return at
    }

    /// Checks the places whose bits are set in `found`; four bytes may be read at each.
    @inline(__always)
    private func hits(
        _ found: UInt64, _ text: UnsafeRawPointer, _ at: Int, _ stride: Int,
        _ check: (UInt32, Int) -> Void
    ) {
        var found = found
        while found != 0 {
            let place = at &+ found.trailingZeroBitCount &* stride
            found &= found &- 1
            check(text.loadUnaligned(fromByteOffset: place, as: UInt32.self) | GramPass.fold, place)
        }
    }

    /// The places from `from` on that the loops left, one at a time.
    private func finish(
        _ text: UnsafeRawPointer, _ count: Int, from: Int, _ bitmap: UnsafePointer<UInt64>,
        _ check: (UInt32, Int) -> Void
    ) {
        var at = from
        while at + 4 <= count {
            let gram = text.loadUnaligned(fromByteOffset: at, as: UInt32.self) | GramPass.fold
            if isSet(gram, bitmap) != 0 { check(gram, at) }
            at += stride
        }
        // A literal of three bytes at the very end; as if a zero followed.
        guard stride == 1, at + 3 == count else { return }
        var gram = GramPass.fold
        for i in 0..<3 {
            gram |= UInt32(text.load(fromByteOffset: at + i, as: UInt8.self)) << UInt32(8 * i)
        }
        if isSet(gram, bitmap) != 0 { check(gram, at) }
    }
}
