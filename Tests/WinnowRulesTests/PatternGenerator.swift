/// Random patterns from a grammar of PCRE2's syntax, each with subjects that it is likely to match.
struct PatternGenerator {
    private(set) var random: SeededNumbers
    /// The pattern so far.
    private var text = ""
    /// Options where the text ends.
    private var isCaseless = false
    private var isExtended = false
    private var groups = 0
    private var budget = 0

    init(seed: String) { random = SeededNumbers(seed) }

    /// A pattern and what gives subjects for it.
    struct Made {
        var source: String
        var isCaseless: Bool
        /// `\K`: the reported start is not where the match began.
        var movesStart: Bool
        fileprivate var shape: Shape
    }

    /// What a part of the pattern matches, to make subjects from.
    fileprivate indirect enum Shape {
        case oneOf([[UInt8]])
        case all([Shape])
        case any([Shape])
        case turns(Shape, Int, Int)
    }

    // MARK: - Patterns

    mutating func pattern() -> Made {
        text = ""
        groups = 0
        budget = 4 + random.next(14)
        isCaseless = random.next(4) == 0
        isExtended = false
        let startsCaseless = isCaseless
        if one(in: 30) { text += "(*UCP)" }
        if one(in: 30) { text += pick(["(*LF)", "(*NO_JIT)", "(*ANYCRLF)", "(*LIMIT_MATCH=900)"]) }
        if one(in: 5) { text += pick(["(?#é)", "\\p{L}?", "\\X?"]) }
        let shape = choice(depth: 0)
        var source = text
        if one(in: 3) { for _ in 0...random.next(3) { source = mutated(source) } }
        return Made(
            source: source, isCaseless: startsCaseless, movesStart: source.contains("\\K"),
            shape: shape)
    }

    private mutating func one(in count: Int) -> Bool { random.next(count) == 0 }

    private mutating func pick<T>(_ list: [T]) -> T { list[random.next(list.count)] }

    private static let snippets = [
        "\\E", "\\Q", "\\Q\\E", "(?i)", "(?-i)", "(?x)", "(?xx)", "(?^)", "|", "?", "*", "+", "{0}",
        "{2}", "{0,1}", "{,2}", "{ 1 }", " ", "#", "\n", "(", ")", "(?:", "[", "]", "^", "-", "\\",
        "\\b", "\\K", "[^", "[]", "[[:alpha:]]", "(*F)", "(*ACCEPT)", "(?=", "(?!", "(?<=", "(?|",
        "(?1)", "(?R)", "\\1", "\\10", "\\012", "\\x", "\\x{6b}", "\\o{153}", "\\cA", "(?(1)",
        "(?(DEFINE)", "(?C1)", "(?C'x')", "(?#", "k", "S", "é", "\u{212A}", "{", "}", "\\g{1}",
        "(*:m)", "\\N", "\\R", "\\h", "(?s-i:", "(?xi)", ",", "1", "[a-\\d]", "\\p{Lu}",
    ]

    private mutating func mutated(_ source: String) -> String {
        var characters = Array(source.unicodeScalars)
        let at = random.next(characters.count + 1)
        switch random.next(4) {
        case 0 where at < characters.count: characters.remove(at: at)
        case 1 where at < characters.count:
            characters.swapAt(at, random.next(characters.count))
        default: characters.insert(contentsOf: pick(Self.snippets).unicodeScalars, at: at)
        }
        var out = String.UnicodeScalarView()
        out.append(contentsOf: characters)
        return String(out)
    }

    private mutating func choice(depth: Int) -> Shape {
        var branches = [sequence(depth: depth)]
        while one(in: depth == 0 ? 6 : 2), branches.count < 4 {
            text += "|"
            branches.append(sequence(depth: depth))
        }
        return branches.count == 1 ? branches[0] : .any(branches)
    }

    private mutating func sequence(depth: Int) -> Shape {
        var items: [Shape] = []
        for _ in 0..<(1 + random.next(4)) where budget > 0 {
            budget -= 1
            if isExtended, one(in: 3) { text += pick([" ", "\t", " # not this\n", "  "]) }
            let item = item(depth: depth)
            items.append(one(in: 4) ? quantified(item) : item)
        }
        return .all(items)
    }

    private mutating func quantified(_ shape: Shape) -> Shape {
        if case .all(let items) = shape, items.isEmpty { return shape }
        if one(in: 12) { text += "(?#q)" }
        if isExtended, one(in: 4) { text += " " }
        let low = random.next(4)
        let high = low + random.next(3)
        let range: (Int, Int)
        switch random.next(6) {
        case 0:
            text += "?"
            range = (0, 1)
        case 1:
            text += "*"
            range = (0, 3)
        case 2:
            text += "+"
            range = (1, 3)
        case 3:
            text += "{\(low)}"
            range = (low, low)
        case 4:
            text += "{\(low),}"
            range = (low, low + 2)
        default:
            text += "{\(low),\(high)}"
            range = (low, high)
        }
        text += pick(["", "", "", "?", "+"])
        return .turns(shape, range.0, range.1)
    }

