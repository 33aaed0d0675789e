extension PatternReader {
    /// What a backslash begins, outside of classes.
    mutating func escape() -> PatternNode? {
        if let character = characterEscape() { return .character(character) }
        guard let letter = peek(1) else { return nil }
        at += 2
        switch letter {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"),
            UInt8(ascii: "Z"), UInt8(ascii: "K"):
            return .empty
        case UInt8(ascii: "G"):
            mayStartLate = false
            return .empty
        case UInt8(ascii: "R"), UInt8(ascii: "X"), UInt8(ascii: "C"): return .opaque
        case UInt8(ascii: "g"), UInt8(ascii: "k"): return reference()
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            // A back-reference, or perhaps a character in octal and digits.
            _ = number()
            return .opaque
        default: return nil
        }
    }

    /// An escape that takes one character, in classes and outside; nil, and nothing taken, for all
    /// others.
    mutating func characterEscape() -> PatternCharacter? {
        let start = at
        at += 1
        if let letter = peek(), let found = characterEscape(letter) { return found }
        at = start
        return nil
    }

    private mutating func characterEscape(_ letter: UInt8) -> PatternCharacter? {
        let isWord = letter &- 48 < 10 || (letter | 0x20) &- UInt8(ascii: "a") < 26
        guard isWord else { return plain() }
        at += 1
        switch letter {
        case UInt8(ascii: "d"): return .many(UInt8(ascii: "0"))
        case UInt8(ascii: "s"), UInt8(ascii: "h"), UInt8(ascii: "W"): return .many(0x20)
        case UInt8(ascii: "w"), UInt8(ascii: "D"), UInt8(ascii: "S"), UInt8(ascii: "H"),
            UInt8(ascii: "V"):
            return .many(UInt8(ascii: "a"))
        case UInt8(ascii: "v"): return .many(0x0A)
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            guard bracketed() != nil || code() != nil else { return nil }
            return .many(UInt8(ascii: "a"))
        default: break
        }
        if letter == UInt8(ascii: "N"), peek() != UInt8(ascii: "{") || !isNamedCode {
            return .many(UInt8(ascii: "a"))
        }
        return codeEscape(letter).flatMap { character($0) }
    }

    private var isNamedCode: Bool { peek(1) == UInt8(ascii: "U") }

    /// The number of a character that an escape with this letter gives; the letter is taken.
    private mutating func codeEscape(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "e"): return 0x1B
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "c"):
            guard let byte = peek(), byte >= 0x20, byte < 0x7F else { return nil }
            at += 1
            let upper = byte &- UInt8(ascii: "a") < 26 ? byte & ~0x20 : byte
            return UInt32(upper ^ 0x40)
        case UInt8(ascii: "x"):
            if peek() == UInt8(ascii: "{") { return bracketed().flatMap { value($0, radix: 16) } }
            let digits = bytes[at...].prefix(2).prefix { byte in
                byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
            }
            at += digits.count
            return digits.isEmpty ? 0 : value(digits, radix: 16)
        case UInt8(ascii: "o"): return bracketed().flatMap { value($0, radix: 8) }
        case UInt8(ascii: "0"):
            let digits = bytes[at...].prefix(2).prefix { $0 &- 48 < 8 }
            at += digits.count
            return digits.isEmpty ? 0 : value(digits, radix: 8)
        case UInt8(ascii: "N"):
            guard let name = bracketed(), name.starts(with: [0x55, 0x2B]) else { return nil }
            return value(name.dropFirst(2), radix: 16)
        default: return nil
        }
    }

    /// Only digits: what else PCRE2 takes, blanks since 10.43, is left alone.
    private func value(_ digits: ArraySlice<UInt8>, radix: Int) -> UInt32? {
        guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-")
        else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
    }

    /// What stands in the braces that begin here.
    private mutating func bracketed() -> ArraySlice<UInt8>? {
        guard peek() == UInt8(ascii: "{") else { return nil }
        at += 1
        return text(before: UInt8(ascii: "}"))
    }

    /// What follows `\g` or `\k`.
    private mutating func reference() -> PatternNode? {
        let pairs: [UInt8: UInt8] = [
            UInt8(ascii: "{"): UInt8(ascii: "}"), UInt8(ascii: "<"): UInt8(ascii: ">"),
            UInt8(ascii: "'"): UInt8(ascii: "'"),
        ]
        if let open = peek(), let close = pairs[open] {
            at += 1
            return text(before: close) == nil ? nil : .opaque
        }
        if !take("-") { _ = take("+") }
        return number() == nil ? nil : .opaque
    }
}
