import Glibc
import WinnowKit

/// The bytes of an open descriptor.
final class DescriptorStream: ByteStream {
    private let descriptor: Int32
    private let name: String
    private let closes: Bool
    private let canWait: Bool
    private let stop: StopPipe

    /// How much the system shall hold of a pipe: fewer switches between writer and reader.
    private static let pipeBytes: Int32 = 1 << 20
    /// F_SETPIPE_SZ of fcntl.h, which is not imported.
    private static let setPipeSize: Int32 = 1031

    private(set) var storedBytesRead = 0

    /// - Parameters:
    ///   - descriptor: Open for reading.
    ///   - name: What errors call it.
    ///   - closes: True to close it at the end.
    ///   - stop: Ends a read that waits, as the end of the stream would.
    init(descriptor: Int32, name: String, closes: Bool, stop: StopPipe = .shared) {
        self.descriptor = descriptor
        self.name = name
        self.closes = closes
        self.stop = stop
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        canWait = !isRegular
        if isRegular {
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        } else {
            // Fails where it is no pipe, or beyond the user's limit; then it stays as it is.
            _ = fcntl(descriptor, DescriptorStream.setPipeSize, DescriptorStream.pipeBytes)
        }
    }

    deinit {
        if closes { close(descriptor) }
    }

    var problems: [Problem] { [] }

    /// True when reading was stopped, so that an end says nothing of the bytes.
    var isStopped: Bool { canWait && stop.isSignalled }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard buffer.count > 0 else { return 0 }
        while true {
            if canWait && !stop.waitUntilReadable(descriptor) { return 0 }
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                storedBytesRead += count
                return count
            }
            // EAGAIN: another process made a shared pipe non-blocking; it is waited for all the
            // same.
            if errno == EINTR || (errno == EAGAIN && canWait) { continue }
            throw SystemError.inputError(name, errno)
        }
    }
}

/// The system's words for what is wrong.
enum SystemError {
    /// `strerror`, beginning in lower case as errors do: `no such file or directory`.
    static func message(_ code: Int32) -> String {
        let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        // Words such as `I/O` stay as they are.
        guard let second = text.dropFirst().first, second.isLowercase else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The error of an input.
    static func inputError(_ name: String, _ code: Int32) -> InputError {
        let help: String? =
            switch code {
            case EACCES, EPERM: "run as a user who may read it"
            case EMFILE, ENFILE: "raise the limit of open files (`ulimit -n`)"
            default: nil
            }
        return InputError(input: name, message: message(code), help: help)
    }
}
