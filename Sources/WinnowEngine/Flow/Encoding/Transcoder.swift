import WinnowKit

/// Stored bytes to UTF-8, as they stream.
///
/// What comes out (bytes, offsets, problems, encoding) depends on the stored bytes alone, not on
/// how they are cut into pushes. Without an option the encoding is found: a byte order mark says it
/// (and is taken off), else where NULs stand in the first line, else the text is 8-bit and every
/// line that is no UTF-8 is read for itself (`EightBitReader`). It may change within an input:
/// PowerShell 5.1 appends UTF-16LE to whatever is there, and a service goes on in 8-bit behind it.
/// With an option everything is read as it says.
struct Transcoder {
    private enum Mode {
        /// Nothing but line ends and NULs so far, or less than a line.
        case undecided
        case eightBit
        case utf16
        case codePage
        case iconv
    }

    private let option: StoredEncoding?
    private var mode: Mode
    private var detection = HeadDetection()
    private var eightBit: EightBitReader
    private var utf16 = UTF16Reader(bigEndian: false, mayChange: false)
    private var codePage: CodePageReader?
    private var iconv: IconvReader?

    /// Words for the encodings of the file before the present one.
    private var earlierNames: [String] = []
    private var output = TextOutput()
    /// Bytes that wait for more behind them.
    private var carry: [UInt8] = []
    /// Stored offset, in the present file, behind the carry.
    private var stored = 0
    /// True at the beginning of a file, until it is known whether a byte order mark stands there.
    private var awaitsMark = true

    /// - Parameter option: How everything is encoded; nil to find out.
    init(option: StoredEncoding?) {
        self.option = option
        eightBit = EightBitReader(judges: option == nil)
        mode = .undecided
        switch option?.form {
        case nil: break
        case .utf8: mode = .eightBit
        case .utf16(let bigEndian):
            mode = .utf16
            utf16 = UTF16Reader(bigEndian: bigEndian, mayChange: false)
        case .other(let iconvName):
            if let table = CharacterTable(iconvName: iconvName) {
                mode = .codePage
                codePage = CodePageReader(table)
            } else if let descriptor = IconvDescriptor(iconvName) {
                mode = .iconv
                iconv = IconvReader(descriptor)
            } else {
                // The name was known a moment ago; bytes that are no UTF-8 are reported.
                mode = .eightBit
            }
        }
    }

    /// The encoding of the present file as the manifest has it (`utf-8`, or `utf-8, utf-16le` where
    /// it changes); nil while undecided.
    var encodingName: String? {
        if let option { return option.name }
        var names = earlierNames
        switch mode {
        case .undecided, .codePage, .iconv: break
        case .eightBit:
            let own = eightBit.names.isEmpty ? [Reading.utf8.name] : eightBit.names
            names += own.filter { !names.contains($0) }
        case .utf16:
            if !names.contains(utf16.name) { names.append(utf16.name) }
        }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// Takes stored bytes and appends what can be said of them so far.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of the present file.
    ///   - atEnd: True when no byte follows, in this file or a later one; nothing stays back then.
    ///   - out: Gets UTF-8 (bytes that are no character in any reading may be in it).
    ///   - map: Gets the places of that UTF-8, as offsets of all that was ever appended.
    ///   - problems: Get what was odd, at such offsets.
    mutating func push(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, into out: inout [UInt8],
        map: inout OffsetMap, problems: inout [Problem]
    ) {
        take(bytes, atEnd ? .input : .more, &out, &map, &problems)
    }

    /// Ends a file of a rotated log behind which another follows: all goes out but a character that
    /// is cut, which may go on there.
    mutating func endSegment(
        into out: inout [UInt8], map: inout OffsetMap, problems: inout [Problem]
    ) {
        take(UnsafeRawBufferPointer(start: nil, count: 0), .segment, &out, &map, &problems)
    }

    /// The next file of a rotated log begins: stored offsets begin at 0 again, and a byte order
    /// mark is taken off and obeyed. Without one the encoding stays what it was, as far as lines do
    /// not say otherwise. What was still undecided stays so.
    mutating func nextSegment() {
        stored = 0
        awaitsMark = true
        earlierNames = []
        eightBit.beginSegment()
        utf16.beginSegment()
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ end: InputEnd, _ out: inout [UInt8],
        _ map: inout OffsetMap, _ problems: inout [Problem]
    ) {
        // Moved and moved back, not copied.
        swap(&output.bytes, &out)
        swap(&output.map, &map)
        swap(&output.problems, &problems)
        if carry.isEmpty {
            let done = read(bytes, base: stored, end)
            if done < bytes.count { carry.append(contentsOf: bytes[done...]) }
        } else {
            var joined: [UInt8] = []
            swap(&joined, &carry)
            let base = stored - joined.count
            joined.append(contentsOf: bytes)
            let done = joined.withUnsafeBytes { read($0, base: base, end) }
            if done > 0 { joined.removeFirst(done) }
            carry = joined
        }
        stored += bytes.count
        swap(&output.bytes, &out)
        swap(&output.map, &map)
        swap(&output.problems, &problems)
    }
}

extension Transcoder {
    /// Reads what it can of `bytes`, the first of which has the stored offset `base`; negative
    /// where it lies in the file before. Returns how many are done.
    private mutating func read(
        _ bytes: UnsafeRawBufferPointer, base: Int, _ end: InputEnd
    ) -> Int {
        var from = 0
        if awaitsMark {
            let fileStart = max(0, -base)
            let head = UnsafeRawBufferPointer(rebasing: bytes[fileStart...])
            switch ByteOrderMark.find(head, mayGrow: end == .more) {
            case .undecided: return 0
            case .found(let mark) where obeys(mark):
                // Nothing of the file before goes on behind a mark.
                if fileStart > 0 { _ = readInMode(bytes[..<fileStart], base: base, .input) }
                begin(mark)
                from = fileStart + mark.length
            case .found, .none: break
            }
            awaitsMark = false
        }
        while true {
            let step = readInMode(bytes[from...], base: base + from, end)
            from += step.consumed
            guard let change = step.change else { return from }
            apply(change)
        }
    }

