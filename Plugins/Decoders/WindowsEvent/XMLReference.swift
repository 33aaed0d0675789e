/// What an `&` stands for.
enum XMLReference {
    /// One of XML's five entities, or a character that XML allows; it ends before the offset.
    case known(Int)
    /// A reference to what is no character of XML.
    case forbidden(Int)
    /// Two references to the halves of one character, as tools write that escape UTF-16.
    case surrogates(Unicode.Scalar, Int)
    /// An entity that only a document type declaration could define.
    case undefined
    /// Not a reference.
    case none

    init(_ bytes: UnsafeRawBufferPointer, at start: Int) {
        self = XMLReference.read(bytes, start)
        if case .forbidden(let end) = self, let high = XMLReference.value(bytes, start),
            (0xD800...0xDBFF).contains(high.value), let low = XMLReference.value(bytes, end),
            (0xDC00...0xDFFF).contains(low.value),
            let scalar = Unicode.Scalar(
                0x10000 + (high.value - 0xD800) << 10 + (low.value - 0xDC00))
        {
            self = .surrogates(scalar, low.end)
        }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> XMLReference {
        if let number = value(bytes, start) {
            switch number.value {
            case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
                return .known(number.end)
            default: return .forbidden(number.end)
            }
        }
        var i = start + 1
        while i < bytes.count, i - start <= 32, bytes[i] != UInt8(ascii: ";") {
            let byte = bytes[i]
            guard XMLBytes.startsName(byte) || (i > start + 1 && (byte &- 48 < 10)) else {
                return .none
            }
            i += 1
        }
        guard i < bytes.count, bytes[i] == UInt8(ascii: ";"), i > start + 1 else { return .none }
        let name = bytes[start + 1..<i]
        for known in ["amp", "lt", "gt", "quot", "apos"] as [StaticString]
        where name.elementsEqual(
            UnsafeBufferPointer(start: known.utf8Start, count: known.utf8CodeUnitCount))
        {
            return .known(i + 1)
        }
        return .undefined
    }

    /// The number of a character reference and where it ends; values past Unicode are told as
    /// 0xFFFF_FFFF.
    private static func value(
        _ bytes: UnsafeRawBufferPointer, _ start: Int
    ) -> (value: UInt32, end: Int)? {
        guard start + 3 < bytes.count, bytes[start] == UInt8(ascii: "&"),
            bytes[start + 1] == UInt8(ascii: "#")
        else { return nil }
        let isHex = bytes[start + 2] == UInt8(ascii: "x")
        let first = start + (isHex ? 3 : 2)
        var i = first
        var value: UInt32 = 0
        while i < bytes.count {
            let byte = bytes[i]
            let digit: UInt32
            if byte &- 48 < 10 {
                digit = UInt32(byte - 48)
            } else if isHex, (byte | 0x20) &- 97 < 6 {
                digit = UInt32((byte | 0x20) - 87)
            } else {
                break
            }
            value = value > 0x10FFFF ? .max : value * (isHex ? 16 : 10) + digit
            i += 1
        }
        guard i > first, i < bytes.count, bytes[i] == UInt8(ascii: ";") else { return nil }
        return (value, i + 1)
    }
}
