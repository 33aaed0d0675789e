import Glibc
import WinnowKit

/// Files, the members of folders, and what patterns match.
enum Files {
    static let spec = InputSpec(
        name: "files",
        summary: "Files, folders (recursive) and globs; .gz is read through, rotations are joined.")

    /// The segment of a file.
    static func segment(_ file: NamedFile) -> Segment {
        Segment(name: file.name, storedSize: file.size) { () throws(InputError) in
            try PeekStream(open(file))
        }
    }

    private static func open(_ file: NamedFile) throws(InputError) -> DescriptorStream {
        // O_NOCTTY: a log must not become the controlling terminal. O_NONBLOCK: opening a FIFO
        // without a writer would wait where no signal ends it; reading waits for it instead.
        let descriptor = file.path.withCString {
            Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        }
        guard descriptor >= 0 else { throw SystemError.inputError(file.name, errno) }
        return DescriptorStream(descriptor: descriptor, name: file.name, closes: true)
    }
}

/// A path as the system has it: bytes, not necessarily UTF-8.
struct FilePath: Hashable, Sendable {
    /// Without the ending NUL.
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    init(_ text: String) { bytes = Array(text.utf8) }

    /// For people; bytes that are no UTF-8 are replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Calls `body` with the path as C has it.
    func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        let copy = bytes.map { CChar(bitPattern: $0) } + [0]
        return copy.withUnsafeBufferPointer { buffer in
            // Never empty: the ending NUL is there.
            buffer.baseAddress.map(body) ?? body("")
        }
    }

    /// The path of a member of this folder.
    func appending(_ name: [UInt8]) -> FilePath {
        if bytes.isEmpty { return FilePath(name) }
        return FilePath(bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [0x2F] + name)
    }

    /// The path up to its last slash, and what follows.
    var split: (folder: [UInt8], name: [UInt8]) {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return ([], bytes) }
        return (Array(bytes[..<slash]), Array(bytes[(slash + 1)...]))
    }

    /// The path without `.`, `..` and links, or nil where it does not exist.
    var resolved: FilePath? {
        withCString { path in
            guard let found = realpath(path, nil) else { return nil }
            defer { free(found) }
            let length = strlen(found)
            return FilePath(
                Array(UnsafeRawBufferPointer(start: found, count: length)))
        }
    }

    /// What the path names, links followed; nil with `errno` set where there is nothing.
    var status: stat? {
        withCString { path in
            var status = stat()
            return stat(path, &status) == 0 ? status : nil
        }
    }
}

/// A file to read.
struct NamedFile: Sendable {
    /// What is opened.
    let path: FilePath
    /// What findings call it: the path as the user gave it, below a folder's.
    let name: String
    /// Bytes as stored, or nil for what is no regular file.
    let size: Int?
    /// The folder without links: what two spellings of it have in common.
    let folder: FilePath
}
