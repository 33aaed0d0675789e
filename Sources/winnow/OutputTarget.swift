import Glibc
import Sinks
import WinnowKit

/// stdout, or a file that is to be written; never a file that is being read.
struct OutputTarget {
    let descriptor: Int32
    let bytes: FileOutput

    private init(_ descriptor: Int32, _ name: String) {
        self.descriptor = descriptor
        bytes = FileOutput(descriptor: descriptor, name: name)
    }

    static var stdout: OutputTarget { OutputTarget(1, "stdout") }

    /// Opens a file for writing; it is emptied only when it is none of `inputs` and none of `others`.
    ///
    /// - Throws: `ExitStatus.failed`; stderr says why.
    static func file(
        _ path: String, inputs: [Source], others: [OutputTarget] = []
    ) throws -> OutputTarget {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        guard descriptor >= 0 else {
            Diagnostics.error("cannot write \(path): \(String(cString: strerror(errno)))")
            throw ExitStatus.failed
        }
        let target = OutputTarget(descriptor, path)
        let own = FileIdentity(descriptor: descriptor)
        let read = inputs.flatMap(\.segments).first {
            own != nil && FileIdentity(path: $0.name) == own
        }
        if let read {
            Diagnostics.error(
                "\(path) is an input of this run (\(read.name)); nothing was written",
                help: "write to another file, or keep it out of the folder that is read")
            throw ExitStatus.failed
        }
        if others.contains(where: { own != nil && FileIdentity(descriptor: $0.descriptor) == own })
        {
            Diagnostics.error("\(path) is written to by another option already")
            throw ExitStatus.failed
        }
        ftruncate(descriptor, 0)
        return target
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes a manifest and its line end.
    ///
    /// - Returns: false when it could not be written; stderr says why.
    func writeWhole(_ manifest: [UInt8]) -> Bool {
        do throws(SinkError) {
            try bytes.write(manifest + [0x0A])
            return true
        } catch {
            Diagnostics.error("cannot write \(error.sink): \(error.message)")
            return false
        }
    }
}

/// A regular file, whatever its names.
private struct FileIdentity: Equatable {
    let device: UInt
    let inode: UInt

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }
}

/// What can be asked of a terminal.
enum Terminal {
    /// Columns, or nil when `descriptor` is no terminal.
    static func width(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}

/// The three descriptors that every process is born with.
enum StandardDescriptors {
    /// Opens /dev/null where one is closed: else the next file that is opened would take its number,
    /// and what is meant for people would go into it.
    static func fill() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Writes out what `print` has buffered.
    ///
    /// - Returns: false when it could not be written, except to a reader that went away.
    static func flush() -> Bool {
        errno = 0
        return fflush(nil) == 0 || errno == EPIPE
    }
}
