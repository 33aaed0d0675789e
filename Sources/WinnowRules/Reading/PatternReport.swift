/// Says what is wrong with a regular expression.
struct PatternReport {
    let diagnoser: Diagnoser
    let rule: String

    /// The pattern if it can be run; nil after a report.
    func good(_ result: PatternStore.Result, _ scalar: YAMLScalar, _ node: YAMLNode) -> Pattern? {
        switch result {
        case .good(let pattern):
            if !pattern.hasJIT {
                diagnoser.report(
                    .notCompiled, at: node,
                    "the regular expression in \(rule) has no machine code",
                    help: "it runs some ten times slower, and within lower limits")
            }
            return pattern
        case .invalid(let error):
            let fault = PatternFault(error, in: scalar.text)
            diagnoser.report(
                .badRegex, in: node, offset: fault.offset,
                "invalid regular expression in \(rule)", label: fault.label, help: fault.help)
        case .unbounded(let attack):
            diagnoser.report(
                .unboundedRegex, in: node, offset: attack.offset,
                "unbounded regular expression in \(rule)",
                label: "each turn of this repeat doubles the work",
                help: "\(attack.description) takes more than 100000 steps; "
                    + "let only one repeat match the same text, or make it possessive: `++`")
        case .tooMuch:
            diagnoser.report(
                .tooLarge, at: node,
                "the regular expressions of all packs take more than "
                    + "\(PatternStore.maxBytes >> 20) MiB",
                help: "large counted repeats take most, as `.{1000}`")
        }
        return nil
    }
}

/// PCRE2's error with the place that a person would look at, and a remedy.
struct PatternFault {
    var label: String
    var offset: Int
    var help: String?

    init(_ error: PatternError, in pattern: String) {
        label = error.message
        offset = error.offset
        // The numbers are those of pcre2.h: PCRE2_ERROR_…
        switch error.number {
        case 114:
            if let open = PatternFault.lastOpenParenthesis(pattern) {
                offset = open
                label = "this group is never closed"
            }
            help = "add `)`, or write `\\(` to match the character itself"
        case 122:
            // PCRE2 stands behind the parenthesis here.
            help = "remove it, or write `\\)` to match the character itself"
        case 106: help = "add `]`, or write `\\[` to match the character itself"
        case 109: help = "put something to repeat before it, or write `\\` before the character"
        case 108: help = "the higher letter comes first; write `\\-` to match a hyphen"
        case 101, 102: help = "write `\\\\` to match a backslash"
        case 103:
            help = "letters after a backslash have a meaning; write `\\\\` to match a backslash"
        case 125: help = "a look-behind needs a fixed length; use `\\K` instead"
        case 143: help = "rename one of the groups"
        case 188:
            help = "at most \(Pattern.maxBytes) bytes; a list of shorter patterns is faster as well"
        case 120, 186, 135: help = "large counted repeats multiply, as in `(a{500}){500}`"
        case 174, 175, 176: help = "UTF-8 is switched on where the pattern needs it"
        default: help = nil
        }
    }

    /// The last `(` that nothing closes; escapes, classes and quoted parts do not count.
    private static func lastOpenParenthesis(_ pattern: String) -> Int? {
        let bytes = Array(pattern.utf8)
        var open: [Int] = []
        var at = 0
        var isInClass = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\"): at += 1
            case UInt8(ascii: "[") where !isInClass:
                isInClass = true
                // A bracket in first place is one of the class.
                if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "^") { at += 1 }
                if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "]") { at += 1 }
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "(") where !isInClass: open.append(at)
            case UInt8(ascii: ")") where !isInClass: _ = open.popLast()
            default: break
            }
            at += 1
        }
        return open.last
    }
}
