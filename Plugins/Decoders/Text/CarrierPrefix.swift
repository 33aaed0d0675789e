import WinnowKit

/// What a carrier puts in front of each line.
///
/// - NSSM 2.24-101 AppTimestampLog: `2026-03-01 10:00:00.123: ` (UTC; io.cpp), the colon may lack.
/// - Kubernetes CRI: `2026-03-01T10:00:00.123456789Z stderr F `; P for a partial line.
/// - docker compose: `web-1  | `.
/// - journald and syslog: `Mar 01 10:00:00 host unit[123]: `, months in any language, or with an
///   ISO 8601 time.
struct CarrierPrefix {
    /// Bytes before the program's line.
    var length: Int
    /// The carrier's time where it is a whole one.
    var time: Timestamp?
    /// True for a partial line.
    var isPartial = false

    /// Reads the prefix of a line of at least 8 bytes; nil when there is none.
    @inline(__always)
    init?(_ line: LineBytes) {
        let first = line[0]
        if first.isDigit {
            if line.count >= 23, line[4] == UInt8(ascii: "-"), line[7] == UInt8(ascii: "-") {
                self.init(dated: line)
                return
            }
            guard line[1] >= 0x80 || line[2] >= 0x80 || line[1] == 0x20 || line[2] == 0x20 else {
                return nil
            }
            self.init(journal: line)
        } else if first.isLetter || first >= 0x80 {
            // A blank or a bar must end the first word soon: most lines end here.
            var i = 1
            while i < min(line.count, 64), line[i] != 0x20, line[i] != UInt8(ascii: "|") { i += 1 }
            guard i < line.count, i < 64 else { return nil }
            if line[i - 1].isDigit {
                self.init(compose: line, nameEnd: i)
            } else if i <= 16, i + 12 < line.count {
                self.init(journal: line)
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    private init?(dated line: LineBytes) {
        if line[10] == 0x20 {
            guard line[13] == UInt8(ascii: ":"), line[16] == UInt8(ascii: ":"),
                line[19] == UInt8(ascii: "."), line.digitsEnd(20) == 23,
                let time = Timestamp(iso8601: line.slice(0..<23).raw)
            else { return nil }
            var length = 23
            if length < line.count, line[length] == UInt8(ascii: ":") { length += 1 }
            if length < line.count {
                guard line[length] == 0x20 else { return nil }
                length += 1
            }
            self.length = length
            self.time = time
            return
        }
        guard line[10] == UInt8(ascii: "T"), let blank = line.first(0x20, from: 19), blank < 40,
            let time = Timestamp(iso8601: line.slice(0..<blank).raw)
        else { return nil }
        for stream in ["stderr ", "stdout "] as [StaticString]
        where line.has(stream, at: blank + 1) {
            let tag = blank + 8
            guard tag < line.count, line[tag] == UInt8(ascii: "F") || line[tag] == UInt8(ascii: "P")
            else { return nil }
            guard let end = line.first(0x20, from: tag), end <= tag + 16 else {
                guard tag + 1 == line.count else { return nil }
                length = line.count
                self.time = time
                isPartial = line[tag] == UInt8(ascii: "P")
                return
            }
            length = end + 1
            self.time = time
            isPartial = line[tag] == UInt8(ascii: "P")
            return
        }
        guard let length = Self.unitEnd(line, from: blank, needsPID: true) else { return nil }
        self.length = length
        self.time = time
    }

    private init?(compose line: LineBytes, nameEnd: Int) {
        var i = nameEnd
        var digits = i
        while digits > 0, line[digits - 1].isDigit { digits -= 1 }
        guard digits > 1,
            line[digits - 1] == UInt8(ascii: "-") || line[digits - 1] == UInt8(ascii: "_")
        else { return nil }
        for j in 0..<i {
            let byte = line[j]
            guard
                byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            else { return nil }
        }
        while i < line.count, line[i] == 0x20 { i += 1 }
        guard i > nameEnd, i < line.count, line[i] == UInt8(ascii: "|") else { return nil }
        i += 1
        if i < line.count {
            guard line[i] == 0x20 else { return nil }
            i += 1
        }
        length = i
    }

    /// A month and a day in either order, a time of day, host, unit.
    private init?(journal line: LineBytes) {
        var i = 0
        var hasDay = false
        var hasWord = false
        for _ in 0..<2 {
            let start = i
            while i < line.count, line[i] != 0x20, i - start < 16 { i += 1 }
            let end = i > start && line[i - 1] == UInt8(ascii: ".") ? i - 1 : i
            if end - start <= 2, line.digitsEnd(start) == end {
                hasDay = true
            } else {
                hasWord = true
            }
            guard i < line.count, line[i] == 0x20, i > start else { return nil }
            while i < line.count, line[i] == 0x20 { i += 1 }
        }
        guard hasDay, hasWord, i + 9 < line.count, line[i + 2] == UInt8(ascii: ":"),
            line[i + 5] == UInt8(ascii: ":"), line.digitsEnd(i) == i + 2,
            line.digitsEnd(i + 3) == i + 5, line.digitsEnd(i + 6) >= i + 8
        else { return nil }
        i = line.digitsEnd(i + 6)
        if line.count > i, line[i] == UInt8(ascii: ".") { i = line.digitsEnd(i + 1) }
        guard let length = Self.unitEnd(line, from: i, needsPID: false) else { return nil }
        // Without a year it is no whole time; the program's own is better than a guess.
        self.length = length
    }

    /// Where the program's text begins behind ` host unit[123]: `, or nil.
    private static func unitEnd(_ line: LineBytes, from: Int, needsPID: Bool) -> Int? {
        var i = from
        guard i < line.count, line[i] == 0x20 else { return nil }
        while i < line.count, line[i] == 0x20 { i += 1 }
        guard let hostEnd = line.first(0x20, from: i), hostEnd - i < 256 else { return nil }
        i = hostEnd + 1
        let unit = i
        while i < line.count, line[i] != 0x20, line[i] != UInt8(ascii: "["),
            line[i] != UInt8(ascii: ":"), i - unit < 128
        {
            i += 1
        }
        guard i > unit, i < line.count else { return nil }
        if line[i] == UInt8(ascii: "[") {
            let end = line.digitsEnd(i + 1)
            guard end > i + 1, end < line.count, line[end] == UInt8(ascii: "]") else { return nil }
            i = end + 1
        } else if needsPID {
            return nil
        }
        guard i < line.count, line[i] == UInt8(ascii: ":") else { return nil }
        i += 1
        if i < line.count {
            guard line[i] == 0x20 else { return nil }
            i += 1
        }
        return i
    }
}