    private static let words = [
        "error", "Task", "kafka", "panic: ", "ab", "k", "S", "sks", "exit code", "x=1", "über",
        "拒绝访问",
        "\u{212A}el", "\u{17F}a", "İi", "fail", "a.b", "C:\\x", "{1}", "#9 ", "[go]", "aaa",
        "Connection",
        "refused", "0x1f", "\t-", "é", "ÿK", "(*)", "a-b", "ab,c",
    ]

    private mutating func item(depth: Int) -> Shape {
        if depth < 4, one(in: 3) { return group(depth: depth) }
        switch random.next(14) {
        case 0, 1: return characterClass()
        case 2: return escapedClass()
        case 3: return zeroWidth(depth: depth)
        case 4: return reference()
        default: return word()
        }
    }

    private mutating func word() -> Shape {
        let word = pick(Self.words)
        if one(in: 8) {
            text += "\\Q\(word)\\E"
        } else {
            for scalar in word.unicodeScalars { text += written(scalar) }
        }
        guard isCaseless else { return texts([word]) }
        return texts([word, otherCase(word), otherCase(word), otherCase(word)])
    }

    private mutating func written(_ scalar: Unicode.Scalar) -> String {
        let isPlain =
            scalar.value >= 0x80 || scalar.properties.isAlphabetic || scalar.value &- 48 < 10
        guard one(in: 8) else {
            if scalar == "\t" { return "\\t" }
            return isPlain || !isExtended && scalar == " " || scalar == ":" || scalar == "="
                ? String(scalar) : "\\" + String(scalar)
        }
        let hex = String(scalar.value, radix: 16)
        let octal = String(scalar.value, radix: 8)
        switch random.next(4) {
        case 0 where scalar.value < 0x40:
            return "\\0" + String(repeating: "0", count: 2 - octal.count) + octal
        case 1: return "\\o{\(octal)}"
        case 2 where scalar.value < 0x100: return "\\x" + (hex.count == 1 ? "0" : "") + hex
        default: return "\\x{\(hex)}"
        }
    }

    private mutating func characterClass() -> Shape {
        let choices: [(String, [String])] = [
            ("[abc]", ["a", "b", "c"]), ("[Kk]", ["k", "K"]), ("[k]", ["k", "K", "\u{212A}"]),
            ("[^a]", ["b", "k", "é"]), ("[a-d]", ["a", "c", "d"]), ("[ab\\d]", ["a", "7"]),
            ("[[:alpha:]]", ["q", "E"]), ("[]x]", ["]", "x"]), ("[^]x]", ["a"]),
            ("[\\Q]-^\\E]", ["]", "-", "^"]), ("[\\E^a]", ["b", "^"]),
            ("[a\\-z]", ["a", "-", "z"]),
            ("[-a]", ["-", "a"]), ("[a-]", ["-", "a"]), ("[\\x61-\\x63]", ["a", "b"]),
            ("[éE]", ["é", "E"]), ("[s-u]", ["s", "t", "\u{17F}"]), ("[ a]", [" ", "a"]),
            ("[\\b\\t]", ["\t"]), ("[\\0601]", ["0", "1"]), ("[[]", ["["]),
            ("[a[:digit:]b]", ["4"]),
            ("[ ^a]", ["b", "^", " "]), ("[a-c-e]", ["-", "b", "e"]), ("[\\12a]", ["\n", "a"]),
            ("[\\w-z]", ["q"]), ("[\\n-\\r]", ["\n"]), ("[#]", ["#"]), ("[Ee]", ["e", "E"]),
        ]
        let (source, samples) = pick(choices)
        text += source
        return texts(samples)
    }

    private mutating func escapedClass() -> Shape {
        let choices: [(String, [String])] = [
            (".", ["a", "k"]), ("\\d", ["5"]), ("\\w", ["w", "S"]), ("\\s", [" ", "\n"]),
            ("\\S", ["x"]), ("\\N", ["n"]), ("\\R", ["\n", "\r\n"]), ("\\X", ["e", "é"]),
            ("\\p{Lu}", ["K"]), ("\\h", [" "]), ("\\v", ["\n"]), ("\\W", ["-"]), ("\\D", ["d"]),
            ("\\pL", ["p"]), ("\\p{^L}", ["1"]), ("\\cI", ["\t"]), ("\\ca", ["\u{1}"]),
            ("\\e", ["\u{1B}"]), ("\\H\\V", ["ab"]),
        ]
        let (source, samples) = pick(choices)
        text += source
        return texts(samples)
    }

