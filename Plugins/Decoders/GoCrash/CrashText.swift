import WinnowKit

/// A report's lines as the runtime printed them: joined parts, without carriers, prefixes, quotes
/// and error records, in their order.
struct CrashText {
    /// The lines' bytes, one after the other.
    private(set) var bytes: [UInt8] = []
    /// Where each line lies.
    private(set) var lines: [Range<Int>] = []
    /// The carrier's time of the first line that has one.
    private(set) var time: Timestamp?
    /// Whether the lines were quoted values of a logger that had recovered the panic.
    private(set) var isQuoted = false
    /// The first line with all that stands before its headline, for its own time.
    private(set) var firstLine: [UInt8] = []

    /// Reads a record.
    ///
    /// - Parameters:
    ///   - parts: The record's bytes in order; a line may be cut between two parts.
    init(_ parts: [UnsafeRawBufferPointer], carrier: Carrier) {
        if parts.count == 1 {
            read(parts[0], carrier)
        } else {
            var joined: [UInt8] = []
            joined.reserveCapacity(parts.reduce(0) { $0 + $1.count })
            for part in parts { joined.append(contentsOf: part) }
            joined.withUnsafeBytes { read($0, carrier) }
        }
        unwrap()
        turnAround()
        joinWrapped()
    }

    private mutating func read(_ record: UnsafeRawBufferPointer, _ carrier: Carrier) {
        let whole = LineBytes(record)
        // In an input of CR style no line feed ends a line.
        let separator: UInt8 = whole.first(0x0A) == nil && whole.first(0x0D) != nil ? 0x0D : 0x0A
        bytes.reserveCapacity(record.count)
        var from = 0
        var isOpen = false
        repeat {
            let stop = whole.first(separator, from: from) ?? whole.count
            var end = stop
            if end > from, whole[end - 1] == 0x0D { end -= 1 }
            let carried = carrier.open(whole.slice(from..<end).raw)
            if time == nil { time = carried.time }
            if from == 0 {
                firstLine = Array(carried.text.prefix(4096))
                if let inner = EmbeddedReport.find(in: LineBytes(carried.text)) {
                    readInner(inner)
                    return
                }
            }
            let start = isOpen ? lines.removeLast().lowerBound : bytes.count
            bytes.append(contentsOf: carried.text)
            lines.append(start..<bytes.count)
            isOpen = carried.isPartial
            from = stop + 1
        } while from < whole.count
    }

    /// The text of a report that stood in one string.
    private mutating func readInner(_ text: [UInt8]) {
        var from = 0
        while from < text.count {
            let stop = text[from...].firstIndex(of: 0x0A) ?? text.count
            let end = stop > from && text[stop - 1] == 0x0D ? stop - 1 : stop
            let start = bytes.count
            bytes.append(contentsOf: text[from..<end])
            lines.append(start..<bytes.count)
            from = stop + 1
        }
    }

    /// Takes off what stands around the lines of this report only.
    private mutating func unwrap() {
        guard let first = lines.first(where: { !isPrelude($0) }) else { return }
        if lines.count > 1, unwrapQuoted() { return }
        let place: Int? = bytes.withUnsafeBytes { all in
            let line = LineBytes(all).slice(first)
            guard line.count > 0 else { return nil }
            // A headline at the line's beginning has nothing before it.
            if CrashLine.headline(line, 0, line.trimmedEnd) != nil { return nil }
            return CrashHeadline.place(in: line)
        }
        guard let place, place > 0 else { return }
        // A log line's own time stands before `http:`, a prefix before that.
        let stamp = bytes.withUnsafeBytes {
            LogStamp.findLast(LineBytes($0).slice(first), end: place)
        }
        unwrapPrefix(first, place, [place, stamp ?? 0].filter { $0 > 0 })
    }

    private func isPrelude(_ range: Range<Int>) -> Bool {
        bytes.withUnsafeBytes {
            let kind = CrashLine.classify(LineBytes($0).slice(range)).kind
            return kind == .note || kind == .bar
        }
    }

    /// The headline stands at `place`; one of `lengths` may be that of a prefix on every line.
    private mutating func unwrapPrefix(_ first: Range<Int>, _ place: Int, _ lengths: [Int]) {
        let common = bytes.withUnsafeBytes { all -> LinePrefix? in
            let whole = LineBytes(all)
            for length in lengths {
                let prefix = LinePrefix(whole.slice(first.lowerBound..<first.lowerBound + length))
                let isCommon = lines.contains {
                    $0.lowerBound > first.lowerBound && prefix.end(in: whole.slice($0)) != nil
                }
                if isCommon { return prefix }
            }
            return nil
        }
        var isErrorRecord = false
        bytes.withUnsafeBytes { all in
            let line = LineBytes(all).slice(first)
            isErrorRecord = common == nil && line.ends(in: " : ", end: place)
        }
        for i in lines.indices {
            let range = lines[i]
            if range == first {
                lines[i] = range.lowerBound + place..<range.upperBound
            } else if let common {
                let end = bytes.withUnsafeBytes { common.end(in: LineBytes($0).slice(range)) }
                if let end { lines[i] = range.lowerBound + end..<range.upperBound }
            }
        }
        if isErrorRecord { unwrapErrorRecord(first.count) }
    }

