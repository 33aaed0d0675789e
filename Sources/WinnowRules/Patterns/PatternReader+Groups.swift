extension PatternReader {
    /// What an opening parenthesis begins.
    mutating func group() -> PatternNode? {
        at += 1
        if take("*") { return verb() }
        guard take("?") else { return content().map { .group($0, isAtomic: false) } }
        if take(":") || take("|") { return content().map { .group($0, isAtomic: false) } }
        if take(">") { return content().map { .group($0, isAtomic: true) } }
        if take("=") || take("!") || take("*") || take("<=") || take("<!") || take("<*") {
            return content().map { .look($0) }
        }
        if take("P=") || take("P>") || take("&") {
            return text(before: UInt8(ascii: ")")) == nil ? nil : .opaque
        }
        if take("<") || take("P<") { return named(UInt8(ascii: ">")) }
        if take("'") { return named(UInt8(ascii: "'")) }
        if take("(") { return conditional() }
        if take("C") { return callout() ? .empty : nil }
        if take("R)") { return .opaque }
        return optionsOrRecursion()
    }

    private mutating func named(_ close: UInt8) -> PatternNode? {
        guard text(before: close) != nil else { return nil }
        return content().map { .group($0, isAtomic: false) }
    }

    /// `(?1)`, `(?i)`, `(?i-m:…)`, `(?^)`.
    private mutating func optionsOrRecursion() -> PatternNode? {
        let start = at
        if !take("-") { _ = take("+") }
        if number() != nil { return take(")") ? .opaque : nil }
        at = start
        let outer = options
        var isSet = true
        if take("^") { options = Options(isCaseless: false) }
        while let byte = peek() {
            at += 1
            switch byte {
            case UInt8(ascii: "i"): options.isCaseless = isSet
            case UInt8(ascii: "x"):
                options.isExtended = isSet
                options.isExtendedMore = take("x") && isSet
            case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"),
                UInt8(ascii: "U"):
                break
            case UInt8(ascii: "-") where isSet: isSet = false
            case UInt8(ascii: ")"): return .empty
            case UInt8(ascii: ":"):
                guard let content = content() else { return nil }
                options = outer
                return .group(content, isAtomic: false)
            default: return nil
            }
        }
        return nil
    }

    /// `(?(…)yes|no)`, behind the second parenthesis: either branch, or with one branch nothing.
    private mutating func conditional() -> PatternNode? {
        var isDefinition = false
        if peek() == UInt8(ascii: "?") || peek() == UInt8(ascii: "*") {
            // A look-around, perhaps behind a callout.
            if take("?C") {
                guard callout(), take("(") else { return nil }
            }
            at -= 1
            guard case .look? = group() else { return nil }
        } else {
            guard let name = text(before: UInt8(ascii: ")")) else { return nil }
            isDefinition = name.elementsEqual("DEFINE".utf8)
        }
        guard let content = content() else { return nil }
        if isDefinition { return .empty }
        if case .choice = content { return .group(content, isAtomic: false) }
        return .group(.choice([content, .empty]), isAtomic: false)
    }

    /// What follows `(?C`: nothing, a number, or a text between delimiters; and the parenthesis.
    private mutating func callout() -> Bool {
        if number() != nil || peek() == UInt8(ascii: ")") { return take(")") }
        guard let open = peek(), "`'\"^%#${".utf8.contains(open) else { return false }
        let close = open == UInt8(ascii: "{") ? UInt8(ascii: "}") : open
        at += 1
        while text(before: close) != nil {
            // Doubled, the delimiter is a character.
            guard peek() == close else { return take(")") }
            at += 1
        }
        return false
    }

    // MARK: - Verbs

    /// What begins with `(*` inside of a pattern.
    private mutating func verb() -> PatternNode? {
        let start = at
        while let byte = peek(), (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == 0x5F {
            at += 1
        }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        switch name {
        case "pla", "positive_lookahead", "nla", "negative_lookahead", "plb",
            "positive_lookbehind", "nlb", "negative_lookbehind", "napla",
            "non_atomic_positive_lookahead", "naplb", "non_atomic_positive_lookbehind":
            return take(":") ? content().map { .look($0) } : nil
        case "atomic", "asr", "atomic_script_run":
            return take(":") ? content().map { .group($0, isAtomic: true) } : nil
        case "sr", "script_run":
            return take(":") ? content().map { .group($0, isAtomic: false) } : nil
        case "ACCEPT": hasAccept = true
        case "F", "FAIL", "", "MARK": break
        case "COMMIT", "PRUNE", "SKIP", "THEN": mayStartLate = false
        default: return nil
        }
        guard take(")") || take(":") && text(before: UInt8(ascii: ")")) != nil else { return nil }
        return .empty
    }

    /// The settings that a pattern may begin with; false: unknown.
    mutating func verbsAtStart() -> Bool {
        while peek() == UInt8(ascii: "("), peek(1) == UInt8(ascii: "*") {
            let start = at
            at += 2
            guard let name = text(before: UInt8(ascii: ")")) else { return false }
            switch String(decoding: name.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) {
            case "UTF", "NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR", "NO_JIT", "NO_START_OPT",
                "LIMIT_HEAP", "LIMIT_MATCH", "LIMIT_DEPTH", "LIMIT_RECURSION", "BSR_ANYCRLF",
                "BSR_UNICODE":
                break
            case "UCP": hasProperties = true
            // Both speak of where the search began.
            case "NOTEMPTY", "NOTEMPTY_ATSTART": mayStartLate = false
            case "CR", "LF", "CRLF", "ANY", "ANYCRLF", "NUL": endsLinesWithLF = false
            default:
                at = start
                return true
            }
        }
        return true
    }
}
