/// A sink that refused what it was given.
public struct SinkError: Error, Sendable, Equatable {
    /// The sink's name.
    public let sink: String
    /// What is wrong, in lower case.
    public let message: String
    /// True when the reader of a pipe went away: no fault, but nothing more can be written.
    public let closed: Bool

    /// Makes an error.
    public init(sink: String, message: String, closed: Bool = false) {
        self.sink = sink
        self.message = message
        self.closed = closed
    }
}

/// Findings in order; the unit that goes to a sink.
public struct Batch: Sendable {
    /// The findings, in the order in which they came to be.
    public var findings: [Finding]

    /// Makes a batch.
    public init(findings: [Finding]) { self.findings = findings }
}

/// What a sink is called and does.
public struct SinkSpec: Sendable {
    /// Lower snake case; the name in `winnow plugins`.
    public let name: String
    /// One sentence.
    public let summary: String

    /// Makes a spec.
    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// How a sink shall write.
public struct SinkSettings: Sendable {
    /// True for colours.
    public var color: Bool
    /// Columns of the terminal, or nil where there is none.
    public var width: Int?

    /// Makes settings.
    public init(color: Bool = false, width: Int? = nil) {
        self.color = color
        self.width = width
    }
}

/// Where findings go. `write` is called from one thread, in order; `close` once, at the end.
public protocol Sink: AnyObject {
    /// Name and summary.
    static var spec: SinkSpec { get }

    /// Makes the sink over `output`, which outlives it.
    init(_ settings: SinkSettings, output: any ByteOutput)

    /// Takes a batch; an empty one is fine.
    func write(_ batch: Batch) throws(SinkError)

    /// Makes sure that all that was taken has reached the output; called when a live stream idles.
    func flush() throws(SinkError)

    /// Writes what belongs at the end: `manifest` is the run's manifest as one JSON object.
    func close(manifest: [UInt8]) throws(SinkError)
}

/// Where a sink's bytes go: a file descriptor, or memory in tests.
public protocol ByteOutput: AnyObject {
    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(SinkError)
}