    /// PowerShell 5.1: the message goes on until the line before the first that begins with `+ `;
    /// the record's own lines end with `+ FullyQualifiedErrorId`. Lines of the console's width go
    /// on in the next one.
    private mutating func unwrapErrorRecord(_ width: Int) {
        func isOwn(_ i: Int) -> Bool {
            bytes.withUnsafeBytes {
                let line = LineBytes($0).slice(lines[i])
                return line.has("+ ", at: line.indent)
            }
        }
        guard let firstOwn = lines.indices.first(where: { $0 > 0 && isOwn($0) }),
            let lastOwn = lines.indices.last(where: isOwn), firstOwn >= 2
        else { return }
        var kept = [lines[0]]
        for range in lines[1..<firstOwn - 1] { join(range, to: &kept) }
        // One blank line belongs to the record.
        var next = lastOwn + 1
        if next < lines.count, bytes[lines[next]].allSatisfy(\.isBlank) { next += 1 }
        let rest = lines[next...]
        let longest = max(width, rest.map(\.count).max() ?? 0)
        for range in rest {
            if let last = kept.last, last.count % longest == 0, last.count > 0, kept.count > 1,
                isLine(bytes[last] + bytes[range])
            {
                join(range, to: &kept)
            } else {
                kept.append(range)
            }
        }
        lines = kept
    }

    private mutating func join(_ range: Range<Int>, to kept: inout [Range<Int>]) {
        guard let last = kept.popLast() else { return }
        let joined = bytes[last] + bytes[range]
        kept.append(bytes.count..<bytes.count + joined.count)
        bytes.append(contentsOf: joined)
    }

    /// Whether bytes are one of a report's lines.
    private func isLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { CrashLine.classify(LineBytes($0)).kind != .other }
    }

    /// Each line of the stack is the quoted value of one key.
    private mutating func unwrapQuoted() -> Bool {
        let first = bytes.withUnsafeBytes { all -> (key: [UInt8], line: Int)? in
            let whole = LineBytes(all)
            for i in lines.indices.prefix(3) {
                let line = whole.slice(lines[i])
                if let found = QuotedValue.find(line, beginning: "goroutine ") {
                    return (Array(line.slice(found.key).raw), i)
                }
            }
            return nil
        }
        guard let first, first.line > 0 else { return false }
        isQuoted = true
        let buffer = UnescapeBuffer()
        for i in lines.indices {
            let text = bytes.withUnsafeBytes { all -> [UInt8]? in
                let line = LineBytes(all).slice(lines[i])
                let key = i < first.line ? Array("error".utf8) : first.key
                guard let value = key.withUnsafeBytes({ QuotedValue.value(line, of: $0) }) else {
                    return nil
                }
                return Array(buffer.unescape(line, value).raw)
            }
            guard var text else { continue }
            if i < first.line { text = Array("panic: ".utf8) + text }
            lines[i] = bytes.count..<bytes.count + text.count
            bytes.append(contentsOf: text)
        }
        return true
    }

    /// A newest-first viewer put the last line first: the headline is then the last line.
    private mutating func turnAround() {
        guard let first = lines.first, let last = lines.last(where: { !$0.isEmpty }) else { return }
        let isReversed = bytes.withUnsafeBytes { all in
            let whole = LineBytes(all)
            let end = CrashLine.classify(whole.slice(last)).kind
            return CrashLine.classify(whole.slice(first)).kind == .file
                && (end == .panic || end == .fatal)
        }
        if isReversed { lines.reverse() }
    }

    /// Pieces that one line may have been broken into.
    private static let maxPieces = 64

    /// Joins frames and headers that a narrow terminal broke.
    ///
    /// Only behind the message: its text may look like anything.
    private mutating func joinWrapped() {
        let header = bytes.withUnsafeBytes { all in
            lines.firstIndex {
                let kind = CrashLine.classify(LineBytes(all).slice($0)).kind
                return kind == .goroutine || kind == .runtimeStack || kind == .function
            }
        }
        guard var i = header else { return }
        var kept = Array(lines[0..<i])
        kept.reserveCapacity(lines.count)
        while i < lines.count {
            if let (text, end) = joined(from: i) {
                kept.append(bytes.count..<bytes.count + text.count)
                bytes.append(contentsOf: text)
                i = end
            } else {
                kept.append(lines[i])
                i += 1
            }
        }
        lines = kept
    }

    /// The line that begins at index `start` and goes on in the next ones, and the index behind it;
    /// nil where the line is whole or stays none of a report's.
    private func joined(from start: Int) -> (text: [UInt8], end: Int)? {
        bytes.withUnsafeBytes { all in
            let whole = LineBytes(all)
            let first = whole.slice(lines[start])
            guard first.count < 4096, CrashLine.classify(first).kind == .other,
                CrashLine.isOpen(first)
            else { return nil }
            var text = Array(first.raw.prefix(first.trimmedEnd))
            var i = start + 1
            while i < lines.count, i - start < Self.maxPieces, text.count < 4096 {
                text.append(contentsOf: whole.slice(lines[i]).raw.prefix(4096))
                i += 1
                let (isLine, isOpen) = text.withUnsafeBytes {
                    let line = LineBytes($0)
                    let kind = CrashLine.classify(line).kind
                    return (kind != .other && kind != .blank, CrashLine.isOpen(line))
                }
                if isLine { return (text, i) }
                if !isOpen { return nil }
            }
            return nil
        }
    }
}
