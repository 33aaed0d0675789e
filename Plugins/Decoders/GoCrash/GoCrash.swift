public import WinnowKit

/// Reports of Go runtimes that died, of data races, and of panics that something recovered.
public enum GoCrash {
    /// Name, summary and kinds.
    ///
    /// No decoder of its own: reports stand among other lines in one log, so the text decoder reads
    /// them.
    public static let spec = DecoderSpec(
        name: "go_crash", format: "text",
        summary: "Go crash reports in a text log, one record each: panics, fatal errors, "
            + "exceptions, signals, data races and recovered panics, with their goroutines.",
        kinds: ["go.crash"])
}
