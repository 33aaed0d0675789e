public import WinnowKit

/// The diagnostics that the Go runtime itself prints, and the memory line that services print.
public enum GoRuntime {
    /// Name, summary and kinds.
    ///
    /// No decoder of its own: these lines stand among others in one log, so the text decoder reads
    /// them.
    public static let spec = DecoderSpec(
        name: "go_runtime", format: "text",
        summary: "Go runtime diagnostics in a text log: gctrace, scavtrace, schedtrace, inittrace "
            + "and Alloc/Sys/NumGC lines, with their numbers as fields.",
        kinds: ["go.gctrace", "go.scavtrace", "go.schedtrace", "go.inittrace", "go.memstats"])
}
