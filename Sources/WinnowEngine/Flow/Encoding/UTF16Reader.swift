import WinnowKit

/// UTF-16 to UTF-8.
///
/// A surrogate without its partner and a byte without its second half become U+FFFD and a problem;
/// the same for all of a line is said once. U+0000 and later byte order marks pass.
struct UTF16Reader {
    let isBigEndian: Bool
    /// True when 8-bit text at the beginning of a line ends the UTF-16.
    let mayChange: Bool

    private var previousUnit: UInt16 = 0x0A
    private var hasReported = false

    init(bigEndian: Bool, mayChange: Bool) {
        isBigEndian = bigEndian
        self.mayChange = mayChange
    }

    private static let lineFeed: UInt16 = 0x0A
    /// UTF-8 that is collected before it goes out; some more bytes are kept free behind it.
    private static let chunk = 8192

    /// The word for the manifest.
    var name: String { isBigEndian ? "utf-16be" : "utf-16le" }

    /// A new file of a rotated log is the beginning of a line.
    mutating func beginSegment() { previousUnit = UTF16Reader.lineFeed }

    /// Reads what it can of `bytes`, whose first byte has the stored offset `base`.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, base: Int, end: InputEnd, into output: inout TextOutput
    ) -> ReadingStep {
        withUnsafeTemporaryAllocation(byteCount: UTF16Reader.chunk + 64, alignment: 16) { space in
            var i = 0
            while true {
                var filled = 0
                let step = fill(
                    space, &filled, from: bytes, &i, base: base, end: end, &output)
                output.append(UnsafeRawBufferPointer(rebasing: space[..<filled]))
                if let step { return step }
            }
        }
    }

    /// Reads until `space` is full (nil), or until the bytes are used up or the encoding changes.
    private mutating func fill(
        _ space: UnsafeMutableRawBufferPointer, _ filled: inout Int,
        from bytes: UnsafeRawBufferPointer, _ i: inout Int, base: Int, end: InputEnd,
        _ output: inout TextOutput
    ) -> ReadingStep? {
        while filled < UTF16Reader.chunk {
            let ascii = copyASCII(bytes, at: i, into: space, filled)
            if ascii > 0 {
                output.place(
                    utf8: output.written + filled, stored: base + i, utf8Width: 1, storedWidth: 2,
                    characters: ascii)
                if hasReported && space[filled..<(filled + ascii)].contains(0x0A) {
                    hasReported = false
                }
                filled += ascii
                i += 2 * ascii
                previousUnit = unit(bytes, i - 2)
                continue
            }
            guard i + 2 <= bytes.count else { break }
            let unit = unit(bytes, i)
            if mayChange && previousUnit == UTF16Reader.lineFeed {
                switch LineStart.isEightBit(bytes, at: i, mayGrow: end == .more) {
                case .yes:
                    return ReadingStep(consumed: i, change: .eightBit)
                case .undecided:
                    return ReadingStep(consumed: i)
                case .no: break
                }
            }
            var scalar = UInt32(unit)
            var width = 2
            if unit & 0xF800 == 0xD800 {
                let isHigh = unit < 0xDC00
                if isHigh && i + 4 > bytes.count && end != .input {
                    return ReadingStep(consumed: i)
                }
                if isHigh, i + 4 <= bytes.count, case let low = self.unit(bytes, i + 2),
                    low & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
                    width = 4
                } else {
                    scalar = 0xFFFD
                    report("surrogate without its partner", output.written + filled, &output)
                }
            }
            let length = encode(scalar, into: space, at: filled)
            output.place(
                utf8: output.written + filled, stored: base + i, utf8Width: length,
                storedWidth: width, characters: 1)
            filled += length
            i += width
            previousUnit = unit
        }
        if i + 2 <= bytes.count { return nil }
        if i < bytes.count && end == .input {
            let length = encode(0xFFFD, into: space, at: filled)
            report("utf-16 ends within a character", output.written + filled, &output)
            output.place(
                utf8: output.written + filled, stored: base + i, utf8Width: length, storedWidth: 1,
                characters: 1)
            filled += length
            i += 1
        }
        return ReadingStep(consumed: i)
    }

    private mutating func report(_ reason: String, _ offset: Int, _ output: inout TextOutput) {
        if !hasReported { output.report(reason, at: offset) }
        hasReported = true
    }

    @inline(__always)
    private func unit(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt16 {
        let unit = bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)
        return isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
    }

    /// Copies ASCII, eight characters at a time; returns how many.
    private mutating func copyASCII(
        _ bytes: UnsafeRawBufferPointer, at start: Int, into space: UnsafeMutableRawBufferPointer,
        _ filled: Int
    ) -> Int {
        let room = min((bytes.count - start) / 2, UTF16Reader.chunk + 16 - filled)
        var n = 0
        while n + 8 <= room {
            let at = start + 2 * n
            var a = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
            var b = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self).littleEndian
            if isBigEndian {
                a = a.byteSwapped
                b = b.byteSwapped
            }
            if (a | b) & 0xFF80_FF80_FF80_FF80 != 0 { break }
            var low = UTF16Reader.packed(a)
            var high = UTF16Reader.packed(b)
            if isBigEndian {
                low = low.byteSwapped
                high = high.byteSwapped
            }
            let both = UInt64(low) | UInt64(high) << 32
            space.storeBytes(of: both.littleEndian, toByteOffset: filled + n, as: UInt64.self)
            n += 8
        }
        while n < room {
            let unit = unit(bytes, start + 2 * n)
            guard unit < 0x80 else { break }
            space[filled + n] = UInt8(truncatingIfNeeded: unit)
            n += 1
        }
        return n
    }

    /// The low bytes of four units.
    @inline(__always)
    private static func packed(_ units: UInt64) -> UInt32 {
        let pairs = (units | units >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: pairs | pairs >> 16)
    }

    private func encode(
        _ scalar: UInt32, into space: UnsafeMutableRawBufferPointer, at: Int
    ) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80:
            space[at] = UInt8(scalar)
            return 1
        case ..<0x800:
            space[at] = UInt8(0xC0 | scalar >> 6)
            space[at + 1] = tail(0)
            return 2
        case ..<0x10000:
            space[at] = UInt8(0xE0 | scalar >> 12)
            space[at + 1] = tail(6)
            space[at + 2] = tail(0)
            return 3
        default:
            space[at] = UInt8(0xF0 | scalar >> 18)
            space[at + 1] = tail(12)
            space[at + 2] = tail(6)
            space[at + 3] = tail(0)
            return 4
        }
    }
}
