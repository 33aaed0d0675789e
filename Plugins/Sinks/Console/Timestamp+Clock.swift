import WinnowKit

extension Timestamp {
    /// Date and time of day in UTC, to the second: `2026-03-01` and `10:00:00`.
    var clock: (date: String, time: String) {
        let text = rfc3339
        return (String(text.prefix(10)), String(text.dropFirst(11).prefix(8)))
    }

    /// From `first` to `last` in the order given: `2026-03-01 10:00:00 – 10:04:59`, the second date
    /// only where it differs.
    static func span(_ first: Timestamp, _ last: Timestamp) -> String {
        let (a, b) = (first.clock, last.clock)
        if a == b { return "\(a.date) \(a.time)" }
        return "\(a.date) \(a.time) – " + (a.date == b.date ? b.time : "\(b.date) \(b.time)")
    }

    /// How long it is from one time to another, in the two largest units: `4m 59s`; nil below a
    /// second or where the difference is no number.
    static func duration(_ a: Timestamp, _ b: Timestamp) -> String? {
        let (difference, overflow) = max(a, b).seconds.subtractingReportingOverflow(
            min(a, b).seconds)
        if overflow || difference < 1 { return nil }
        let units: [(seconds: Int64, name: String)] = [
            (86_400, "d"), (3600, "h"), (60, "m"), (1, "s"),
        ]
        let largest = units.firstIndex { difference >= $0.seconds } ?? units.count - 1
        var text = "\(difference / units[largest].seconds)\(units[largest].name)"
        if largest + 1 < units.count {
            let rest = difference % units[largest].seconds / units[largest + 1].seconds
            if rest > 0 { text += " \(rest)\(units[largest + 1].name)" }
        }
        return text
    }
}
