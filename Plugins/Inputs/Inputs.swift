public import WinnowKit

/// The inputs that are built in.
public enum Inputs {
    /// One line an input; beside it lies the folder of the input.
    public static var all: [InputSpec] {
        [
            Stdin.spec,
            Files.spec,
        ]
    }
}
