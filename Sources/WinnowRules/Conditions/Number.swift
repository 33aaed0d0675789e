import WinnowKit

/// A number of a rule or a record: whole where it is written so, so that large ids stay exact.
enum Number: Sendable, Equatable {
    case whole(Int64)
    case real(Double)

    var double: Double {
        switch self {
        case .whole(let value): Double(value)
        case .real(let value): value
        }
    }

    /// Reads a decimal number that fills `bytes`: sign, digits, fraction, exponent.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first, first < 0x40, bytes.count <= 64 else { return nil }
        var at = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? 1 : 0
        guard at < bytes.count else { return nil }
        let digitsStart = at
        var value: Int64 = 0
        while at < bytes.count, bytes[at] &- 48 < 10, at - digitsStart < 18 {
            value = value * 10 + Int64(bytes[at] - 48)
            at += 1
        }
        if at == bytes.count, at > digitsStart {
            self = .whole(first == UInt8(ascii: "-") ? -value : value)
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let number = DecimalText(text) else { return nil }
        if number.isWhole, let value = Int64(text) {
            self = .whole(value)
        } else if let value = Double(text), value.isFinite {
            self = .real(value)
        } else {
            return nil
        }
    }

    /// Reads a decimal number that fills `text`.
    init?(_ text: String) {
        var copy = text
        guard let number = copy.withUTF8({ Number(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = number
    }

    /// Negative, zero or positive as `a` is less than, equal to or greater than `b`.
    static func order(_ a: Number, _ b: Number) -> Int {
        if case .whole(let x) = a, case .whole(let y) = b { return x < y ? -1 : x > y ? 1 : 0 }
        return a.double < b.double ? -1 : a.double > b.double ? 1 : 0
    }

    /// True for text that is a number to a reader and would be written the same way again: no
    /// leading zeros, no sign but minus, no exponent, at most 15 digits.
    static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 17 else { return false }
        var at = bytes[0] == UInt8(ascii: "-") ? 1 : 0
        let start = at
        while at < bytes.count, bytes[at] &- 48 < 10 { at += 1 }
        let whole = at - start
        guard whole > 0, whole == 1 || bytes[start] != UInt8(ascii: "0") else { return false }
        var fraction = 0
        if at < bytes.count {
            guard bytes[at] == UInt8(ascii: ".") else { return false }
            at += 1
            while at < bytes.count, bytes[at] &- 48 < 10 {
                at += 1
                fraction += 1
            }
            guard fraction > 0 else { return false }
        }
        guard at == bytes.count, whole + fraction <= 15 else { return false }
        // Minus zero reads back as zero.
        return start == 0
            || bytes[start...].contains { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: ".") }
    }

    /// A computed number in digits: at most 12 behind the point and 12 that count, no trailing zeros.
    static func text(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        // Twelve digits hide what binary fractions add to sums of decimal ones.
        var scale = 1.0
        var digits = 0
        while digits < 12, abs(value) * scale < 1e11 {
            scale *= 10
            digits += 1
        }
        let rounded = (value * scale).rounded()
        guard digits > 0, abs(rounded) < 9e18 else { return "\(value)" }
        var number = Int64(rounded)
        while digits > 0, number % 10 == 0 {
            number /= 10
            digits -= 1
        }
        guard digits > 0 else { return String(number) }
        var text = String(number.magnitude)
        while text.count <= digits { text = "0" + text }
        return (number < 0 ? "-" : "") + text.dropLast(digits) + "." + text.suffix(digits)
    }
}

/// How two numbers shall stand to each other.
enum Comparison: Sendable, Equatable {
    case equal
    case greater
    case greaterOrEqual
    case less
    case lessOrEqual

    func holds(_ value: Number, _ bound: Number) -> Bool {
        let order = Number.order(value, bound)
        switch self {
        case .equal: return order == 0
        case .greater: return order > 0
        case .greaterOrEqual: return order >= 0
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        }
    }
}
