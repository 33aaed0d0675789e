import WinnowKit

/// Makes an event readable that XML forbids as it is, without inventing anything.
///
/// Windows writes control characters as they are, other tools write them as references; neither is
/// XML. What cannot stand in XML becomes U+FFFD, and what is no markup but looks like it (a bare `&`
/// or `<`, an entity nobody defined) becomes the text that it is.
enum EventRepair {
    /// What was wrong.
    enum Kind {
        case character, characterReference, surrogates, entity, bareMarkup

        /// The clause that tells a user.
        var reason: String {
            switch self {
            case .character: "bytes that XML forbids, read as U+FFFD"
            case .characterReference:
                "a reference to a character that XML forbids, read as U+FFFD"
            case .surrogates: "two references for the halves of one character, read as that"
            case .entity: "an entity that is not defined, left as it was written"
            case .bareMarkup: "a bare `&` or `<`, read as text"
            }
        }
    }

    /// The offset of the first byte that no XML may hold: a control character, invalid UTF-8,
    /// U+FFFE or U+FFFF. nil: there is none.
    static func firstForbidden(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var i = 0
        let count = bytes.count
        while i < count {
            if i + 8 <= count {
                let word = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
                // Neither a byte above 0x7F nor one below 0x20 (a borrow may only add false alarms).
                let low = (word &- 0x2020_2020_2020_2020) & ~word
                if (word | low) & 0x8080_8080_8080_8080 == 0 {
                    i += 8
                    continue
                }
            }
            let length = allowedLength(bytes, i)
            if length == 0 { return i }
            i += length
        }
        return nil
    }

    /// The length of the character at `i` when XML allows it, else 0.
    ///
    /// Source: XML 1.0, production 2 (Char).
    @inline(__always)
    private static func allowedLength(_ bytes: UnsafeRawBufferPointer, _ i: Int) -> Int {
        let byte = bytes[i]
        if byte < 0x80 { return byte >= 0x20 || XMLBytes.isSpace(byte) ? 1 : 0 }
        let length = UTF8Text.validLength(bytes, at: i)
        if length == 3, byte == 0xEF, bytes[i + 1] == 0xBF, bytes[i + 2] >= 0xBE { return 0 }
        return length
    }

    /// What a repair did.
    struct Outcome {
        /// The event as XML may have it.
        let bytes: [UInt8]
        /// The first thing that was wrong, and its offset in the event.
        let kind: Kind
        let offset: Int
    }

    /// Most characters that are replaced in an event; with more, it is no text.
    static let maxCharacters = 1 << 20
    /// Most references and bare characters that are made text in an event.
    static let maxMarkup = 1 << 16

    /// Repairs an event.
    ///
    /// - Returns: nil when there is nothing to repair, or too much.
    static func repaired(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
        var run = Run(bytes: bytes)
        run.all()
        guard let first = run.first, run.characters <= maxCharacters, run.markup <= maxMarkup
        else { return nil }
        return Outcome(bytes: run.out, kind: first.kind, offset: first.offset)
    }

    private struct Run {
        let bytes: UnsafeRawBufferPointer
        var out: [UInt8] = []
        var first: (kind: Kind, offset: Int)?
        var characters = 0
        var markup = 0
        private var i = 0
        private var inTag = false
        /// The quote of the attribute value that is being read, or 0.
        private var quote: UInt8 = 0

        init(bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
            out.reserveCapacity(bytes.count + 64)
        }

        mutating func all() {
            while i < bytes.count, characters <= maxCharacters, markup <= maxMarkup {
                switch bytes[i] {
                case UInt8(ascii: "<"): lessThan()
                case UInt8(ascii: "&"): ampersand()
                case UInt8(ascii: ">"):
                    if quote == 0 { inTag = false }
                    copy(1)
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    if inTag {
                        if quote == 0 {
                            quote = bytes[i]
                        } else if quote == bytes[i] {
                            quote = 0
                        }
                    }
                    copy(1)
                default: copyText(to: plainEnd())
                }
            }
        }

        /// Where the bytes end that mean nothing but themselves.
        private func plainEnd() -> Int {
            var end = i
            while end < bytes.count {
                switch bytes[end] {
                case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: ">"), UInt8(ascii: "\""),
                    UInt8(ascii: "'"):
                    return end
                default: end += 1
                }
            }
            return end
        }

        private mutating func copy(_ count: Int) {
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[i..<i + count]))
            i += count
        }

        /// Copies up to `end`, with U+FFFD for every byte that is part of no character.
        private mutating func copyText(to end: Int) {
            while i < end {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[i..<end])
                guard let forbidden = firstForbidden(rest) else { return copy(end - i) }
                copy(forbidden)
                replace("\u{FFFD}", .character, length: 1)
                characters += 1
                if characters > maxCharacters { return }
            }
        }

        /// Writes `text` for the next `length` bytes.
        private mutating func replace(_ text: StaticString, _ kind: Kind, length: Int) {
            if first == nil { first = (kind, i) }
            out.append(
                contentsOf: UnsafeBufferPointer(
                    start: text.utf8Start, count: text.utf8CodeUnitCount))
            i += length
        }

        private mutating func lessThan() {
            for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
                as [(StaticString, StaticString)]
            where !inTag && starts(with: opening, at: i) {
                var end = i + opening.utf8CodeUnitCount
                while end < bytes.count, !starts(with: closing, at: end) { end += 1 }
                return copyText(to: end)
            }
            // A second `<` before the `>` shows that the first was text.
            if !inTag, !isTag() {
                markup += 1
                return replace("&lt;", .bareMarkup, length: 1)
            }
            inTag = true
            quote = 0
            copy(1)
        }

        private func starts(with text: StaticString, at offset: Int) -> Bool {
            let length = text.utf8CodeUnitCount
            guard offset + length <= bytes.count else { return false }
            for k in 0..<length where bytes[offset + k] != text.utf8Start[k] { return false }
            return true
        }

        private func isTag() -> Bool {
            var k = i + 1
            if k < bytes.count, bytes[k] == UInt8(ascii: "/") { k += 1 }
            guard k < bytes.count, XMLBytes.startsName(bytes[k]) else { return false }
            var quote: UInt8 = 0
            while k < bytes.count {
                switch bytes[k] {
                case UInt8(ascii: "<"): return false
                case UInt8(ascii: ">") where quote == 0: return true
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    if quote == 0 {
                        quote = bytes[k]
                    } else if quote == bytes[k] {
                        quote = 0
                    }
                default: break
                }
                k += 1
            }
            return false
        }

        private mutating func ampersand() {
            switch XMLReference(bytes, at: i) {
            case .known(let end): return copy(end - i)
            case .forbidden(let end): replace("\u{FFFD}", .characterReference, length: end - i)
            case .surrogates(let scalar, let end):
                replace("", .surrogates, length: end - i)
                out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            case .undefined: replace("&amp;", .entity, length: 1)
            case .none: replace("&amp;", .bareMarkup, length: 1)
            }
            markup += 1
        }
    }
}
