import Glibc
public import WinnowKit

/// An open file, pipe or terminal. It does not close its descriptor.
///
/// SIGPIPE must be ignored in the process; a reader that went away is then an error of one write.
public final class FileOutput: ByteOutput {
    private let descriptor: Int32
    private let name: String

    /// Makes an output.
    ///
    /// - Parameters:
    ///   - descriptor: Open for writing for as long as the output is used; blocking or not.
    ///   - name: What errors call it: `stdout`, or the file's path.
    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Writes all of `bytes`, in as many calls as it takes.
    ///
    /// - Throws: A `SinkError` with the system's word for what is wrong; `closed` when the reader of
    ///   a pipe or socket went away.
    public func write(_ bytes: [UInt8]) throws(SinkError) {
        var at = 0
        while at < bytes.count {
            let (written, code) = bytes.withUnsafeBytes { all -> (Int, Int32) in
                let rest = UnsafeRawBufferPointer(rebasing: all[at...])
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                return (written, errno)
            }
            if written > 0 {
                at += written
                continue
            }
            if written == 0 {
                throw SinkError(sink: name, message: "the output takes no more bytes")
            }
            switch code {
            case EINTR: continue
            case EAGAIN: waitUntilWritable()
            case EPIPE: throw SinkError(sink: name, message: "the reader went away", closed: true)
            default: throw SinkError(sink: name, message: FileOutput.description(of: code))
            }
        }
    }

    /// Looks whether the reader of a pipe or socket is still there, without writing.
    ///
    /// - Throws: A `SinkError` with `closed` when it went away.
    public func checkReader() throws(SinkError) {
        var request = pollfd(fd: descriptor, events: 0, revents: 0)
        if poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR) != 0 {
            throw SinkError(sink: name, message: "the reader went away", closed: true)
        }
    }

    /// Another process may have made a shared terminal non-blocking; it is waited for all the same.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }

    /// `strerror`, beginning in lower case as errors do: `no space left on device`.
    private static func description(of code: Int32) -> String {
        let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        // Words such as `I/O` stay as they are.
        guard let second = text.dropFirst().first, second.isLowercase else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
