/// The neighbours of a threshold, as text.
enum Shift {
    /// One more and one less in the last digit that is written: `5` gives `4` and `6`, `0.5` gives
    /// `0.4` and `0.6`. None for a number with an exponent, or of more than 18 digits.
    static func numbers(_ text: String) -> [String] {
        guard DecimalText(text) != nil, text.utf8.count <= 18, !text.contains(where: \.isLetter)
        else { return [] }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1].utf8.count : 0
        guard let value = Int64(parts.joined()) else { return [] }
        return [value - 1, value + 1].map { point($0, decimals) }
    }

    /// Twice and half a duration: a window is wrong by a factor, seldom by a second. None where a
    /// rule could not say it.
    static func durations(_ text: String) -> [String] {
        guard let nanoseconds = try? DurationText.nanoseconds(text) else { return [] }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.utf8.count)
        guard let value = Double(number), nanoseconds >= 2 else { return [] }
        let texts = [value / 2, value * 2].map { Number.text($0) + unit }
        return texts.filter { (try? DurationText.nanoseconds($0)) != nil }
    }

    /// Twice and half of what stands before the `/` of a rate or a slope, whose exact value no data
    /// decides.
    static func factors(_ text: String) -> [String] {
        let number = text.prefix { $0 != "/" }
        guard let value = Double(number), value.isFinite else { return [] }
        return [value / 2, value * 2].map { Number.text($0) + text.dropFirst(number.utf8.count) }
    }

    /// A whole number with its decimal point put back.
    private static func point(_ value: Int64, _ decimals: Int) -> String {
        guard decimals > 0 else { return String(value) }
        let digits = String(value.magnitude)
        let padded =
            String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return (value < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
