/// Reads patterns that PCRE2 has compiled. What it does not know it refuses to read.
///
/// Source: pcre2pattern(3) and pcre2syntax(3) of PCRE2 10.42; where later versions read a text
/// otherwise (`{,3}`, `(?[…])`, new letters of options) it is refused.
struct PatternSyntax {
    let root: PatternNode
    /// True when a search that begins at the first place where a match can begin finds what one from
    /// the start of the subject finds: no verbs that move the start, no `\G`.
    let mayStartLate: Bool

    init?(_ pattern: Pattern) {
        var reader = PatternReader(
            bytes: Array(pattern.source.utf8), isUTF: pattern.isUTF,
            isCaseless: pattern.flags.contains(.caseless))
        guard reader.verbsAtStart(), let root = reader.choice(), reader.isAtEnd,
            // What stands behind it need not match, nor what stands around it.
            !reader.hasAccept
        else { return nil }
        self.root = root
        mayStartLate = reader.mayStartLate
    }
}

/// A cursor in a pattern; one method a construct, each gives nil for unknown syntax.
struct PatternReader {
    let bytes: [UInt8]
    /// True where characters are units, not bytes.
    let isUTF: Bool
    var at = 0
    var options: Options
    /// `(*UCP)`: bytes beyond ASCII have case, too.
    var hasProperties = false
    /// False where a comment of the extended syntax may end at something else than a line feed.
    var endsLinesWithLF = true
    var hasAccept = false
    var mayStartLate = true

    /// What `(?…)` sets, to the end of the group.
    struct Options {
        var isCaseless: Bool
        /// `x`: blanks and comments are nothing.
        var isExtended = false
        /// `xx`: nor are blanks in classes.
        var isExtendedMore = false
    }

    init(bytes: [UInt8], isUTF: Bool, isCaseless: Bool) {
        self.bytes = bytes
        self.isUTF = isUTF
        options = Options(isCaseless: isCaseless)
    }

    var isAtEnd: Bool { at == bytes.count }

    func peek(_ offset: Int = 0) -> UInt8? {
        at + offset < bytes.count ? bytes[at + offset] : nil
    }

    mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    /// The bytes up to `close`, which is taken as well.
    mutating func text(before close: UInt8) -> ArraySlice<UInt8>? {
        guard let end = bytes[at...].firstIndex(of: close) else { return nil }
        defer { at = end + 1 }
        return bytes[at..<end]
    }

    /// A decimal number, held at a million.
    mutating func number() -> Int? {
        var value: Int?
        while let byte = peek(), byte &- 48 < 10 {
            value = min((value ?? 0) * 10 + Int(byte - 48), 1_000_000)
            at += 1
        }
        return value
    }

    // MARK: - Structure

    /// Alternatives up to a closing parenthesis or the end.
    ///
    /// Options that a branch sets hold for the branches after it, too.
    mutating func choice() -> PatternNode? {
        var branches: [PatternNode] = []
        repeat {
            guard let branch = sequence() else { return nil }
            branches.append(branch)
        } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    /// A group's content and its closing parenthesis; options end with it.
    mutating func content() -> PatternNode? {
        let outer = options
        guard let node = choice(), take(")") else { return nil }
        options = outer
        return node
    }

    private mutating func sequence() -> PatternNode? {
        var items: [PatternNode] = []
        while true {
            guard skip() else { return nil }
            guard let byte = peek(), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") else {
                return .sequence(items)
            }
            let start = at
            switch quantifier() {
            case .unknown: return nil
            case .none:
                if take("\\Q") {
                    guard quoted(&items) else { return nil }
                } else {
                    guard let item = item() else { return nil }
                    items.append(item)
                }
            case .range(let min, let max):
                guard let last = items.popLast() else { return nil }
                let isPossessive = take("+")
                if !isPossessive { _ = take("?") }
                items.append(
                    .repeated(last, min: min, max: max, isPossessive: isPossessive, at: start))
            }
        }
    }

