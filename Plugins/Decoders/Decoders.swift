public import WinnowKit

/// The decoders that are built in.
public enum Decoders {
    /// Decoders that own an input format, one line each; the text decoder comes last, since it takes
    /// what nobody else claims.
    public static var all: [any Decoder.Type] {
        [
            WindowsEvent.self,
            TextDecoder.self,
        ]
    }

    /// What `winnow plugins` lists: the formats, and what finds its records in the lines of a text.
    public static var specs: [DecoderSpec] {
        [
            WindowsEvent.spec,
            TextDecoder.spec,
            GoCrash.spec,
            GoRuntime.spec,
        ]
    }
}
