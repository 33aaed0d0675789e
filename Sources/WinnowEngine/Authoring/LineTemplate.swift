/// A line with the parts that change from case to case left open: numbers, hexadecimal digits and
/// what stands in quotes.
struct LineTemplate: Hashable {
    /// A part of the line.
    enum Part: Hashable {
        case literal(String)
        case number
        case hexadecimal
        case quoted
    }

    /// What the line is made of; two literals never stand side by side.
    private(set) var parts: [Part] = []
    /// True when only the beginning of the line was looked at.
    let isCut: Bool

    /// Most characters of a line that are looked at.
    static let maxCharacters = 300

    /// Reads a line without its time stamp.
    init(_ line: String) {
        let text = LineTemplate.withoutTime(line)
        let characters = Array(text.prefix(LineTemplate.maxCharacters))
        isCut = text.count > characters.count
        var at = 0
        var literal = ""
        func isDigit(_ i: Int) -> Bool {
            i < characters.count && ("0"..."9").contains(characters[i])
        }
        func isHex(_ i: Int) -> Bool { i < characters.count && characters[i].isASCIIHex }
        func put(_ part: Part) {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(part)
        }
        while at < characters.count {
            if characters[at] == "\"",
                let end = characters[(at + 1)...].firstIndex(of: "\"")
            {
                put(.quoted)
                at = end + 1
            } else if characters[at] == "0", at + 1 < characters.count, characters[at + 1] == "x",
                isHex(at + 2)
            {
                at += 2
                while isHex(at) { at += 1 }
                literal += "0x"
                put(.hexadecimal)
            } else if let end = LineTemplate.hexWord(characters, at) {
                put(.hexadecimal)
                at = end
            } else if isDigit(at) {
                while isDigit(at) || (characters[at...].first == "." && isDigit(at + 1)) { at += 1 }
                put(.number)
            } else {
                literal.append(characters[at])
                at += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    /// The end of a word of at least eight hexadecimal digits, of both kinds, that begins at `at`.
    private static func hexWord(_ characters: [Character], _ at: Int) -> Int? {
        guard characters[at].isASCIIHex, at == 0 || !characters[at - 1].isLetter else { return nil }
        var end = at
        var digits = 0
        while end < characters.count, characters[end].isASCIIHex {
            if ("0"..."9").contains(characters[end]) { digits += 1 }
            end += 1
        }
        guard end - at >= 8, digits > 0, digits < end - at else { return nil }
        return end == characters.count || !characters[end].isLetter ? end : nil
    }

    /// Without a date, a time and the blanks around them at the beginning.
    static func withoutTime(_ line: String) -> Substring {
        let head = line.prefix { ("0"..."9").contains($0) || "-/:.,TZ+[] ".contains($0) }
        guard head.filter({ ("0"..."9").contains($0) }).count >= 6 else { return line[...] }
        return line[head.endIndex...]
    }

    /// The longest literal, which a screen looks for.
    var longestLiteral: Int {
        parts.map { part in
            if case .literal(let text) = part { text.utf8.count } else { 0 }
        }.max() ?? 0
    }

    /// A regular expression that every line of the template meets.
    var pattern: String {
        var out = ""
        for part in parts {
            switch part {
            case .literal(let text):
                for character in text {
                    if "\\^$.|?*+()[]{}#".contains(character) { out += "\\" }
                    out.append(character)
                }
            case .number: out += "\\d+(?:\\.\\d+)*"
            case .hexadecimal: out += "[0-9a-fA-F]+"
            case .quoted: out += "\"[^\"]*\""
            }
        }
        return out + (isCut ? "" : "$")
    }

    /// The line with what changes as an ellipsis.
    var words: String {
        parts.map { part in
            if case .literal(let text) = part { text } else { "…" }
        }.joined()
    }
}

extension Character {
    fileprivate var isASCIIHex: Bool { isASCII && isHexDigit }
}
