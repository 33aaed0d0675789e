/// An input that could not be opened or read to its end.
public struct InputError: Error, Sendable, Equatable {
    /// The input's name as the user gave it.
    public let input: String
    /// What is wrong, in lower case.
    public let message: String
    /// What to do about it, or nil.
    public let help: String?

    /// Makes an error.
    public init(input: String, message: String, help: String? = nil) {
        self.input = input
        self.message = message
        self.help = help
    }
}

/// The bytes of one file or pipe, decompressed.
public protocol ByteStream: AnyObject {
    /// Reads at most `buffer.count` bytes; waits for at least one.
    ///
    /// - Returns: Bytes read, 0 at the end.
    /// - Throws: `InputError` when reading fails; what was read before stays good.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int

    /// What was wrong with the container (a truncated gzip member), at offsets of the decompressed
    /// bytes; complete when `read` has returned 0.
    var problems: [Problem] { get }

    /// How far reading has come in stored bytes (compressed ones of a .gz), for progress.
    var storedBytesRead: Int { get }
}

/// One file (or pipe) of an input.
public struct Segment: Sendable {
    /// What findings call it.
    public let name: String
    /// Size in bytes as stored, or nil where it is not known.
    public let storedSize: Int?
    /// Opens it; called once.
    public let open: @Sendable () throws(InputError) -> any ByteStream

    /// Makes a segment.
    public init(
        name: String, storedSize: Int?,
        open: @escaping @Sendable () throws(InputError) -> any ByteStream
    ) {
        self.name = name
        self.storedSize = storedSize
        self.open = open
    }
}

/// One logical input: a file, a pipe, or the rotations of one log in order.
///
/// Segments are read one after the other as one stream, so that a record may begin in one and end
/// in the next.
public struct Source: Sendable {
    /// At least one.
    public let segments: [Segment]

    /// Makes a source.
    public init(segments: [Segment]) { self.segments = segments }
}

/// What an input is called and reads.
public struct InputSpec: Sendable {
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
