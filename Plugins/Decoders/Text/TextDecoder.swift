public import WinnowKit

/// Logs as lines of text: any program's lines, Go's reports and runtime diagnostics among them.
public struct TextDecoder: Decoder {
    /// Kinds by the indices of `TextKind`.
    public static let spec = DecoderSpec(
        name: "text", format: "text",
        summary: "Lines of text with their times and levels, as programs, NSSM, Docker, Kubernetes "
            + "and journald write them; Go crash reports are taken out of them.",
        kinds: [
            "text", "go.crash", "go.gctrace", "go.scavtrace", "go.schedtrace", "go.inittrace",
            "go.memstats",
        ], timeCarries: true)

    private let settings: DecoderSettings
    private let plainLines: Bool

    /// Makes the decoder that reads what it can.
    public init(_ settings: DecoderSettings) { self.init(settings, plainLines: false) }

    /// Makes a decoder; with `plainLines` each line is a record as it stands, whatever it looks
    /// like: no reports, no carriers taken off.
    public init(_ settings: DecoderSettings, plainLines: Bool) {
        self.settings = settings
        self.plainLines = plainLines
    }

    /// Any input is text unless another decoder knows it.
    public func claim(_ head: UnsafeRawBufferPointer, atEnd: Bool) -> Claim {
        head.isEmpty && !atEnd ? .undecided : .yes
    }

    /// A framer of lines and reports.
    public func makeFramer() -> any Framer {
        plainLines ? PlainLineFramer() : TextFramer()
    }

    /// A decoder of lines and reports.
    public func makeRecordDecoder() -> any RecordDecoder {
        TextRecordDecoder(settings, plainLines: plainLines)
    }
}
