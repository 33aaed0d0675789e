import WinnowKit

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
            let month = line.number(date + 5..<date + 7),
            let day = line.number(date + 8..<date + 10),
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
