/// Rates as rules write them: `2/s`, `30/m`, `1.5/h`.
enum RateText {
    /// Reads a rate as events a nanosecond; more than zero. nil where it is none.
    static func perNanosecond(_ text: String) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let unit: Double
        switch parts[1] {
        case "s": unit = 1e9
        case "m": unit = 60e9
        case "h": unit = 3600e9
        default: return nil
        }
        let number = parts[0]
        guard number.utf8.count <= 12, number.utf8.allSatisfy({ $0 &- 48 < 10 || $0 == 46 }),
            number.first != ".", number.last != ".", let value = Double(number), value > 0
        else { return nil }
        return value / unit
    }
}
