import WinnowKit

/// The shapes in which loggers write a time.
enum LineTime {
    /// Reads a time with a date at `at`.
    ///
    /// Shapes: RFC 3339; `2006-01-02 15:04:05` with `.` or `,` and a fraction; Go's log package
    /// `2009/01/23 01:23:23.123456`; gin's `2009/01/23 - 01:23:23`; each with a zone behind it or
    /// after a blank (` +0800`, ` +0800 CST`, ` UTC`), as `time.Time` prints itself.
    ///
    /// - Returns: The time and the offset behind it; nil when there is no time, or when letters or
    ///   digits follow it directly.
    static func dated(_ line: LineCursor, at: Int, utcOffset: Int) -> (time: Timestamp, end: Int)? {
        let mark = line[at + 4]
        guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/"), line[at + 7] == mark else {
            return nil
        }
        let found =
            mark == UInt8(ascii: "-") ? iso(line, at, utcOffset) : goLog(line, at, utcOffset)
        guard let found, !line[found.end].isDigit, !line[found.end].isLetter else { return nil }
        return found
    }

    private static func iso(
        _ line: LineCursor, _ at: Int, _ utcOffset: Int
    ) -> (time: Timestamp, end: Int)? {
        let bytes = line.bytes(at, line.limit)
        guard let (time, length) = Timestamp.parse(bytes, defaultOffset: utcOffset) else {
            return nil
        }
        let end = at + length
        var clockEnd = at + 19
        if clockEnd < end,
            line[clockEnd] == UInt8(ascii: ".") || line[clockEnd] == UInt8(ascii: ",")
        {
            clockEnd += 1
            while line[clockEnd].isDigit { clockEnd += 1 }
        }
        // A zone of its own is part of what was read.
        return clockEnd < end ? (time, end) : zoned(line, time, end, utcOffset)
    }

    private static func goLog(
        _ line: LineCursor, _ at: Int, _ utcOffset: Int
    ) -> (time: Timestamp, end: Int)? {
        let clock = line.has(" - ", at: at + 10) ? at + 13 : at + 11
        let bytes = line.bytes(0, line.limit)
        guard line[at + 10].isBlank, line[clock + 2] == UInt8(ascii: ":"),
            line[clock + 5] == UInt8(ascii: ":"),
            let year = Timestamp.digits(bytes, at, 4),
            let month = Timestamp.digits(bytes, at + 5, 2),
            let day = Timestamp.digits(bytes, at + 8, 2),
            let hour = Timestamp.digits(bytes, clock, 2),
            let minute = Timestamp.digits(bytes, clock + 3, 2),
            let second = Timestamp.digits(bytes, clock + 6, 2)
        else { return nil }
        var end = clock + 8
        var nanoseconds: UInt32 = 0
        if line[end] == UInt8(ascii: ".") || line[end] == UInt8(ascii: ","),
            line[end + 1].isDigit
        {
            (nanoseconds, end) = Timestamp.fraction(bytes, end + 1)
        }
        guard
            let time = Timestamp(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                nanoseconds: nanoseconds, offset: utcOffset)
        else { return nil }
        return zoned(line, time, end, utcOffset)
    }

    /// Applies a zone that stands behind a blank after a time without one.
    private static func zoned(
        _ line: LineCursor, _ time: Timestamp, _ end: Int, _ utcOffset: Int
    ) -> (time: Timestamp, end: Int) {
        guard line[end] == UInt8(ascii: " ") else { return (time, end) }
        func isEnd(_ at: Int) -> Bool { line[at] == 0 || line[at].isBlank }
        func moved(_ offset: Int, _ end: Int) -> (time: Timestamp, end: Int) {
            (
                Timestamp(
                    seconds: time.seconds + Int64(utcOffset - offset),
                    nanoseconds: time.nanoseconds), end
            )
        }
        if line.has("UTC", at: end + 1) || line.has("GMT", at: end + 1), isEnd(end + 4) {
            return moved(0, end + 4)
        }
        // Four digits exactly: `-12` alone may be a number of the message.
        let digits = line.bytes(end + 1, end + 6)
        guard digits.count == 5, isEnd(end + 6),
            let (offset, length) = Timestamp.zoneOffset(digits, 0), length == 5
        else { return (time, end) }
        // The zone's name, if it is not already the level.
        var name = end + 7
        while line[name] &- 65 < 26, name - end < 12 { name += 1 }
        let isName = name - end > 9 && isEnd(name) && LineLevel.named(line, end + 7..<name) == nil
        return moved(offset, isName ? name : end + 6)
    }

    /// Reads a time that fills `range`: a date or a Unix time.
    static func whole(_ line: LineCursor, _ range: Range<Int>, utcOffset: Int) -> Timestamp? {
        guard range.count >= 9 else { return nil }
        let cut = LineCursor(line.line, limit: min(range.upperBound, line.limit))
        if let (time, end) = dated(cut, at: range.lowerBound, utcOffset: utcOffset) {
            return end == range.upperBound ? time : nil
        }
        return unix(cut, range)
    }

    /// Reads a time of day without a date: `3:04PM`, `15:04:05.000`.
    ///
    /// - Returns: The offset behind it. There is no time to be had from it, but what follows is
    ///   a header as after any other time.
    static func clockEnd(_ line: LineCursor, at: Int) -> Int? {
        var i = at
        func pair() -> Bool {
            guard line[i] == UInt8(ascii: ":"), line[i + 1].isDigit,
                line[i + 2].isDigit
            else { return false }
            i += 3
            return true
        }
        while line[i].isDigit, i - at < 2 { i += 1 }
        guard i > at, pair() else { return nil }
        let hasSeconds = pair()
        if hasSeconds, line[i] == UInt8(ascii: ".") || line[i] == UInt8(ascii: ",") {
            i += 1
            while line[i].isDigit { i += 1 }
        }
        let half = line[i]
        if half == UInt8(ascii: "A") || half == UInt8(ascii: "P"), line[i + 1] == UInt8(ascii: "M")
        {
            i += 2
        } else if !hasSeconds {
            return nil
        }
        return line[i] == 0 || line[i].isBlank ? i : nil
    }

    /// Reads a Unix time that fills `range`: seconds, milliseconds, microseconds or nanoseconds,
    /// told apart by their size, with decimals and an exponent (`1.7e+09`).
    ///
    /// Each unit's range is 1973 to 5138; smaller numbers under a key `time` are durations.
    static func unix(_ line: LineCursor, _ range: Range<Int>) -> Timestamp? {
        var significant = -1
        var point = -1
        var digits = 0
        var exponent = 0
        var end = range.upperBound
        var i = range.lowerBound
        // The position of the point counted in digits from the first significant one.
        var before = 0
        scan: while i < range.upperBound {
            let byte = line[i]
            switch byte {
            case UInt8(ascii: "."):
                guard point < 0 else { return nil }
                point = i
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard let value = self.exponent(line, i + 1..<range.upperBound) else { return nil }
                exponent = value
                end = i
                break scan
            default:
                guard byte.isDigit else { return nil }
                digits += 1
                if significant < 0, byte != UInt8(ascii: "0") { significant = i }
                if point < 0, significant >= 0 { before += 1 }
                if point >= 0, significant < 0 { before -= 1 }
            }
            i += 1
        }
        let size = before + exponent
        guard digits > 0, digits <= 40, significant >= 0, (9...20).contains(size) else {
            return nil
        }
        let secondDigits = size - (size - 9) / 3 * 3
        var seconds: Int64 = 0
        var nanoseconds: UInt32 = 0
        var at = significant
        for position in 0..<secondDigits + 9 {
            if at == point { at += 1 }
            let digit = at < end ? line[at] &- 48 : 0
            at += 1
            if position < secondDigits {
                seconds = seconds * 10 + Int64(digit)
            } else {
                nanoseconds = nanoseconds * 10 + UInt32(digit)
            }
        }
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    private static func exponent(_ line: LineCursor, _ range: Range<Int>) -> Int? {
        var i = range.lowerBound
        let isNegative = line[i] == UInt8(ascii: "-")
        if isNegative || line[i] == UInt8(ascii: "+") { i += 1 }
        guard i < range.upperBound, range.upperBound - i <= 2,
            let value = Timestamp.digits(line.bytes(i, range.upperBound), 0, range.upperBound - i)
        else { return nil }
        return isNegative ? -value : value
    }
}
