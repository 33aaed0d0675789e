/// Times as rules write them.
enum DurationText {
    /// The longest one, in nanoseconds: 30 days.
    static let longest: Int64 = 30 * 86_400 * 1_000_000_000

    enum Fault: Error {
        case notADuration
        case zero
        case tooLong
    }

    /// Reads `500ms`, `60s`, `5m`, `2h`, `1d`, `1.5h` as nanoseconds; more than zero.
    static func nanoseconds(_ text: String) throws(Fault) -> Int64 {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit: Double
        switch text.dropFirst(number.count) {
        case "ms": unit = 1e6
        case "s": unit = 1e9
        case "m": unit = 60e9
        case "h": unit = 3600e9
        case "d": unit = 86_400e9
        default: throw .notADuration
        }
        guard number.first != ".", number.last != ".", number.utf8.count <= 12,
            let value = Double(number)
        else { throw .notADuration }
        let nanoseconds = (value * unit).rounded()
        guard nanoseconds <= Double(longest) else { throw .tooLong }
        guard nanoseconds >= 1 else { throw .zero }
        return Int64(nanoseconds)
    }
}
