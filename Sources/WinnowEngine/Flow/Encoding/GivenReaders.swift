import WinnowKit

/// Text in a given code page to UTF-8, by a `CharacterTable`.
///
/// A byte that belongs to no character becomes U+FFFD and a problem, said once a line.
struct CodePageReader {
    private let table: CharacterTable
    private var hasReported = false

    init(_ table: CharacterTable) { self.table = table }

    /// Reads what it can of `bytes`, whose first byte has the stored offset `base`.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, base: Int, end: InputEnd, into output: inout TextOutput
    ) -> ReadingStep {
        var progress = CodePageProgress()
        while true {
            let start = progress.at
            let isCut = output.append(bytes, as: table, stored: base, &progress)
            let done = UnsafeRawBufferPointer(rebasing: bytes[start..<progress.at])
            if hasReported && done.contains(0x0A) { hasReported = false }
            if progress.at == bytes.count || (isCut && end != .input) {
                return ReadingStep(consumed: progress.at)
            }
            if !hasReported { output.report("bytes that are no character") }
            hasReported = true
            output.put(
                TextOutput.replacement, length: 3, stored: base + progress.at, storedLength: 1)
            progress.at += 1
        }
    }
}

/// Text in a given encoding with shift states, or without ASCII, to UTF-8: iconv, byte by byte.
///
/// Slow, and exact in its offsets for whatever iconv reads.
struct IconvReader {
    private let iconv: IconvDescriptor
    private var hasReported = false

    /// Bytes after which what is still no character never becomes one; `OffsetMap` holds no more.
    private static let maxLength = 15

    init(_ iconv: IconvDescriptor) { self.iconv = iconv }

    /// Reads what it can of `bytes`, whose first byte has the stored offset `base`.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, base: Int, end: InputEnd, into output: inout TextOutput
    ) -> ReadingStep {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { space in
            var i = 0
            while i < bytes.count {
                guard let taken = character(bytes, at: i, base, end, space, &output) else { break }
                i += taken
            }
            if end == .input && i == bytes.count {
                write(space, iconv.finish(into: space), stored: base + i, storedLength: 0, &output)
            }
            return ReadingStep(consumed: i)
        }
    }

    /// Takes the shortest stretch that iconv can do something with; nil to wait for more.
    private mutating func character(
        _ bytes: UnsafeRawBufferPointer, at i: Int, _ base: Int, _ end: InputEnd,
        _ space: UnsafeMutableRawBufferPointer, _ output: inout TextOutput
    ) -> Int? {
        var length = 1
        while i + length <= bytes.count && length <= IconvReader.maxLength {
            let part = UnsafeRawBufferPointer(rebasing: bytes[i..<(i + length)])
            let result = iconv.convert(part, into: space)
            write(space, result.written, stored: base + i, storedLength: result.taken, &output)
            if result.taken > 0 { return result.taken }
            guard result.outcome == .incomplete else { break }
            length += 1
        }
        if i + length > bytes.count && end != .input { return nil }
        if !hasReported { output.report("bytes that are no character") }
        hasReported = true
        output.put(TextOutput.replacement, length: 3, stored: base + i, storedLength: 1)
        return 1
    }

    /// Writes what iconv made of some bytes, in most cases one character.
    private mutating func write(
        _ space: UnsafeMutableRawBufferPointer, _ count: Int, stored: Int, storedLength: Int,
        _ output: inout TextOutput
    ) {
        let text = UnsafeRawBufferPointer(rebasing: space[..<count])
        var i = 0
        while i < count {
            let length = max(1, UTF8Text.validLength(text, at: i))
            var utf8: UInt64 = 0
            for j in (0..<length).reversed() { utf8 = utf8 << 8 | UInt64(text[i + j]) }
            // Further characters of the same bytes stand at their end.
            output.put(
                utf8, length: length, stored: i == 0 ? stored : stored + storedLength,
                storedLength: i == 0 ? storedLength : 0)
            if utf8 == 0x0A { hasReported = false }
            i += length
        }
    }
}
