import WinnowKit

/// Reads headers that stand before the message as words: time, level, tags and the caller, in any
/// order that loggers use.
///
/// Source: the output of Go's log package with its flags and prefixes, gin, zap's and zerolog's
/// console, logrus without colours, slog's default handler, hclog, beego, GoFrame, kratos, geth.
struct LinePlainHeader {
    private var header = LineHeader()
    private var line: LineCursor
    private let utcOffset: Int
    /// True once a time was read, even one without a date.
    private var hasTime = false
    /// True where `header.message` is set and no further part may be looked for.
    private var isSettled = false

    init(_ line: UnsafeRawBufferPointer, utcOffset: Int) {
        self.line = LineCursor(line, limit: 256)
        self.utcOffset = utcOffset
    }

    /// Takes one part after the other until something is none.
    mutating func parse() -> LineHeader {
        // Headers have up to five parts; a message of nothing but tags must not be walked through.
        for _ in 0..<8 {
            line.skipBlanks()
            guard part() else { break }
        }
        if !isSettled { header.message = line.at }
        return header
    }

    private mutating func part() -> Bool {
        switch line.byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return !hasTime && time()
        case UInt8(ascii: "["):
            return bracket()
        case UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: ":"):
            guard hasTime, line[line.at + 1].isBlank else { return false }
            line.at += 1
            return true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return level() || word()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "/"), UInt8(ascii: "_"):
            return word()
        default:
            return false
        }
    }

    // MARK: Times

    private mutating func time() -> Bool {
        if let (time, end) = LineTime.dated(line, at: line.at, utcOffset: utcOffset) {
            header.time = time
            line.at = end
        } else if let end = LineTime.clockEnd(line, at: line.at) {
            line.at = end
        } else {
            return line.at == 0 && epoch()
        }
        hasTime = true
        return !(line.byte == UInt8(ascii: "\t") && columns())
    }

    /// zap's console with its production times: `1.7673120e+09<TAB>info<TAB>…`.
    private mutating func epoch() -> Bool {
        guard let tab = line.offset(of: UInt8(ascii: "\t"), from: 0, reach: 32),
            let time = LineTime.unix(line, 0..<tab)
        else { return false }
        line.at = tab
        guard columns() else { return false }
        header.time = time
        return false
    }

    /// zap's console: a tab, the level in any case, then the logger where there is one, the caller
    /// where there is one, and the message.
    ///
    /// With a logger and without a caller the logger cannot be told from a message, and stays out.
    private mutating func columns() -> Bool {
        let levelEnd = columnEnd(line.at + 1)
        var from = line.at + 1
        var end = levelEnd
        while from < end, line[from].isBlank { from += 1 }
        while end > from, line[end - 1].isBlank { end -= 1 }
        guard let level = LineLevel.named(line, from..<end) else { return false }
        header.level = level
        var message = min(levelEnd + 1, line.limit)
        let second = message..<columnEnd(message)
        if isCaller(second) {
            message = second.upperBound + 1
        } else if line[second.upperBound] == UInt8(ascii: "\t"), !second.isEmpty {
            let third = second.upperBound + 1..<columnEnd(second.upperBound + 1)
            if isCaller(third) {
                header.logger = second
                message = third.upperBound + 1
            }
        }
        line.at = min(message, line.limit)
        header.message = line.at
        isSettled = true
        return true
    }

    private func columnEnd(_ start: Int) -> Int {
        line.offset(of: UInt8(ascii: "\t"), from: start, reach: 256) ?? max(start, line.limit)
    }

    /// `file.go:12`, with a path or not; `caller=file.go:12` is a field of the message.
    private func isCaller(_ range: Range<Int>) -> Bool {
        var at = range.upperBound
        while at > range.lowerBound, line[at - 1].isDigit { at -= 1 }
        guard at < range.upperBound, at - 4 > range.lowerBound, line.has(".go:", at: at - 4) else {
            return false
        }
        let sign = line.offset(of: UInt8(ascii: "="), from: range.lowerBound, reach: range.count)
        return sign == nil
    }

    // MARK: Brackets

    /// `[2026-03-01 10:00:00]`, `[INFO]`, `[E]` after a time, or a tag such as `[GIN]`.
    private mutating func bracket() -> Bool {
        let start = line.at + 1
        guard let close = line.offset(of: UInt8(ascii: "]"), from: start, reach: 64) else {
            return false
        }
        var from = start
        var end = close
        while from < end, line[from].isBlank { from += 1 }
        while end > from, line[end - 1].isBlank { end -= 1 }
        if !hasTime, line[from].isDigit,
            let (time, timeEnd) = LineTime.dated(line, at: from, utcOffset: utcOffset),
            timeEnd <= end
        {
            header.time = time
            hasTime = true
            from = timeEnd
            while from < end, line[from].isBlank { from += 1 }
            // `[2026-03-01T10:00:00Z WARN  module]` is Rust's env_logger.
            var word = from
            while word < end, line[word].isLetter { word += 1 }
            if header.level == nil { header.level = LineLevel.named(line, from..<word) }
        } else if header.level == nil {
            header.level =
                hasTime && end - from == 1
                ? LineLevel.letter(line[from]) : LineLevel.named(line, from..<end)
        }
        line.at = close + 1
        if line.byte == UInt8(ascii: ":") { line.at += 1 }
        return true
    }

    // MARK: Words

    /// A level in capitals: `INFO msg`, `WARN: msg`, `ERRO[0042] msg`.
    private mutating func level() -> Bool {
        guard header.level == nil else { return false }
        var end = line.at
        while line[end] &- 65 < 26 { end += 1 }
        let word = line.at..<end
        // slog's levels between its names: `INFO+2`.
        if line[end] == UInt8(ascii: "+") || line[end] == UInt8(ascii: "-"), line[end + 1].isDigit {
            end += 2
            while line[end].isDigit { end += 1 }
        }
        let next = line[end]
        guard
            next == 0 || next.isBlank || next == UInt8(ascii: ":") || next == UInt8(ascii: "[")
                || next == UInt8(ascii: "|"),
            let level = LineLevel.named(line, word)
        else { return false }
        header.level = level
        line.at = end
        if next == UInt8(ascii: ":") { line.at += 1 }
        if next == UInt8(ascii: "["), !hasTime { elapsed() }
        let rest = LineCursor(line.line, at: line.at + 1, limit: LineHeader.logfmtLimit)
        if next.isBlank, LineHeader.isLogfmt(rest) {
            header.readLogfmt(rest, utcOffset: utcOffset)
            isSettled = true
            return false
        }
        return true
    }

    /// logrus: seconds since the start, `[0042]`, or a whole time.
    private mutating func elapsed() {
        guard let close = line.offset(of: UInt8(ascii: "]"), from: line.at + 1, reach: 48) else {
            return
        }
        if let (time, end) = LineTime.dated(line, at: line.at + 1, utcOffset: utcOffset),
            end == close
        {
            header.time = time
        }
        hasTime = true
        line.at = close + 1
    }

    /// A caller after the time, `main.go:42: `, or a prefix before it, `billing: 2009/01/23 …`.
    private mutating func word() -> Bool {
        let start = line.at
        var end = start
        while end - start < 64, line[end] != 0, !line[end].isBlank {
            end += 1
            let mark = line[end - 1]
            if start == 0, !hasTime, mark == UInt8(ascii: ":") || mark == UInt8(ascii: "|"),
                line[end].isDigit || line[end].isBlank
            {
                var time = end
                while line[time].isBlank { time += 1 }
                if line[time + 4] == UInt8(ascii: "/"),
                    LineTime.dated(line, at: time, utcOffset: utcOffset) != nil
                {
                    line.at = time
                    return true
                }
            }
        }
        guard hasTime, end > start + 1, line[end - 1] == UInt8(ascii: ":"),
            isCaller(start..<end - 1)
        else { return false }
        line.at = end
        return true
    }
}
