extension SourceText {
    /// The place of the byte `offset` of a scalar's text in the file; the scalar's first character
    /// where it spans lines or is no scalar.
    func place(of node: YAMLNode, offset: Int) -> Place {
        let first = place(character: node.start)
        guard let scalar = node.scalar, scalar.style != .block,
            place(character: node.end).line == first.line
        else { return first }
        let start = byteOffset(character: node.start)
        let end = byteOffset(character: node.end)
        let at: Int?
        switch scalar.style {
        case .plain: at = plainOffset(start, end, scalar, offset)
        case .singleQuoted: at = singleQuotedOffset(start, end, offset)
        case .doubleQuoted: at = doubleQuotedOffset(start, end, offset)
        case .block: at = nil
        }
        return at.map { place(byte: min($0, max(end - 1, start))) } ?? first
    }

    /// A tag or an anchor may stand before the text, so the text is looked for from the end.
    private func plainOffset(_ start: Int, _ end: Int, _ scalar: YAMLScalar, _ offset: Int) -> Int?
    {
        let count = scalar.text.utf8.count
        guard end - count >= start else { return nil }
        // The caret may stand behind the last character: something is missing there.
        return end - count + min(offset, max(count - 1, 0))
    }

    private func singleQuotedOffset(_ start: Int, _ end: Int, _ offset: Int) -> Int? {
        guard var at = bytes[start..<end].firstIndex(of: UInt8(ascii: "'")) else { return nil }
        at += 1
        var decoded = 0
        while decoded < offset, at < end - 1 {
            at += bytes[at] == UInt8(ascii: "'") ? 2 : 1
            decoded += 1
        }
        return at
    }

    private func doubleQuotedOffset(_ start: Int, _ end: Int, _ offset: Int) -> Int? {
        guard var at = bytes[start..<end].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        at += 1
        var decoded = 0
        while decoded < offset, at < end - 1 {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < end else {
                at += 1
                decoded += 1
                continue
            }
            let escape = escapeLength(at + 1, end)
            at += 1 + escape.written
            decoded += escape.decoded
        }
        return at
    }

    /// The length of the escape whose letter is at `at`: as written from there, and in UTF-8.
    private func escapeLength(_ at: Int, _ end: Int) -> (written: Int, decoded: Int) {
        let digits: Int
        switch bytes[at] {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: "N"), UInt8(ascii: "_"): return (1, 2)
        case UInt8(ascii: "L"), UInt8(ascii: "P"): return (1, 3)
        default: return (1, 1)
        }
        let hex = String(decoding: bytes[(at + 1)..<min(at + 1 + digits, end)], as: UTF8.self)
        let scalar = UInt32(hex, radix: 16).flatMap(Unicode.Scalar.init)
        return (1 + digits, scalar.map { String($0).utf8.count } ?? 1)
    }
}
