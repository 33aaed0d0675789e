import WinnowKit

/// Text of 8-bit characters to UTF-8: UTF-8 as it is, everything else read by `LineJudge`.
///
/// Bytes are done as follows, and nothing of it depends on how they come:
///
/// 1. ASCII goes out at once.
/// 2. A run (bytes above 0x7F without ASCII between) that is UTF-8 beyond doubt, a character of
///    three bytes or more in it, goes out at once. Long runs are cut into 16 KiB.
/// 3. A run that is no UTF-8, or that would be sound GBK as well, is *held*: it waits for the end
///    of its line (CR or LF), or for 16 KiB from its beginning, and is then judged with all that
///    followed it. So an Event Viewer export on one line is not held back as a whole, and a short
///    run is read as the rest of its line and of the input is. Once an input has shown UTF-8 and
///    nothing else, runs of doubt go out at once as well.
/// 4. At the beginning of a line, FF FE, FE FF, or a clear row of pairs of ASCII and NUL, is where
///    UTF-16 was appended to the file. A NUL that stands alone passes.
struct EightBitReader {
    /// True when other encodings than UTF-8 are looked for.
    private let judges: Bool
    private var text = MixedText()

    /// The two bytes before those that come next, the nearer one first.
    private var before = EightBitReader.lineEnd
    /// True when the first byte that comes next is held.
    private var isHolding = false
    /// Bytes, from the first that comes next on, that were looked at already.
    private var searched = 0

    private static let maxHeld = 16 << 10
    private static let lineEnd: (UInt8, UInt8) = (0x0A, 0x0A)

    init(judges: Bool) { self.judges = judges }

    /// Words for the encodings met in the file so far, in their order.
    var names: [String] { text.names }

    /// A new file of a rotated log: the beginning of a line.
    mutating func beginSegment() {
        text.beginSegment()
        before = EightBitReader.lineEnd
    }

    /// The file says that it is UTF-8.
    mutating func sawMark() { text.note(Reading.utf8.name) }

