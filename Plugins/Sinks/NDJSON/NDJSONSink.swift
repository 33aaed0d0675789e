public import WinnowKit

/// One JSON object a line.
public final class NDJSONSink: Sink {
    /// Name and summary.
    public static let spec = SinkSpec(
        name: "ndjson", summary: "One JSON object a line, for pipes and files.")

    private let buffer: OutputBuffer

    /// Makes the sink; colours and width mean nothing to it.
    public init(_ settings: SinkSettings, output: any ByteOutput) {
        buffer = OutputBuffer(output)
    }

    /// Takes a batch.
    public func write(_ batch: Batch) throws(SinkError) {
        for finding in batch.findings {
            try buffer.append { out in
                finding.appendJSON(to: &out)
                out.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// Writes what is buffered.
    public func flush() throws(SinkError) { try buffer.flush() }

    /// Writes what is buffered; the manifest has no place among the findings.
    public func close(manifest: [UInt8]) throws(SinkError) { try buffer.flush() }
}
