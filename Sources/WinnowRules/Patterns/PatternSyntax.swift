/// A regular expression as a tree, as far as literals and nested repeats can be seen in it.
indirect enum PatternNode {
    /// Takes no characters and asks for none: an anchor, `\b`, `\K`, a comment.
    case empty
    /// One character, as UTF-8.
    case literal([UInt8])
    /// One character of several; `sample` is one of them.
    case oneOf(sample: [UInt8])
    case sequence([PatternNode])
    case choice([PatternNode])
    /// A group; `isAtomic` where what it matched is not tried again.
    case group(PatternNode, isAtomic: Bool)
    /// A look-around.
    case look(PatternNode)
    /// `at` is the byte where the quantifier stands in the pattern.
    case repeated(PatternNode, min: Int, max: Int?, isPossessive: Bool, at: Int)
    /// Something whose text is not known: a back-reference, a recursion, `\R`, `\X`.
    case opaque
}

/// Reads patterns that PCRE2 has compiled. What it does not know it refuses to read.
///
/// Source: pcre2pattern(3) and pcre2syntax(3) of PCRE2 10.42.
struct PatternSyntax {
    let root: PatternNode
    /// True when some part of the pattern matches without regard to case.
    let isCaseless: Bool

    init?(_ pattern: Pattern) {
        var reader = PatternReader(bytes: Array(pattern.source.utf8))
        reader.isCaseless = pattern.flags.contains(.caseless)
        guard let root = reader.choice(), reader.isAtEnd else { return nil }
        self.root = root
        isCaseless = reader.isCaseless
    }
}

private struct PatternReader {
    let bytes: [UInt8]
    var at = 0
    var isCaseless = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    private func peek(_ offset: Int = 0) -> UInt8? {
        at + offset < bytes.count ? bytes[at + offset] : nil
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    /// Alternatives up to a closing parenthesis or the end; nil: unknown syntax.
    mutating func choice() -> PatternNode? {
        var branches: [PatternNode] = []
        repeat {
            guard let branch = sequence() else { return nil }
            branches.append(branch)
        } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() -> PatternNode? {
        var items: [PatternNode] = []
        while let byte = peek(), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            if take("\\Q") {
                while !isAtEnd, !take("\\E") { items.append(.literal(character())) }
            } else {
                guard let item = item() else { return nil }
                items.append(item)
            }
            // What a quantifier after a zero-width item means is left to PCRE2.
            let start = at
            guard let range = quantifier() else { continue }
            guard let last = items.popLast() else { return nil }
            let isPossessive = take("+")
            if !isPossessive { _ = take("?") }
            items.append(
                .repeated(
                    last, min: range.min, max: range.max, isPossessive: isPossessive, at: start))
        }
        return .sequence(items)
    }

    private mutating func quantifier() -> (min: Int, max: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = at
        guard take("{"), let min = number() else {
            at = start
            return nil
        }
        if take("}") { return (min, min) }
        guard take(",") else {
            at = start
            return nil
        }
        if take("}") { return (min, nil) }
        guard let max = number(), take("}") else {
            at = start
            return nil
        }
        return (min, max)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = peek(), byte &- 48 < 10 {
            value = min((value ?? 0) * 10 + Int(byte - 48), 1_000_000)
            at += 1
        }
        return value
    }

    /// One character as written: a whole UTF-8 sequence.
    private mutating func character() -> [UInt8] {
        var out = [bytes[at]]
        at += 1
        while let byte = peek(), byte & 0xC0 == 0x80 {
            out.append(byte)
            at += 1
        }
        return out
    }

    private mutating func item() -> PatternNode? {
        switch peek() {
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "["): return set()
        case UInt8(ascii: "("): return group()
        case UInt8(ascii: "."):
            at += 1
            return .oneOf(sample: [UInt8(ascii: "a")])
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            at += 1
            return .empty
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
        default: return .literal(character())
        }
    }

    private mutating func escape() -> PatternNode? {
        at += 1
        guard let letter = peek() else { return nil }
        let isWord =
            letter &- 48 < 10 || (letter | 0x20) &- UInt8(ascii: "a") < 26
        guard isWord else { return .literal(character()) }
        at += 1
        switch letter {
        case UInt8(ascii: "d"): return .oneOf(sample: [UInt8(ascii: "0")])
        case UInt8(ascii: "s"), UInt8(ascii: "h"), UInt8(ascii: "W"):
            return .oneOf(sample: [UInt8(ascii: " ")])
        case UInt8(ascii: "w"), UInt8(ascii: "D"), UInt8(ascii: "S"), UInt8(ascii: "H"),
            UInt8(ascii: "V"):
            return .oneOf(sample: [UInt8(ascii: "a")])
        case UInt8(ascii: "v"): return .oneOf(sample: [0x0A])
        case UInt8(ascii: "N"): return peek() == UInt8(ascii: "{") ? nil : .oneOf(sample: [0x61])
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"),
            UInt8(ascii: "Z"), UInt8(ascii: "G"), UInt8(ascii: "K"):
            return .empty
        case UInt8(ascii: "t"): return .literal([0x09])
        case UInt8(ascii: "n"): return .literal([0x0A])
        case UInt8(ascii: "r"): return .literal([0x0D])
        case UInt8(ascii: "f"): return .literal([0x0C])
        case UInt8(ascii: "e"): return .literal([0x1B])
        case UInt8(ascii: "a"): return .literal([0x07])
        case UInt8(ascii: "x"): return hexadecimal()
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            guard bracketed() || oneMore() else { return nil }
            return .oneOf(sample: [UInt8(ascii: "a")])
        case UInt8(ascii: "R"), UInt8(ascii: "X"): return .opaque
        case UInt8(ascii: "g"), UInt8(ascii: "k"): return reference()
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            // A back-reference, or with more digits perhaps a character.
            _ = number()
            return .opaque
        default: return nil
        }
    }

