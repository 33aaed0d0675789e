/// Appends JSON to bytes; the callers keep the grammar.
///
/// Encoders of Foundation are four times too slow for the findings of a noisy log, and sort or
/// reorder keys; the output format fixes their order.
public enum JSONWriter {
    /// Appends a string literal: control characters, DEL, C1, line separators and bidirectional
    /// controls are escaped, invalid UTF-8 becomes U+FFFD.
    public static func string(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var i = 0
        var plain = 0
        let count = bytes.count
        while i < count {
            let byte = bytes[i]
            if byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"")
                && byte != UInt8(ascii: "\\")
            {
                i += 1
                continue
            }
            let length = byte < 0x80 ? 1 : UTF8Text.validLength(bytes, at: i)
            if length > 1 {
                let scalar = UTF8Text.scalar(bytes, at: i, length: length)
                if !SafeText.isUnsafe(scalar) {
                    i += length
                    continue
                }
                out.append(contentsOf: bytes[plain..<i])
                escape(scalar, to: &out)
                i += length
            } else {
                out.append(contentsOf: bytes[plain..<i])
                if length == 0 {
                    out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                } else {
                    escapeASCII(byte, to: &out)
                }
                i += 1
            }
            plain = i
        }
        out.append(contentsOf: bytes[plain..<count])
        out.append(UInt8(ascii: "\""))
    }

    /// Appends a string literal.
    public static func string(_ text: String, to out: inout [UInt8]) {
        var copy = text
        copy.withUTF8 { string(UnsafeRawBufferPointer($0), to: &out) }
    }

    /// Appends a string literal or null.
    public static func string(orNull text: String?, to out: inout [UInt8]) {
        if let text { string(text, to: &out) } else { out.append(contentsOf: "null".utf8) }
    }

    /// Appends a time as a string literal, or null.
    public static func time(_ time: Timestamp?, to out: inout [UInt8]) {
        guard let time else {
            out.append(contentsOf: "null".utf8)
            return
        }
        out.append(UInt8(ascii: "\""))
        time.append(to: &out)
        out.append(UInt8(ascii: "\""))
    }

    /// Appends a whole number.
    public static func number(_ value: Int, to out: inout [UInt8]) {
        out.append(contentsOf: String(value).utf8)
    }

    /// Appends true or false.
    public static func boolean(_ value: Bool, to out: inout [UInt8]) {
        out.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Appends `,` unless at the beginning of an object or list, then `"key":`.
    public static func key(_ name: StaticString, to out: inout [UInt8]) {
        comma(to: &out)
        out.append(UInt8(ascii: "\""))
        out.append(
            contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        out.append(UInt8(ascii: "\""))
        out.append(UInt8(ascii: ":"))
    }

    /// As `key(_:to:)`, for a name found in data.
    public static func key(_ name: String, to out: inout [UInt8]) {
        comma(to: &out)
        string(name, to: &out)
        out.append(UInt8(ascii: ":"))
    }

    /// Appends `,` unless the last byte opens an object or list.
    public static func comma(to out: inout [UInt8]) {
        if let last = out.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
            out.append(UInt8(ascii: ","))
        }
    }

    /// Appends a list of strings.
    public static func strings(_ list: [String], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
        for text in list {
            comma(to: &out)
            string(text, to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func escapeASCII(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            out.append(UInt8(ascii: "\\"))
            out.append(byte)
        case 0x0A: out.append(contentsOf: [0x5C, UInt8(ascii: "n")])
        case 0x0D: out.append(contentsOf: [0x5C, UInt8(ascii: "r")])
        case 0x09: out.append(contentsOf: [0x5C, UInt8(ascii: "t")])
        default: escape(UInt32(byte), to: &out)
        }
    }

    /// `\uXXXX`; every escaped scalar lies in the basic plane.
    private static func escape(_ scalar: UInt32, to out: inout [UInt8]) {
        let digits = StaticString("0123456789abcdef")
        out.append(contentsOf: [0x5C, UInt8(ascii: "u")])
        for shift in [12, 8, 4, 0] as [UInt32] {
            out.append(digits.utf8Start[Int((scalar >> shift) & 15)])
        }
    }
}
