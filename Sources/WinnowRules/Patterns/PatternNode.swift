/// A regular expression as a tree, as far as literals and nested repeats can be seen in it.
///
/// It may stand for more texts than the expression matches, never for fewer.
indirect enum PatternNode {
    /// Takes no characters and asks for none: an anchor, `\b`, `\K`, a comment.
    case empty
    case character(PatternCharacter)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// A group; `isAtomic` where what it matched is not tried again.
    case group(PatternNode, isAtomic: Bool)
    /// A look-around: takes no characters.
    case look(PatternNode)
    /// `at` is the byte where the quantifier stands in the pattern.
    case repeated(PatternNode, min: Int, max: Int?, isPossessive: Bool, at: Int)
    /// Any text, also none: a back-reference, a recursion, `\R`, `\X`.
    case opaque
}

/// One character of a pattern: a letter, a class, a dot.
struct PatternCharacter {
    /// All that it may be, as bytes of the subject; nil where that is many or not known.
    var texts: [[UInt8]]?
    /// ASCII letters of `texts`, which are in lower case then, stand for both cases.
    var isCaseless = false
    /// One of the texts.
    var sample: [UInt8]

    /// One of many characters.
    static func many(_ sample: UInt8) -> PatternCharacter {
        PatternCharacter(texts: nil, sample: [sample])
    }
}
