public import WinnowKit

/// One JSON object, `{"findings":[…],"manifest":{…}}`, written as the findings come.
public final class JSONSink: Sink {
    /// Name and summary.
    public static let spec = SinkSpec(
        name: "json", summary: "One JSON object with all findings and the run's manifest.")

    private let buffer: OutputBuffer
    private var isOpen = false
    private var isFirst = true

    /// Makes the sink; colours and width mean nothing to it.
    public init(_ settings: SinkSettings, output: any ByteOutput) {
        buffer = OutputBuffer(output)
    }

    /// Takes a batch; the object opens with the first one, empty or not.
    public func write(_ batch: Batch) throws(SinkError) {
        try open()
        for finding in batch.findings {
            try buffer.append { out in
                // A line a finding: the whole is one object, and still fit for grep and diff.
                out.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
                finding.appendJSON(to: &out)
            }
            isFirst = false
        }
    }

    /// Writes what is buffered.
    public func flush() throws(SinkError) { try buffer.flush() }

    /// Closes the list, writes the manifest (null where there is none) and closes the object.
    public func close(manifest: [UInt8]) throws(SinkError) {
        try open()
        try buffer.append { out in
            out.append(contentsOf: (isFirst ? "],\"manifest\":" : "\n],\"manifest\":").utf8)
            if manifest.isEmpty {
                out.append(contentsOf: "null".utf8)
            } else {
                out.append(contentsOf: manifest)
            }
            out.append(contentsOf: "}\n".utf8)
        }
        try buffer.flush()
    }

    private func open() throws(SinkError) {
        if isOpen { return }
        isOpen = true
        try buffer.append { $0.append(contentsOf: "{\"findings\":[".utf8) }
    }
}