    /// Reads what it can of `bytes`, whose first byte has the stored offset `base`.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, base: Int, end: InputEnd, into output: inout TextOutput
    ) -> ReadingStep {
        var pass = Pass(bytes: bytes, base: base, end: end, before: before)
        var runSearched = 0
        if isHolding { pass.at = searched } else { runSearched = searched }
        searched = 0
        var step: ReadingStep?
        while step == nil {
            step = isHolding ? endHolding(&pass, &output) : scan(&pass, runSearched, &output)
            runSearched = 0
        }
        let done = step ?? ReadingStep(consumed: bytes.count)
        before = done.change == nil ? pass.context(at: done.consumed) : EightBitReader.lineEnd
        // What was ASCII so far was UTF-8 as well.
        if done.change != nil && names.isEmpty { text.note(Reading.utf8.name) }
        return done
    }

    /// The bytes of one call and how far they are done.
    private struct Pass {
        let bytes: UnsafeRawBufferPointer
        let base: Int
        let end: InputEnd
        /// The two bytes before the first one, the nearer one first.
        let before: (UInt8, UInt8)
        /// First byte that did not go out.
        var from = 0
        /// First byte that was not looked at.
        var at = 0

        /// Lets everything before `to` go out as it is.
        mutating func copy(to: Int, _ output: inout TextOutput) {
            guard to > from else { return }
            output.copy(part(from, to), stored: base + from)
            from = to
        }

        func part(_ from: Int, _ to: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[from..<to])
        }

        /// The two bytes before a place.
        func context(at i: Int) -> (UInt8, UInt8) {
            switch i {
            case 0: before
            case 1: (bytes[0], before.0)
            default: (bytes[i - 1], bytes[i - 2])
            }
        }

        func isLineStart(_ i: Int) -> Bool {
            let byte = i > 0 ? bytes[i - 1] : before.0
            return byte == 0x0A || byte == 0x0D
        }
    }

    // MARK: Not holding

    /// Goes on to the next byte that is not plain ASCII and deals with it; nil to go on.
    private mutating func scan(
        _ pass: inout Pass, _ runSearched: Int, _ output: inout TextOutput
    ) -> ReadingStep? {
        let bytes = pass.bytes
        let special = EightBitReader.nextSpecial(bytes, pass.at)
        guard special < bytes.count else {
            // The first byte of a line may be the first of a pair with NUL.
            let last = bytes.count - 1
            let waits =
                judges && pass.end == .more && last >= pass.at && pass.isLineStart(last)
                && bytes[last] != 0x0A && bytes[last] != 0x0D
            pass.copy(to: waits ? last : bytes.count, &output)
            return ReadingStep(consumed: pass.from)
        }
        if bytes[special] == 0 { return takeNUL(&pass, at: special, &output) }
        if judges, let step = takeMark(&pass, at: special, &output) { return step }
        return takeRun(&pass, at: special, runSearched, &output)
    }

    private func takeNUL(
        _ pass: inout Pass, at: Int, _ output: inout TextOutput
    ) -> ReadingStep? {
        let bytes = pass.bytes
        if judges {
            // A NUL that begins a line is the second half of a line feed in UTF-16LE.
            let isRest = pass.isLineStart(at)
            let isPair = !isRest && at > pass.from && pass.isLineStart(at - 1)
            if isRest || isPair {
                let text = isRest ? at + 1 : at - 1
                switch LineStart.isUTF16(bytes, at: text, mayGrow: pass.end == .more) {
                case .yes:
                    pass.copy(to: min(text, at), &output)
                    return ReadingStep(consumed: text, change: .utf16(bigEndian: false))
                case .undecided:
                    pass.copy(to: min(text, at), &output)
                    return ReadingStep(consumed: pass.from)
                case .no: break
                }
            }
        }
        pass.at = at + 1
        while pass.at < bytes.count, bytes[pass.at] == 0 { pass.at += 1 }
        return nil
    }

    /// A UTF-16 byte order mark at the beginning of a line.
    private func takeMark(
        _ pass: inout Pass, at: Int, _ output: inout TextOutput
    ) -> ReadingStep? {
        let first = pass.bytes[at]
        guard first >= 0xFE, pass.isLineStart(at) else { return nil }
        guard at + 1 < pass.bytes.count else {
            guard pass.end == .more else { return nil }
            pass.copy(to: at, &output)
            return ReadingStep(consumed: at)
        }
        guard pass.bytes[at + 1] == first ^ 1 else { return nil }
        pass.copy(to: at, &output)
        return ReadingStep(consumed: at + 2, change: .utf16(bigEndian: first == 0xFE))
    }

    /// A run: lets it go out as UTF-8, or begins to hold.
    private mutating func takeRun(
        _ pass: inout Pass, at start: Int, _ runSearched: Int, _ output: inout TextOutput
    ) -> ReadingStep? {
        let bytes = pass.bytes
        let limit = start + EightBitReader.maxHeld
        var stop = start + max(1, runSearched)
        while stop < min(limit, bytes.count), bytes[stop] >= 0x80 { stop += 1 }
        if stop == bytes.count && stop < limit && pass.end == .more {
            pass.copy(to: start, &output)
            searched = stop - start
            return ReadingStep(consumed: start)
        }
        let run = UTF8Run(pass.part(start, stop), before: pass.context(at: start).0) {
            stop < bytes.count ? bytes[stop] : 0x20
        }
        let good = start + run.validCount
        // Where the run is cut, or the file is, the rest of the last character is still to come.
        let endsFile = stop == bytes.count && pass.end == .segment
        let isOpen = run.endsWithin && (stop == limit || endsFile)
        let isValid = good == stop || isOpen
        if !judges {
            if !isValid { text.reportDamage(at: output.written + good - pass.from, &output) }
        } else if !isValid || !(run.isClear || text.isOnlyUTF8 || good == start) {
            pass.copy(to: start, &output)
            isHolding = true
            pass.at = stop
            return nil
        }
        if run.characters > 0 { text.passed(characters: run.characters) }
        pass.at = isValid ? good : stop
        if isOpen && endsFile {
            pass.copy(to: good, &output)
            return ReadingStep(consumed: good)
        }
        return nil
    }

    // MARK: Holding

    /// Judges what is held when its line or its time is over; nil to go on.
    private mutating func endHolding(
        _ pass: inout Pass, _ output: inout TextOutput
    ) -> ReadingStep? {
        let bytes = pass.bytes
        let limit = pass.from + EightBitReader.maxHeld
        var stop = pass.at
        while stop < min(limit, bytes.count), bytes[stop] != 0x0A, bytes[stop] != 0x0D { stop += 1 }
        if stop == bytes.count && stop < limit && pass.end == .more {
            searched = stop - pass.from
            return ReadingStep(consumed: pass.from)
        }
        let endsFile = stop == bytes.count && pass.end == .segment
        if endsFile { stop = EightBitReader.withoutCut(bytes, pass.from, stop) }
        pass.from += text.write(
            pass.part(pass.from, stop), before: pass.context(at: pass.from),
            stored: pass.base + pass.from, isWhole: stop < limit, &output)
        pass.at = pass.from
        isHolding = false
        return endsFile && pass.at == stop ? ReadingStep(consumed: stop) : nil
    }

    /// Where a character begins that the end of a file cuts, if all before it is UTF-8.
    private static func withoutCut(
        _ bytes: UnsafeRawBufferPointer, _ from: Int, _ to: Int
    ) -> Int {
        let part = UnsafeRawBufferPointer(rebasing: bytes[from..<to])
        guard let bad = UTF8Text.firstInvalid(part), bad > 0,
            UTF8Cut.length(part, at: bad) == part.count - bad
        else { return to }
        return from + bad
    }

    // MARK: Searching

    /// The first byte from `start` on that is NUL or above 0x7F; the count where there is none.
    private static func nextSpecial(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        // In a word without high bytes, subtracting one from each byte borrows only at a NUL.
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        func marks(_ at: Int) -> UInt64 {
            let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            return (word &- ones) | word
        }
        var i = start
        while i + 32 <= bytes.count {
            if (marks(i) | marks(i + 8) | marks(i + 16) | marks(i + 24)) & tops != 0 { break }
            i += 32
        }
        while i + 8 <= bytes.count {
            if marks(i) & tops != 0 { break }
            i += 8
        }
        while i < bytes.count, bytes[i] != 0, bytes[i] < 0x80 { i += 1 }
        return i
    }
}

/// What a run of high bytes is as UTF-8.
private struct UTF8Run {
    /// Bytes from its beginning that are whole characters.
    var validCount = 0
    /// Characters in them.
    var characters = 0
    /// True when they cannot well be GBK: three bytes or more, or a second byte that GB2312 lacks.
    var isClear = false
    /// True when the bytes behind them are the beginning of a character and no more.
    var endsWithin = false

    /// - Parameters:
    ///   - run: The run.
    ///   - before: The byte before it.
    ///   - after: The byte behind it.
    init(_ run: UnsafeRawBufferPointer, before: UInt8, after: () -> UInt8) {
        while validCount < run.count {
            let length = UTF8Text.validLength(run, at: validCount)
            if length == 0 {
                endsWithin = UTF8Cut.length(run, at: validCount) == run.count - validCount
                return
            }
            if length > 2 || run[validCount + 1] < 0xA1 { isClear = true }
            validCount += length
            characters += 1
        }
        // Go's durations: 190µs.
        if run.count == 2, run[0] == 0xC2, run[1] == 0xB5, before &- 0x30 < 10,
            after() == UInt8(ascii: "s")
        {
            isClear = true
        }
    }
}
