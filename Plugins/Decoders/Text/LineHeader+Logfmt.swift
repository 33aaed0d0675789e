import WinnowKit

/// `key=value` lines: slog's text handler, logrus without a terminal, go-kit/log, log15.
extension LineHeader {
    /// How many bytes of a logfmt line are read.
    static let logfmtLimit = 1024

    /// True when `key=` of a header begins here. Other keys do not tell a log line from a message
    /// such as `x=1 is out of range`.
    static func isLogfmt(_ line: LineCursor) -> Bool {
        switch line.byte {
        case UInt8(ascii: "t"):
            line.has("time=", at: line.at) || line.has("ts=", at: line.at)
                || line.has("t=", at: line.at) || line.has("timestamp=", at: line.at)
        case UInt8(ascii: "l"):
            line.has("level=", at: line.at) || line.has("lvl=", at: line.at)
                || line.has("logger=", at: line.at)
        case UInt8(ascii: "c"): line.has("caller=", at: line.at)
        default: false
        }
    }

    /// Takes time, level and logger from the pairs, as far as they are still missing.
    mutating func readLogfmt(_ from: LineCursor, utcOffset: Int) {
        var line = from
        var hasSearched = false
        while !line.isAtEnd {
            line.skipBlanks()
            let key = line.at
            guard let sign = LineHeader.keyEnd(&line) else { continue }
            guard let value = LineHeader.logfmtValue(&line) else { return }
            take(line, key..<sign, value, utcOffset: utcOffset)
            guard time != nil, level != nil else { continue }
            // Few lines name a logger: a search costs less than reading the other pairs.
            if logger != nil || !hasSearched && line.rest.find("logger=") == nil { return }
            hasSearched = true
        }
    }

    /// Steps over a key and its `=`, or over a word without one.
    ///
    /// - Returns: The offset of the `=`, or nil for a word.
    private static func keyEnd(_ line: inout LineCursor) -> Int? {
        var i = line.at
        while i < line.limit, line[i] != UInt8(ascii: "="), !line[i].isBlank { i += 1 }
        guard line[i] == UInt8(ascii: "=") else {
            line.at = i
            return nil
        }
        line.at = i + 1
        return i
    }

    private mutating func take(
        _ line: LineCursor, _ key: Range<Int>, _ value: Range<Int>, utcOffset: Int
    ) {
        func isKey(_ name: StaticString) -> Bool {
            key.count == name.utf8CodeUnitCount && line.has(name, at: key.lowerBound)
        }
        switch line[key.lowerBound] {
        case UInt8(ascii: "t") where time == nil:
            if isKey("time") || isKey("ts") || isKey("t") || isKey("timestamp") {
                time = LineTime.whole(line, value, utcOffset: utcOffset)
            }
        case UInt8(ascii: "l") where level == nil && (isKey("level") || isKey("lvl")):
            level = LineLevel.named(line, value)
        case UInt8(ascii: "l") where logger == nil && isKey("logger"):
            if line.offset(of: UInt8(ascii: "\\"), from: value.lowerBound, reach: value.count)
                == nil,
                !value.isEmpty
            {
                logger = value
            }
        default: break
        }
    }

    /// Steps over a value.
    ///
    /// - Returns: The value without its quotes; nil when the quotes do not end.
    private static func logfmtValue(_ line: inout LineCursor) -> Range<Int>? {
        var i = line.at
        if line.byte == UInt8(ascii: "\"") {
            guard let end = JSONText.stringEnd(line.head, from: i + 1) else { return nil }
            line.at = end + 1
            return i + 1..<end
        }
        while i < line.limit, !line[i].isBlank { i += 1 }
        let start = line.at
        line.at = i
        return start..<i
    }
}
