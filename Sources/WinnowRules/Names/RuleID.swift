extension PackLoader {
    /// True for a text that can be a rule's id: words of lower-case letters and digits, joined by
    /// single `.`, `-` or `_`, at most 100 characters.
    public static func isRuleID(_ text: String) -> Bool { RuleReader.isSlug(text) }
}