    private mutating func oneMore() -> Bool {
        guard !isAtEnd else { return false }
        at += 1
        return true
    }

    /// `{…}`, if it stands here.
    private mutating func bracketed() -> Bool {
        guard peek() == UInt8(ascii: "{"),
            let end = bytes[at...].firstIndex(of: UInt8(ascii: "}"))
        else { return false }
        at = end + 1
        return true
    }

    private mutating func hexadecimal() -> PatternNode? {
        var digits: ArraySlice<UInt8>
        if peek() == UInt8(ascii: "{") {
            let start = at + 1
            guard bracketed() else { return nil }
            digits = bytes[start..<at - 1]
        } else {
            digits = bytes[at...].prefix(2).prefix { byte in
                byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
            }
            at += digits.count
        }
        guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { return nil }
        return .literal(Array(String(scalar).utf8))
    }

    /// What follows `\g` or `\k`.
    private mutating func reference() -> PatternNode? {
        let pairs: [UInt8: UInt8] = [
            UInt8(ascii: "{"): UInt8(ascii: "}"), UInt8(ascii: "<"): UInt8(ascii: ">"),
            UInt8(ascii: "'"): UInt8(ascii: "'"),
        ]
        if let open = peek(), let close = pairs[open] {
            guard let end = bytes[(at + 1)...].firstIndex(of: close) else { return nil }
            at = end + 1
            return .opaque
        }
        if !take("-") { _ = take("+") }
        return number() == nil ? nil : .opaque
    }

    /// A class in brackets.
    private mutating func set() -> PatternNode? {
        if take("[[:<:]]") || take("[[:>:]]") { return .empty }
        at += 1
        let isNegated = take("^")
        var sample: [UInt8]?
        var isFirst = true
        while let byte = peek(), byte != UInt8(ascii: "]") || isFirst {
            isFirst = false
            if byte == UInt8(ascii: "["), let kind = peek(1), kind == UInt8(ascii: ":") {
                var end = at + 2
                while end + 1 < bytes.count,
                    !(bytes[end] == kind && bytes[end + 1] == UInt8(ascii: "]"))
                {
                    // `[:` that no `:]` closes is a bracket and a colon.
                    guard bytes[end] != UInt8(ascii: "]") else { return nil }
                    end += 1
                }
                guard end + 1 < bytes.count else { return nil }
                at = end + 2
            } else if byte == UInt8(ascii: "\\") {
                guard let member = setEscape() else { return nil }
                if sample == nil { sample = member }
            } else {
                let member = character()
                if sample == nil { sample = member }
            }
        }
        guard take("]") else { return nil }
        return .oneOf(sample: isNegated ? [UInt8(ascii: "a")] : sample ?? [UInt8(ascii: "a")])
    }

    /// An escape in a class; gives a character that the class holds.
    private mutating func setEscape() -> [UInt8]? {
        if peek(1) == UInt8(ascii: "Q") || peek(1) == UInt8(ascii: "E") { return nil }
        if peek(1) == UInt8(ascii: "b") {
            at += 2
            return [0x08]
        }
        if let digit = peek(1), digit &- 48 < 10 {
            at += 1
            _ = number()
            return [UInt8(ascii: "0")]
        }
        switch escape() {
        case .literal(let bytes), .oneOf(let bytes): return bytes
        default: return nil
        }
    }

    private mutating func group() -> PatternNode? {
        at += 1
        var isAtomic = false
        var isLook = false
        if take("*") { return nil }
        if take("?") {
            if take("#") {
                guard let end = bytes[at...].firstIndex(of: UInt8(ascii: ")")) else { return nil }
                at = end + 1
                return .empty
            }
            if take(":") || take("|") {
            } else if take(">") {
                isAtomic = true
            } else if take("=") || take("!") || take("<=") || take("<!") {
                isLook = true
            } else if take("<") || take("P<") {
                guard name(before: UInt8(ascii: ">")) else { return nil }
            } else if take("'") {
                guard name(before: UInt8(ascii: "'")) else { return nil }
            } else if take("P=") || take("P>") || take("&") {
                return name(before: UInt8(ascii: ")")) ? .opaque : nil
            } else {
                return options()
            }
        }
        guard let content = choice(), take(")") else { return nil }
        return isLook ? .look(content) : .group(content, isAtomic: isAtomic)
    }

    private mutating func name(before close: UInt8) -> Bool {
        guard let end = bytes[at...].firstIndex(of: close) else { return false }
        at = end + 1
        return true
    }

    /// `(?i)`, `(?i:…)`, `(?R)`, `(?1)`; the extended syntax of `x` is not known.
    private mutating func options() -> PatternNode? {
        if take("R)") { return .opaque }
        let start = at
        if !take("-") { _ = take("+") }
        if number() != nil { return take(")") ? .opaque : nil }
        at = start
        while let byte = peek() {
            at += 1
            switch byte {
            case UInt8(ascii: "i"): isCaseless = true
            case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"),
                UInt8(ascii: "U"), UInt8(ascii: "-"), UInt8(ascii: "^"):
                break
            case UInt8(ascii: ")"): return .empty
            case UInt8(ascii: ":"):
                guard let content = choice(), take(")") else { return nil }
                return .group(content, isAtomic: false)
            default: return nil
            }
        }
        return nil
    }
}
