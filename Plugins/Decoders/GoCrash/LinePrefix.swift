import WinnowKit

/// Bytes that stand before each line of a report, where digits stand for any digits.
///
/// A supervisor or logger that takes a program's output line by line puts its own time and name
/// before each: `2026/11/16 16:32:48 [DEBUG] provider-vm: `.
struct LinePrefix {
    private let pattern: [UInt8]

    /// Learns the prefix from a line's first bytes.
    init(_ bytes: LineBytes) { pattern = Array(bytes.raw) }

    /// Where the text behind the prefix begins in `line`, or nil when the line does not begin so.
    ///
    /// Blanks at the prefix' end may lack on a line that has nothing else.
    func end(in line: LineBytes) -> Int? {
        var i = 0
        var p = 0
        while p < pattern.count {
            let wanted = pattern[p]
            if i == line.count {
                while p < pattern.count, pattern[p].isBlank { p += 1 }
                return p == pattern.count ? i : nil
            }
            if wanted.isDigit {
                guard line[i].isDigit else { return nil }
                while p < pattern.count, pattern[p].isDigit { p += 1 }
                i = line.digitsEnd(i)
            } else if wanted == 0x20 {
                // Columns of numbers are padded with blanks.
                guard line[i] == 0x20 else { return nil }
                while p + 1 < pattern.count, pattern[p + 1] == 0x20 { p += 1 }
                if p + 1 < pattern.count {
                    while i + 1 < line.count, line[i + 1] == 0x20 { i += 1 }
                }
                p += 1
                i += 1
            } else {
                guard line[i] == wanted else { return nil }
                p += 1
                i += 1
            }
        }
        return i
    }
}

/// How another writer's lines begin, learnt from the last one before a report.
struct WriterLead {
    private let prefix: LinePrefix
    private let isNumeric: Bool

    /// Learns from a line of text; nil where its beginning is too short to know a writer by.
    init?(_ line: LineBytes) {
        let length = min(line.count, 16)
        guard length >= 8, !line[0].isBlank else { return nil }
        prefix = LinePrefix(line.slice(0..<length))
        isNumeric = line[0].isDigit
    }

    /// Whether a line begins so.
    func begins(_ line: LineBytes) -> Bool { prefix.end(in: line) != nil }

    /// Where in a line such a line begins.
    ///
    /// Digits at the beginning cannot be told from digits before it, unless they are a date's.
    func find(in line: LineBytes) -> Int? {
        if isNumeric {
            guard let stamp = LogStamp.find(line), begins(line.slice(stamp.start..<line.count))
            else { return nil }
            return stamp.start
        }
        for i in 0..<line.count where begins(line.slice(i..<line.count)) { return i }
        return nil
    }
}

/// Finds where a log line of another writer begins, at or within a line.
enum LogStamp {
    /// A place in a line with the time that stands there.
    struct Hit {
        /// Where the log line begins.
        var start: Int
        /// The time in seconds, in no particular zone; nil where it has no date.
        var seconds: Int64?
    }

    /// The first `YYYY/MM/DD hh:mm:ss`, `YYYY-MM-DD hh:mm:ss` (blank or T), or klog's
    /// `I0102 hh:mm:ss.`; digits before it belong to what was cut.
    static func find(_ line: LineBytes) -> Hit? {
        var from = 0
        while let colon = line.first(UInt8(ascii: ":"), from: from) {
            from = colon + 1
            guard colon >= 7, line.count - colon > 5, line[colon + 3] == UInt8(ascii: ":"),
                let minute = line.number(colon + 1..<colon + 3),
                let second = line.number(colon + 4..<colon + 6),
                let hour = line.number(colon - 2..<colon)
            else { continue }
            let time = colon - 2
            if let hit = dated(line, time, hour, minute, second) { return hit }
            if time >= 6, line[time - 1] == 0x20, line.digitsEnd(time - 5) == time - 1,
                "IWEFD".utf8.contains(line[time - 6]), colon + 6 < line.count,
                line[colon + 6] == UInt8(ascii: ".")
            {
                return Hit(start: time - 6)
            }
        }
        return nil
    }

    /// Where the last log line begins whose time stands before `end`.
    static func findLast(_ line: LineBytes, end: Int) -> Int? {
        var found: Int?
        var from = 0
        while from < end, let hit = find(line.slice(from..<end)) {
            found = from + hit.start
            // The time itself is at least this long.
            from += hit.start + 15
        }
        return found
    }

    /// Whether a log line that begins behind `byte` was glued to an unfinished one: a prefix ends
    /// in a blank or an opening bracket.
    static func isGlued(_ byte: UInt8) -> Bool {
        !byte.isBlank && !"[(\"'|=<".utf8.contains(byte)
    }

    private static func dated(
        _ line: LineBytes, _ time: Int, _ hour: Int, _ minute: Int, _ second: Int
    ) -> Hit? {
        guard time >= 11, line[time - 1] == 0x20 || line[time - 1] == UInt8(ascii: "T") else {
            return nil
        }
        let date = time - 11
        let separator = line[date + 4]
        guard separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-"),
            line[date + 7] == separator, let year = line.number(date..<date + 4),
            let month = line.number(date + 5..<date + 7), let day = line.number(date + 8..<date + 10),
            let stamp = Timestamp(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        return Hit(start: leadIn(line, date), seconds: stamp.seconds)
    }

    /// Where the log line begins whose time stands at `at`: `time=`, `{"time":"` and the like
    /// belong to it.
    private static func leadIn(_ line: LineBytes, _ at: Int) -> Int {
        var i = at
        if i > 0, line[i - 1] == UInt8(ascii: "\"") { i -= 1 }
        if let brace = line.findLast("{\"", end: i), i - brace < 64 { return brace }
        if i >= 5, line.has("time=", at: i - 5) { return i - 5 }
        if i >= 3, line.has("ts=", at: i - 3) { return i - 3 }
        if i >= 6, line.has("[GIN] ", at: i - 6) { return i - 6 }
        return i > 0 && line[i - 1] == UInt8(ascii: "[") ? i - 1 : at
    }

    /// Whether a line looks like a logger's, so that it is no continuation of a panic's text.
    static func isLogLine(_ line: LineBytes) -> Bool {
        if line.has("{\"") || line.has("time=") || line.has("ts=") || line.has("level=")
            || line.has("[GIN")
        {
            return true
        }
        let head = line.slice(0..<min(line.count, 48))
        guard let hit = find(head) else { return false }
        return hit.start <= 16
    }
}
