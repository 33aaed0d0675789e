import Glibc
import WinnowKit

/// What a command line names, in its order and each file once.
struct PathExpansion {
    /// One thing to read.
    enum Input {
        case stdin
        case file(NamedFile)
    }

    private(set) var inputs: [Input] = []
    private(set) var errors: [InputError] = []

    /// Files taken so far, without links.
    private var taken: Set<FilePath> = []
    private var hasStdin = false

    /// Takes one argument.
    mutating func add(_ argument: String) {
        if argument == "-" {
            if !hasStdin { inputs.append(.stdin) }
            hasStdin = true
            return
        }
        let path = FilePath(argument)
        if path.status != nil {
            add(existing: path)
            return
        }
        let code = errno
        guard code == ENOENT || code == ENOTDIR, Glob.isPattern(path.bytes), !isLink(path) else {
            errors.append(
                argument.isEmpty
                    ? InputError(input: "''", message: "an empty path names nothing")
                    : SystemError.inputError(argument, code))
            return
        }
        var glob = Glob(path.bytes)
        let matches = glob.matches()
        errors += glob.errors
        if matches.isEmpty && glob.errors.isEmpty {
            errors.append(
                InputError(
                    input: argument, message: "the pattern matches nothing",
                    help: "`*` and `?` stay within a folder, `**` goes into folders"))
        }
        for match in matches where match.status != nil { add(existing: match) }
    }

    /// True for a link that leads nowhere; what it says is no pattern.
    private func isLink(_ path: FilePath) -> Bool {
        path.withCString { path in
            var status = stat()
            return lstat(path, &status) == 0
        }
    }

    private mutating func add(existing path: FilePath) {
        guard let status = path.status else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            // A FIFO or device that a person names is read.
            take(path, status)
            return
        }
        var walk = FolderWalk()
        walk.walk(path)
        errors += walk.errors
        for (path, status) in walk.files { take(path, status) }
    }

    private mutating func take(_ path: FilePath, _ status: stat) {
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        guard taken.insert(path.resolved ?? path).inserted else { return }
        let parent = FilePath(path.split.folder)
        let folder =
            parent.bytes.isEmpty
            ? FilePath(path.bytes.first == UInt8(ascii: "/") ? "/" : ".") : parent
        inputs.append(
            .file(
                NamedFile(
                    path: path, name: path.text, size: isRegular ? Int(status.st_size) : nil,
                    folder: folder.resolved ?? folder)))
    }
}

/// Everything in a folder and in the folders below it.
///
/// Hidden members (their name begins with a dot) are left out, and so is what is neither a file nor
/// a folder. Links are followed; a folder that was seen is not entered again, so that a link to a
/// folder above ends.
struct FolderWalk {
    /// Regular files, by the bytes of their paths.
    private(set) var files: [(path: FilePath, status: stat)] = []
    /// Folders that could not be listed.
    private(set) var errors: [InputError] = []

    /// Reads `folder`; call once.
    mutating func walk(_ folder: FilePath) {
        var seen: Set<FolderIdentity> = []
        var waiting = [folder]
        var next = 0
        while next < waiting.count {
            let folder = waiting[next]
            next += 1
            guard let status = folder.status, seen.insert(FolderIdentity(status)).inserted
            else { continue }
            guard let names = Folder.names(in: folder) else {
                errors.append(SystemError.inputError(folder.text, errno))
                continue
            }
            for name in names where name.first != UInt8(ascii: ".") {
                let path = folder.appending(name)
                // A link to nothing, or gone since it was listed.
                guard let status = path.status else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFREG: files.append((path, status))
                case S_IFDIR: waiting.append(path)
                default: break
                }
            }
        }
        files.sort { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }
}
