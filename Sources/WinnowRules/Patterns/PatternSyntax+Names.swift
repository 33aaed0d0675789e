extension PatternSyntax {
    /// The names that stand between `(?<` and `>` in a text, which need not be a good pattern.
    static func groupNames(_ text: String) -> [String] {
        var names: [String] = []
        for opening in ["(?<", "(?P<", "(?'"] {
            let close: Character = opening.hasSuffix("'") ? "'" : ">"
            for part in text.split(separator: opening, omittingEmptySubsequences: false).dropFirst()
            {
                let name = part.prefix { $0 != close }
                if RuleReader.isLetName(String(name)) { names.append(String(name)) }
            }
        }
        return names
    }
}