    private mutating func zeroWidth(depth: Int) -> Shape {
        let nothing = Shape.all([])
        switch random.next(16) {
        case 0: text += pick(["^", "$", "\\A", "\\z", "\\Z", "\\G"])
        case 1, 2: text += pick(["\\b", "\\B", "\\K"])
        case 3: text += pick(["(?#note)", "\\E", "\\Q\\E", "(?C1)", "(?C\"a\"\"b\")", "(?C)"])
        case 4: text += pick(["(*PRUNE)", "(*SKIP)", "(*COMMIT)", "(*THEN)", "(*MARK:x)", "(*:y)"])
        case 5: text += pick(["(*FAIL)", "(*ACCEPT)", "(*F)", "(*PRUNE:n)"])
        case 6, 7, 8:
            let (caseless, extended) = (isCaseless, isExtended)
            text += pick(["(?=", "(?!", "(?<=", "(?<!", "(*pla:", "(*nlb:", "(?*"])
            _ = word()
            text += ")"
            (isCaseless, isExtended) = (caseless, extended)
        case 9, 10:
            text += "(?i)"
            isCaseless = true
        case 11:
            text += pick(["(?-i)", "(?^)"])
            if text.hasSuffix("^)") { isExtended = false }
            isCaseless = false
        case 12:
            text += pick(["(?x)", "(?xx)"])
            isExtended = true
        case 13:
            text += "(?m-x)"
            isExtended = false
        case 14 where depth < 3:
            text += "(?(DEFINE)(?<d\(groups)>"
            groups += 1
            _ = word()
            text += "))"
        default: text += pick(["(?s)", "(?m)", "(?U)", "(?J)", "(?sm-s)"])
        }
        return nothing
    }

    private mutating func reference() -> Shape {
        guard groups > 0 else { return word() }
        let number = 1 + random.next(groups)
        text += pick(["\\\(number)", "\\g{\(number)}", "(?\(number))", "\\g{-1}", "(?R)?", "(?-1)"])
        return .all([])
    }

    private mutating func group(depth: Int) -> Shape {
        let (caseless, extended) = (isCaseless, isExtended)
        defer { (isCaseless, isExtended) = (caseless, extended) }
        let open = pick([
            "(", "(", "(?:", "(?:", "(?>", "(?<n\(groups)>", "(?'n\(groups)'", "(?P<n\(groups)>",
            "(?|",
            "(?i:", "(?-i:", "(?^:", "(?x:", "(?xi:", "(*atomic:", "(*sr:", "(?s-m:", "(?(1)",
            "(?(?=a)", "(?^i:", "(?x-i:",
        ])
        text += open
        if open == "(" || open.contains("n") { groups += 1 }
        if open.contains("^") { (isCaseless, isExtended) = (false, false) }
        if open.hasSuffix("-i:") {
            isCaseless = false
        } else if open.hasSuffix("i:") {
            isCaseless = true
        }
        if open.hasPrefix("(?x") { isExtended = true }
        let shape: Shape
        if open == "(?(1)" || open == "(?(?=a)" {
            let yes = sequence(depth: depth + 1)
            text += "|"
            shape = .any([yes, sequence(depth: depth + 1)])
        } else {
            shape = choice(depth: depth + 1)
        }
        text += ")"
        return shape
    }

    // MARK: - Subjects

    /// A text that the pattern may match, with something around it.
    mutating func subject(_ made: Made) -> [UInt8] {
        var out: [UInt8] = []
        if one(in: 2) { out += noise() }
        append(made.shape, &out)
        if one(in: 2) { out += noise() }
        if one(in: 6), !out.isEmpty {
            let at = random.next(out.count)
            out[at] = pick([out[at] ^ 0x20, UInt8(ascii: "a"), 0xE9, 0x20])
        }
        return out
    }

    private static let noises = words.map { Array($0.utf8) }

    private mutating func noise() -> [UInt8] {
        switch random.next(5) {
        case 0: return pick(Self.noises)
        case 1: return [0xFF, UInt8(random.next(256))]
        case 2: return [0x0A]
        default: return [0x20, 0x61]
        }
    }

    private mutating func append(_ shape: Shape, _ out: inout [UInt8]) {
        guard out.count < 400 else { return }
        switch shape {
        case .oneOf(let texts): out += pick(texts)
        case .all(let items): for item in items { append(item, &out) }
        case .any(let items): append(pick(items), &out)
        case .turns(let item, let low, let high):
            for _ in 0..<(low + random.next(high - low + 1)) {
                append(item, &out)
            }
        }
    }

    private func texts(_ texts: [String]) -> Shape { .oneOf(texts.map { Array($0.utf8) }) }

    private mutating func otherCase(_ word: String) -> String {
        var out = ""
        for character in word {
            switch random.next(4) {
            case 0: out += character.uppercased()
            case 1: out += character.lowercased()
            case 2 where character == "k" || character == "K": out += "\u{212A}"
            case 2 where character == "s" || character == "S": out += "\u{17F}"
            default: out.append(character)
            }
        }
        return out
    }
}
