/// The few facts about bytes of XML that scanning and repairing share.
enum XMLBytes {
    /// True for bytes that may begin a name (all of them above ASCII, for damaged names too).
    @inline(__always)
    static func startsName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte >= 0x80 || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ":")
    }

    /// True for bytes that end the name of a tag.
    @inline(__always)
    static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
            || byte == UInt8(ascii: "<")
    }

    /// True for XML's white space.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The bytes without white space at either end.
    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = bytes.count
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Whether the bytes are `text`, ASCII letters of either case being the same.
    static func equalIgnoringCase(_ bytes: some Collection<UInt8>, _ text: String) -> Bool {
        func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
        return bytes.count == text.utf8.count
            && zip(bytes, text.utf8).allSatisfy { lower($0) == lower($1) }
    }

    /// The text of an element; nothing where it is only the line breaks of a pretty-printer.
    static func unwrapped(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.contains(0x0A), trimmed(text).isEmpty else { return text }
        return UnsafeRawBufferPointer(rebasing: text[text.count...])
    }
}
