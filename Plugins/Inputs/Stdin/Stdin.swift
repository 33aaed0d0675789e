import WinnowKit

/// Standard input.
enum Stdin {
    static let spec = InputSpec(
        name: "stdin", summary: "A pipe or a redirected file, named - on the command line.")

    /// The segment of stdin; `name` is what findings call it.
    static func segment(name: String) -> Segment {
        Segment(name: name, storedSize: nil) { () throws(InputError) in
            PeekStream(DescriptorStream(descriptor: 0, name: name, closes: false))
        }
    }
}
