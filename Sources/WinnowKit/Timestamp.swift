/// A point in time: whole seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
///
/// A single Int64 of nanoseconds would not hold 1601, the zero of Windows' own clock.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since the Unix epoch; negative before 1970.
    public var seconds: Int64
    /// 0 ... 999,999,999.
    public var nanoseconds: UInt32

    /// Makes a time from its parts; `nanoseconds` must be below one second.
    public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Makes a time from a civil date in UTC plus `offset` seconds east of it.
    ///
    /// - Returns: nil when a part is out of its range (month 1-12, day 1-31 and within the month,
    ///   hour 0-23, minute 0-59, second 0-60, year 1-9999). Second 60 is the leap second and counts
    ///   as the next second.
    public init?(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int,
        nanoseconds: UInt32 = 0, offset: Int = 0
    ) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Timestamp.days(in: month, of: year), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), nanoseconds < 1_000_000_000,
            abs(offset) < 86_400 * 2
        else { return nil }
        let days = Timestamp.daysSinceEpoch(year: year, month: month, day: day)
        self.seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
        self.nanoseconds = nanoseconds
    }

    /// Orders by time.
    public static func < (a: Timestamp, b: Timestamp) -> Bool {
        a.seconds == b.seconds ? a.nanoseconds < b.nanoseconds : a.seconds < b.seconds
    }

    /// The time `nanoseconds` later (earlier when negative).
    public func advanced(byNanoseconds delta: Int64) -> Timestamp {
        var s = seconds &+ delta / 1_000_000_000
        var n = Int64(nanoseconds) + delta % 1_000_000_000
        if n < 0 {
            n += 1_000_000_000
            s &-= 1
        } else if n >= 1_000_000_000 {
            n -= 1_000_000_000
            s &+= 1
        }
        return Timestamp(seconds: s, nanoseconds: UInt32(n))
    }

    /// Days since 1970-01-01 of a civil date in the proleptic Gregorian calendar.
    ///
    /// Source: the era arithmetic of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The civil date of a day number; the inverse of `daysSinceEpoch`.
    static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1
        )
    }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }
}

extension Timestamp {
    /// Reads an ISO 8601 / RFC 3339 time: `2026-03-01T10:00:00[.fraction][Z|+hh:mm|+hhmm]`.
    ///
    /// A blank may stand for the T and a comma for the point. More than nine fraction digits are
    /// cut. Without a zone the time is taken to be `defaultOffset` seconds east of UTC.
    ///
    /// - Returns: nil when `bytes` as a whole is no such time.
    public init?(iso8601 bytes: UnsafeRawBufferPointer, defaultOffset: Int = 0) {
        guard let (time, length) = Timestamp.parse(bytes, defaultOffset: defaultOffset),
            length == bytes.count
        else { return nil }
        self = time
    }

    /// As `init(iso8601:)`, from a string.
    public init?(iso8601 text: String, defaultOffset: Int = 0) {
        var copy = text
        guard
            let time = copy.withUTF8({
                Timestamp(iso8601: UnsafeRawBufferPointer($0), defaultOffset: defaultOffset)
            })
        else { return nil }
        self = time
    }

    /// Reads an ISO 8601 time at the start of `bytes` and tells how long it is.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, defaultOffset: Int = 0
    ) -> (time: Timestamp, length: Int)? {
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ")
                || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = digits(bytes, 0, 4), let month = digits(bytes, 5, 2),
            let day = digits(bytes, 8, 2), let hour = digits(bytes, 11, 2),
            let minute = digits(bytes, 14, 2), let second = digits(bytes, 17, 2)
        else { return nil }
        var at = 19
        var nanoseconds: UInt32 = 0
        if at + 1 < bytes.count, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ","),
            isDigit(bytes[at + 1])
        {
            let fraction = self.fraction(bytes, at + 1)
            nanoseconds = fraction.nanoseconds
            at = fraction.end
        }
        var offset = defaultOffset
        if at < bytes.count {
            if bytes[at] == UInt8(ascii: "Z") || bytes[at] == UInt8(ascii: "z") {
                offset = 0
                at += 1
            } else if let zone = zoneOffset(bytes, at) {
                offset = zone.seconds
                at = zone.end
            }
        }
        guard
            let time = Timestamp(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                nanoseconds: nanoseconds, offset: offset)
        else { return nil }
        return (time, at)
    }

    /// The number that `count` digits at `start` spell, or nil.
    @inline(__always)
    public static func digits(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        guard start >= 0, start + count <= bytes.count else { return nil }
        var value = 0
        for i in start..<start + count {
            guard isDigit(bytes[i]) else { return nil }
            value = value * 10 + Int(bytes[i] &- 48)
        }
        return value
    }

    /// Nanoseconds of the fraction digits at `start`, and where they end; digits past nine are cut.
    public static func fraction(
        _ bytes: UnsafeRawBufferPointer, _ start: Int
    ) -> (nanoseconds: UInt32, end: Int) {
        var value: UInt32 = 0
        var n = 0
        var i = start
        while i < bytes.count, isDigit(bytes[i]) {
            if n < 9 {
                value = value * 10 + UInt32(bytes[i] &- 48)
                n += 1
            }
            i += 1
        }
        while n < 9 {
            value *= 10
            n += 1
        }
        return (value, i)
    }

    /// Seconds east of UTC of `+hh:mm`, `-hhmm` or `+hh` at `start`, and where it ends.
    public static func zoneOffset(
        _ bytes: UnsafeRawBufferPointer, _ start: Int
    ) -> (seconds: Int, end: Int)? {
        guard start < bytes.count,
            bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-"),
            let hours = digits(bytes, start + 1, 2), hours < 24
        else { return nil }
        var end = start + 3
        var minutes = 0
        let colon = end < bytes.count && bytes[end] == UInt8(ascii: ":") ? 1 : 0
        if let m = digits(bytes, end + colon, 2), m < 60 {
            minutes = m
            end += colon + 2
        }
        let sign = bytes[start] == UInt8(ascii: "-") ? -1 : 1
        return (sign * (hours * 3600 + minutes * 60), end)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
}

extension Timestamp {
    /// Appends RFC 3339 in UTC with the fraction digits that are needed, nine at most.
    public func append(to out: inout [UInt8]) {
        var day = seconds / 86_400
        var rest = Int(seconds % 86_400)
        if rest < 0 {
            rest += 86_400
            day -= 1
        }
        let (year, month, dayOfMonth) = Timestamp.civil(days: Int(day))
        func put(_ value: Int, _ width: Int) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                out.append(UInt8(48 + (value / divisor) % 10))
                divisor /= 10
            }
        }
        put(min(max(year, 0), 9999), 4)
        out.append(UInt8(ascii: "-"))
        put(month, 2)
        out.append(UInt8(ascii: "-"))
        put(dayOfMonth, 2)
        out.append(UInt8(ascii: "T"))
        put(rest / 3600, 2)
        out.append(UInt8(ascii: ":"))
        put(rest / 60 % 60, 2)
        out.append(UInt8(ascii: ":"))
        put(rest % 60, 2)
        if nanoseconds > 0 {
            var digits = 9
            var value = Int(nanoseconds)
            while value % 10 == 0 {
                value /= 10
                digits -= 1
            }
            out.append(UInt8(ascii: "."))
            put(value, digits)
        }
        out.append(UInt8(ascii: "Z"))
    }

    /// RFC 3339 in UTC, as `append(to:)` writes it.
    public var rfc3339: String {
        var out: [UInt8] = []
        append(to: &out)
        return String(decoding: out, as: UTF8.self)
    }
}