    /// Goes past what stands for nothing, also between an item and its quantifier; false: unknown.
    private mutating func skip() -> Bool {
        while let byte = peek() {
            if take("\\E") { continue }
            if bytes[at...].starts(with: [0x5C, 0x51, 0x5C, 0x45]) {
                at += 4
            } else if take("(?#") {
                guard text(before: UInt8(ascii: ")")) != nil else { return false }
            } else if options.isExtended, byte == 0x20 || 9...13 ~= byte {
                at += 1
            } else if options.isExtended, byte == UInt8(ascii: "#") {
                guard endsLinesWithLF else { return false }
                if text(before: 0x0A) == nil { at = bytes.count }
            } else if options.isExtended, byte >= 0x80 {
                // Some characters beyond ASCII are blanks.
                return false
            } else {
                return true
            }
        }
        return true
    }

    /// Characters up to `\E` or the end, each as it is.
    private mutating func quoted(_ items: inout [PatternNode]) -> Bool {
        while !isAtEnd, !take("\\E") {
            guard let character = plain() else { return false }
            items.append(.character(character))
        }
        return true
    }

    private enum Quantifier {
        case none
        case unknown
        case range(Int, Int?)
    }

    private mutating func quantifier() -> Quantifier {
        if take("*") { return .range(0, nil) }
        if take("+") { return .range(1, nil) }
        if take("?") { return .range(0, 1) }
        guard peek() == UInt8(ascii: "{") else { return .none }
        let start = at
        at += 1
        if let min = number() {
            if take("}") { return .range(min, min) }
            if take(",") {
                if take("}") { return .range(min, nil) }
                if let max = number(), take("}") { return .range(min, max) }
            }
        }
        // `{,3}` and `{ 1, 3 }` are texts before PCRE2 10.43 and quantifiers since.
        at = start + 1
        let inside = bytes[at...].prefix { $0 &- 48 < 10 || $0 == 0x2C || $0 == 0x20 || $0 == 9 }
        let isClosed = bytes[inside.endIndex...].first == UInt8(ascii: "}")
        at = start
        return isClosed && inside.contains { $0 &- 48 < 10 } ? .unknown : .none
    }

    private mutating func item() -> PatternNode? {
        switch peek() {
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "["): return set()
        case UInt8(ascii: "("): return group()
        case UInt8(ascii: "."):
            at += 1
            return .character(.many(UInt8(ascii: "a")))
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            at += 1
            return .empty
        default: return plain().map { .character($0) }
        }
    }

    // MARK: - Characters

    /// The character that stands here, as itself.
    mutating func plain() -> PatternCharacter? {
        guard let code = code() else { return nil }
        return character(code)
    }

    /// The number of the character that stands here.
    mutating func code() -> UInt32? {
        guard let first = peek() else { return nil }
        at += 1
        guard isUTF, first >= 0x80 else { return UInt32(first) }
        var text = [first]
        while let byte = peek(), byte & 0xC0 == 0x80 {
            text.append(byte)
            at += 1
        }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        return scalars.count == 1 ? scalars.first?.value : nil
    }

    /// A character by its number; nil where there is none.
    func character(_ code: UInt32) -> PatternCharacter? {
        let text: [UInt8]
        if isUTF {
            guard let scalar = Unicode.Scalar(code) else { return nil }
            text = Array(String(scalar).utf8)
        } else {
            guard let byte = UInt8(exactly: code) else { return nil }
            text = [byte]
        }
        guard options.isCaseless else { return PatternCharacter(texts: [text], sample: text) }
        guard code >= 0x80 else {
            let lower = UInt8(code).asciiLowercased
            let isLetter = lower &- UInt8(ascii: "a") < 26
            var texts = [[lower]]
            // U+212A, the Kelvin sign, matches k; U+017F, the long s, matches s.
            if isUTF, lower == UInt8(ascii: "k") { texts.append([0xE2, 0x84, 0xAA]) }
            if isUTF, lower == UInt8(ascii: "s") { texts.append([0xC5, 0xBF]) }
            return PatternCharacter(texts: texts, isCaseless: isLetter, sample: text)
        }
        let hasCase = isUTF ? !PatternReader.isWithoutCase(code) : hasProperties
        return PatternCharacter(texts: hasCase ? nil : [text], sample: text)
    }

    /// Characters beyond ASCII that have one form only in every version of Unicode: punctuation,
    /// signs, kana, Han, Hangul. Of the others nothing is assumed.
    private static func isWithoutCase(_ code: UInt32) -> Bool {
        switch code {
        case 0x2000...0x206F, 0x2500...0x27BF, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xFF00...0xFF20,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
