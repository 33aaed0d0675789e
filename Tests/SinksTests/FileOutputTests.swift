import Glibc
import Sinks
import Testing
import WinnowKit

@Suite("Output to a descriptor")
struct FileOutputTests {
    /// The two ends of a pipe.
    private func makePipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test("A full pipe that does not block is waited for, and every byte comes through in order")
    func nonBlocking() throws {
        let (reader, writer) = try makePipe()
        // The reader has its own thread; the pipe holds 64 KiB, the text is 1 MB.
        try #require(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let gathered = ReaderThread(reader)
        try FileOutput(descriptor: writer, name: "pipe").write(bytes)
        close(writer)
        #expect(gathered.join() == bytes)
        close(reader)
    }

    @Test("A reader that went away is `closed`")
    func brokenPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reader, writer) = try makePipe()
        defer { close(writer) }
        close(reader)
        let error = #expect(throws: SinkError.self) {
            try FileOutput(descriptor: writer, name: "stdout").write([1])
        }
        #expect(error == SinkError(sink: "stdout", message: "the reader went away", closed: true))
    }

    @Test("A full disk is an error that names the output")
    func fullDisk() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        let error = #expect(throws: SinkError.self) {
            try FileOutput(descriptor: full, name: "out.ndjson").write([1])
        }
        #expect(error == SinkError(sink: "out.ndjson", message: "no space left on device"))
    }

    @Test("A descriptor that is not open is an error")
    func badDescriptor() {
        let error = #expect(throws: SinkError.self) {
            try FileOutput(descriptor: -1, name: "x").write([1])
        }
        #expect(error == SinkError(sink: "x", message: "bad file descriptor"))
    }

    @Test("Nothing to write is no call at all")
    func empty() throws {
        try FileOutput(descriptor: -1, name: "x").write([])
    }
}

/// Reads a descriptor to its end on a thread of its own.
private final class ReaderThread: @unchecked Sendable {
    private let descriptor: Int32
    private var thread = pthread_t()
    private var bytes: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ReaderThread>.fromOpaque(context).takeRetainedValue().read()
                return nil
            }, context)
    }

    private func read() {
        var piece = [UInt8](repeating: 0, count: 10_000)
        while true {
            let n = Glibc.read(descriptor, &piece, piece.count)
            if n <= 0 { return }
            bytes += piece[..<n]
        }
    }

    /// Waits for the end; gives all bytes.
    func join() -> [UInt8] {
        pthread_join(thread, nil)
        return bytes
    }
}
