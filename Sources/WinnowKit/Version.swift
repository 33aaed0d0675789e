/// The version of Winnow.
public enum WinnowVersion {
    /// Semantic version of this build; rule packs name a range of it under `engine`.
    public static let current = "0.1.0"
}
