import WinnowKit

/// Headers of fixed shape: klog and glog, and syslog.
extension LineHeader {
    /// klog and glog: `I0302 15:04:05.000000 1234 file.go:1] msg`.
    ///
    /// The month and day come without a year, so there is no time; C++ glog can write the year
    /// (`I20260302 …`, local time), and then there is.
    static func klog(_ bytes: UnsafeRawBufferPointer, utcOffset: Int) -> LineHeader? {
        let line = LineCursor(bytes, limit: 256)
        // D is gVisor's.
        switch line.byte {
        case UInt8(ascii: "I"), UInt8(ascii: "W"), UInt8(ascii: "E"), UInt8(ascii: "F"),
            UInt8(ascii: "D"):
            break
        default: return nil
        }
        var digits = 1
        while line[digits].isDigit, digits <= 9 { digits += 1 }
        let hasYear = digits == 9
        guard digits == 5 || hasYear, line[digits] == UInt8(ascii: " ") else { return nil }
        let clock = digits + 1
        guard let clockEnd = LineTime.clockEnd(line, at: clock), clockEnd >= clock + 8 else {
            return nil
        }
        var header = LineHeader()
        header.level = LineLevel.letter(line.byte)
        if hasYear {
            header.time = compact(bytes, clock, clockEnd, utcOffset)
        }
        if let end = line.offset(of: UInt8(ascii: "]"), from: clockEnd, reach: 128),
            line[end + 1] == UInt8(ascii: " ")
        {
            header.message = end + 2
        } else {
            header.message = min(clockEnd + 1, line.limit)
        }
        return header
    }

    private static func compact(
        _ bytes: UnsafeRawBufferPointer, _ clock: Int, _ clockEnd: Int, _ utcOffset: Int
    ) -> Timestamp? {
        guard let year = Timestamp.digits(bytes, 1, 4), let month = Timestamp.digits(bytes, 5, 2),
            let day = Timestamp.digits(bytes, 7, 2), let hour = Timestamp.digits(bytes, clock, 2),
            let minute = Timestamp.digits(bytes, clock + 3, 2),
            let second = Timestamp.digits(bytes, clock + 6, 2)
        else { return nil }
        let fraction = clockEnd > clock + 8 ? Timestamp.fraction(bytes, clock + 9).nanoseconds : 0
        return Timestamp(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second,
            nanoseconds: fraction, offset: utcOffset)
    }

    /// Syslog: `<13>1 2026-03-01T10:00:00Z host app …` (RFC 5424), or `<13>Mar  1 10:00:00 host …`
    /// (RFC 3164, whose time has no year and gives none).
    static func syslog(_ bytes: UnsafeRawBufferPointer, utcOffset: Int) -> LineHeader {
        var line = LineCursor(bytes, limit: 256)
        var header = LineHeader()
        line.at = 1
        guard let range = line.whole(), range.count <= 3, line.skip(">"),
            let priority = Timestamp.digits(bytes, range.lowerBound, range.count), priority <= 191
        else { return header }
        if line.skip("1 ") {
            header.time = LineTime.dated(line, at: line.at, utcOffset: utcOffset)?.time
            // `-` stands for a time that the sender does not know.
            guard header.time != nil || line.byte == UInt8(ascii: "-") else { return header }
        } else {
            guard line[line.at] &- 65 < 26, line[line.at + 3] == UInt8(ascii: " "),
                LineTime.clockEnd(line, at: line.at + 7) == line.at + 15
            else { return header }
        }
        header.level = LineLevel.syslog(severity: priority & 7)
        return header
    }
}
