import WinnowKit

/// The words by which loggers name a level, and the one word that stands for all of them.
///
/// The words of Windows events are kept for text, so that one rule on `log.level` serves both.
enum LineLevel {
    /// What a level that fills `range` means: trace, debug, information, warning, error, critical
    /// or verbose; nil when it is no level.
    ///
    /// Case does not count. slog's offsets (`INFO+2`, `DEBUG-4`) are read as their word.
    ///
    /// - Source: the level names of slog, zap, zerolog (also its three letters), logrus (also its
    ///   four letters), go-kit/log, log15, hclog, GoFrame and syslog.
    static func named(_ line: LineCursor, _ range: Range<Int>) -> StaticString? {
        let start = range.lowerBound
        var end = range.upperBound
        // The longest is `informational` with an offset; nothing longer is worth a look.
        guard end - start >= 3, end - start <= 16 else { return nil }
        while end > start, line[end - 1].isDigit { end -= 1 }
        if end < range.upperBound {
            let sign = line[end - 1]
            guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
            end -= 1
        }
        func isWord(_ word: StaticString) -> Bool {
            let letters = word.utf8Start
            for i in 0..<word.utf8CodeUnitCount where line[start + i] | 0x20 != letters[i] {
                return false
            }
            return true
        }
        switch end - start {
        case 3:
            if isWord("inf") { return "information" }
            if isWord("err") { return "error" }
            if isWord("wrn") { return "warning" }
            if isWord("dbg") { return "debug" }
            if isWord("trc") { return "trace" }
            if isWord("ftl") || isWord("pnc") { return "critical" }
        case 4:
            if isWord("info") || isWord("noti") { return "information" }
            if isWord("warn") { return "warning" }
            if isWord("erro") || isWord("eror") { return "error" }
            if isWord("debu") || isWord("dbug") { return "debug" }
            if isWord("trac") { return "trace" }
            if isWord("fata") || isWord("pani") || isWord("crit") { return "critical" }
        case 5:
            if isWord("error") { return "error" }
            if isWord("debug") { return "debug" }
            if isWord("trace") { return "trace" }
            if isWord("fatal") || isWord("panic") { return "critical" }
            if isWord("alert") || isWord("emerg") { return "critical" }
        case 6:
            if isWord("notice") { return "information" }
            if isWord("dpanic") { return "critical" }
        case 7:
            if isWord("warning") { return "warning" }
            if isWord("verbose") { return "verbose" }
        case 8: if isWord("critical") { return "critical" }
        case 9: if isWord("emergency") { return "critical" }
        case 11: if isWord("information") { return "information" }
        case 13: if isWord("informational") { return "information" }
        default: break
        }
        return nil
    }

    /// The level of a single letter, as klog (`I0302 …`) and beego (`[I]`) write it.
    static func letter(_ byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "I"), UInt8(ascii: "N"): "information"
        case UInt8(ascii: "W"): "warning"
        case UInt8(ascii: "E"): "error"
        case UInt8(ascii: "F"), UInt8(ascii: "C"): "critical"
        case UInt8(ascii: "D"): "debug"
        case UInt8(ascii: "T"): "trace"
        default: nil
        }
    }

    /// The level of a syslog severity (RFC 5424, table 2).
    static func syslog(severity: Int) -> StaticString {
        switch severity {
        case ...2: "critical"
        case 3: "error"
        case 4: "warning"
        case 5, 6: "information"
        default: "debug"
        }
    }
}
