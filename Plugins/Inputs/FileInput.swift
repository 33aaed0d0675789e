public import WinnowKit

/// Turns the paths of a command line into sources.
public enum FileInput {
    /// Finds what `paths` name and puts the rotations of one log together.
    ///
    /// Nothing is opened yet but folders. A path that exists is taken as it is, whatever characters
    /// it holds; only then is it a pattern (see `Glob`).
    ///
    /// - Parameters:
    ///   - paths: Files, folders (read recursively), patterns, or `-` for stdin.
    ///   - inputName: What findings call stdin; nil: `stdin`.
    /// - Returns: The sources in the order of `paths`, members of a folder by name; and one error
    ///   for each path that names nothing or cannot be listed. The others are good all the same.
    public static func sources(
        paths: [String], inputName: String?
    ) -> (sources: [Source], errors: [InputError]) {
        var expansion = PathExpansion()
        for path in paths { expansion.add(path) }
        return (Rotation.group(expansion.inputs, inputName: inputName), expansion.errors)
    }
}
