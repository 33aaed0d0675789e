/// A rule with one small change, to see whether the rule's tests notice it.
public struct Mutant: Sendable {
    /// Rule id.
    public let rule: String
    /// The pack file as the user named it.
    public let path: String
    /// 1-based line of what is changed.
    public let line: Int
    /// 1-based column, in characters.
    public let column: Int
    /// What is changed, as ``drop `where` `` or `gte 5 → 6`.
    public let change: String
    /// Position of the pack.
    let file: Int
    /// Makes the changed rule.
    let node: @Sendable () -> YAMLNode
}
