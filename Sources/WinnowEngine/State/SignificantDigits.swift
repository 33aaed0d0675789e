import Glibc

/// Measured numbers as findings show them.
enum SignificantDigits {
    /// So many significant digits.
    static func text(_ value: Double, digits: Int = 4) -> String {
        guard value != 0, value.isFinite else { return "0" }
        let scale = pow(10, Double(digits - 1) - floor(log10(abs(value))))
        let rounded = (value * scale).rounded() / scale
        let text = (rounded.isFinite ? rounded : value).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
