import Decoders
import WinnowKit

/// The decoders of a run.
enum Decoding {
    /// Words of `--input-format` beside auto.
    static var formats: [String] {
        var seen: [String] = []
        for decoder in Decoders.all where !seen.contains(decoder.spec.format) {
            seen.append(decoder.spec.format)
        }
        return seen
    }

    /// Makes the decoders. `--input-format text` asks for each line as it is, whatever it looks like.
    static func decoders(format: String?, utcOffset: Int) -> [any Decoder] {
        let settings = DecoderSettings(utcOffset: utcOffset)
        return Decoders.all.map { type in
            format == TextDecoder.spec.format && type.spec.format == format
                ? TextDecoder(settings, plainLines: true) : type.init(settings)
        }
    }
}
