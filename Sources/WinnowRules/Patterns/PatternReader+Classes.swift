extension PatternReader {
    /// Longest class that is written out.
    private static let maxMembers = 10

    /// A class in brackets.
    mutating func set() -> PatternNode? {
        if take("[[:<:]]") || take("[[:>:]]") { return .empty }
        at += 1
        var isNegated = false
        while isNothingInSet() || !isNegated && take("^") {
            if bytes[at - 1] == UInt8(ascii: "^") { isNegated = true }
        }
        var members = Members()
        var isQuoted = false
        var isFirst = true
        while true {
            guard let byte = peek() else { return nil }
            if isQuoted {
                if take("\\E") {
                    isQuoted = false
                } else {
                    guard let code = code() else { return nil }
                    members.add(code)
                    isFirst = false
                }
                continue
            }
            if isNothingInSet() { continue }
            if take("\\Q") {
                isQuoted = true
                continue
            }
            if byte == UInt8(ascii: "]"), !isFirst { break }
            isFirst = false
            guard member(&members) else { return nil }
        }
        at += 1
        members.endRange()
        return .character(character(members, isNegated: isNegated))
    }

    /// Goes past what is no member: `\E`, `\Q\E`, a blank of the extended syntax.
    private mutating func isNothingInSet() -> Bool {
        if take("\\E") || take("\\Q\\E") { return true }
        guard options.isExtendedMore, peek() == 0x20 || peek() == 0x09 else { return false }
        at += 1
        return true
    }

    /// One member: a character, a hyphen, an escape, a class by name.
    private mutating func member(_ members: inout Members) -> Bool {
        if peek() == UInt8(ascii: "["), let kind = peek(1),
            kind == UInt8(ascii: ":") || kind == UInt8(ascii: ".") || kind == UInt8(ascii: "=")
        {
            return namedClass(&members)
        }
        guard peek() == UInt8(ascii: "\\") else {
            guard let code = code() else { return false }
            code == UInt32(UInt8(ascii: "-")) ? members.hyphen() : members.add(code)
            return true
        }
        guard let letter = peek(1) else { return false }
        switch letter {
        case UInt8(ascii: "b"):
            at += 2
            members.add(8)
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            // Octal, or a digit.
            at += 1
            _ = number()
            members.addMany(letter)
        default:
            // Case is a matter of the whole class.
            let outer = options.isCaseless
            options.isCaseless = false
            defer { options.isCaseless = outer }
            guard let character = characterEscape() else { return false }
            if let text = character.texts?.first {
                guard let code = code(of: text) else { return false }
                members.add(code)
            } else {
                members.addMany(character.sample[0])
            }
        }
        return true
    }

    private func code(of text: [UInt8]) -> UInt32? {
        isUTF
            ? String(decoding: text, as: UTF8.self).unicodeScalars.first?.value
            : text.first.map { UInt32($0) }
    }

    /// `[:alpha:]`; a `[:` that is no such thing is left to PCRE2.
    private mutating func namedClass(_ members: inout Members) -> Bool {
        guard take("[:") else { return false }
        let isNegated = take("^")
        let start = at
        while let byte = peek(), byte &- UInt8(ascii: "a") < 26 { at += 1 }
        guard at > start, take(":]") else { return false }
        let holdsLetters =
            !isNegated
            && ["alpha", "alnum", "lower", "word", "xdigit", "graph", "print", "ascii"].contains(
                String(decoding: bytes[start..<at - 2], as: UTF8.self))
        members.addMany(holdsLetters ? UInt8(ascii: "a") : UInt8(ascii: "0"))
        return true
    }

    private func character(_ members: Members, isNegated: Bool) -> PatternCharacter {
        if isNegated { return .many(UInt8(ascii: "a")) }
        let sample = members.sample.flatMap { character($0)?.sample } ?? [UInt8(ascii: "a")]
        var out = PatternCharacter(texts: nil, sample: sample)
        guard !members.hasMany, members.codes.count <= PatternReader.maxMembers else { return out }
        var texts: [[UInt8]] = []
        for code in members.codes {
            guard let character = character(code), let forms = character.texts else { return out }
            if character.isCaseless { out.isCaseless = true }
            for text in forms where !texts.contains(text) { texts.append(text) }
        }
        if !out.isCaseless {
            // `[Ee]` is a letter without regard to case.
            var folded: [[UInt8]] = []
            for text in texts.map({ $0.map(\.asciiLowercased) }) where !folded.contains(text) {
                folded.append(text)
            }
            if folded.count * 2 == texts.count {
                texts = folded
                out.isCaseless = true
            }
        }
        out.texts = texts
        return out
    }

    /// The members of a class so far.
    private struct Members {
        private(set) var codes: [UInt32] = []
        /// True where there are more than `codes`.
        private(set) var hasMany = false
        private(set) var sample: UInt32?
        /// True between a member and what its hyphen may lead to.
        private var isRange = false
        /// True where the last member can begin a range.
        private var canBegin = false

        mutating func add(_ code: UInt32) {
            if sample == nil { sample = code }
            guard isRange, let low = codes.last else {
                put(code)
                canBegin = true
                return
            }
            isRange = false
            canBegin = false
            if code > low, code - low <= 32 {
                for member in (low + 1)...code { put(member) }
            } else if code != low {
                hasMany = true
            }
        }

        mutating func addMany(_ sample: UInt8) {
            endRange()
            hasMany = true
            canBegin = false
            if self.sample == nil { self.sample = UInt32(sample) }
        }

        mutating func hyphen() {
            if isRange || !canBegin {
                add(UInt32(UInt8(ascii: "-")))
            } else {
                isRange = true
            }
        }

        /// A hyphen that leads nowhere is a character.
        mutating func endRange() {
            if isRange { put(UInt32(UInt8(ascii: "-"))) }
            isRange = false
        }

        private mutating func put(_ code: UInt32) {
            if codes.count > 64 { hasMany = true } else { codes.append(code) }
        }
    }
}