    private mutating func readInMode(
        _ slice: Slice<UnsafeRawBufferPointer>, base: Int, _ end: InputEnd
    ) -> ReadingStep {
        let bytes = UnsafeRawBufferPointer(rebasing: slice)
        if mode == .undecided { decide(bytes, end) }
        return switch mode {
        case .undecided: ReadingStep(consumed: 0)
        case .eightBit: eightBit.read(bytes, base: base, end: end, into: &output)
        case .utf16: utf16.read(bytes, base: base, end: end, into: &output)
        case .codePage:
            codePage?.read(bytes, base: base, end: end, into: &output)
                ?? ReadingStep(consumed: bytes.count)
        case .iconv:
            iconv?.read(bytes, base: base, end: end, into: &output)
                ?? ReadingStep(consumed: bytes.count)
        }
    }

    private mutating func decide(_ head: UnsafeRawBufferPointer, _ end: InputEnd) {
        // An empty file says nothing of the next.
        if head.isEmpty && end != .input { return }
        switch detection.judge(head, mayGrow: end == .more) {
        case .undecided: break
        case .eightBit: mode = .eightBit
        case .utf16(let bigEndian):
            mode = .utf16
            utf16 = UTF16Reader(bigEndian: bigEndian, mayChange: true)
        }
    }

    /// Whether a mark is one of the encoding that was asked for.
    private func obeys(_ mark: ByteOrderMark) -> Bool {
        switch (option?.form, mark) {
        case (nil, _), (.utf8, .utf8), (.utf16, .utf16): true
        default: false
        }
    }

    private mutating func begin(_ mark: ByteOrderMark) {
        switch mark {
        case .utf8:
            mode = .eightBit
            eightBit.beginSegment()
            eightBit.sawMark()
        case .utf16(let bigEndian):
            mode = .utf16
            utf16 = UTF16Reader(bigEndian: bigEndian, mayChange: option == nil)
        }
    }

    private mutating func apply(_ change: EncodingChange) {
        switch change {
        case .utf16(let bigEndian):
            earlierNames += eightBit.names.filter { !earlierNames.contains($0) }
            mode = .utf16
            utf16 = UTF16Reader(bigEndian: bigEndian, mayChange: true)
            output.report("encoding changes to \(utf16.name)")
        case .eightBit:
            if !earlierNames.contains(utf16.name) { earlierNames.append(utf16.name) }
            mode = .eightBit
            eightBit.beginSegment()
            output.report("encoding changes from utf-16 to 8-bit text")
        }
    }
}
