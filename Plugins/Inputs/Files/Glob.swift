import Glibc
import WinnowKit

/// A pattern of paths: `*` and `?` within a name, `[abc]`, `[a-z]`, `[!a]`, and `**` as a whole
/// component for any number of folders, none included. A backslash takes the next character as it
/// is.
///
/// As in a shell, `*`, `?` and `**` do not match a dot that a name begins with.
struct Glob {
    private let components: [[UInt8]]
    private let isAbsolute: Bool

    /// Folders that could not be listed.
    private(set) var errors: [InputError] = []

    init(_ pattern: [UInt8]) {
        isAbsolute = pattern.first == UInt8(ascii: "/")
        components = pattern.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// True when `path` holds a character that makes it a pattern.
    static func isPattern(_ path: [UInt8]) -> Bool {
        path.contains { Array("*?[\\".utf8).contains($0) }
    }

    /// Everything that exists and matches, by the bytes of the paths; call once.
    mutating func matches() -> [FilePath] {
        var found = [FilePath(isAbsolute ? "/" : "")]
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            if component == Array("**".utf8) {
                found = foldersBelow(found, withFiles: isLast)
            } else if Glob.isPattern(component) {
                found = members(of: found, matching: NamePattern(component), foldersOnly: !isLast)
            } else {
                found = found.map { $0.appending(component) }
            }
        }
        return found.filter { $0.status != nil }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private mutating func members(
        of folders: [FilePath], matching pattern: NamePattern, foldersOnly: Bool
    ) -> [FilePath] {
        var found: [FilePath] = []
        for folder in folders {
            for name in list(folder) where pattern.matches(name) {
                let path = folder.appending(name)
                if !foldersOnly || isFolder(path) { found.append(path) }
            }
        }
        return found
    }

    /// The folders themselves and all below them, each once; with the files in them when wanted.
    private mutating func foldersBelow(_ folders: [FilePath], withFiles: Bool) -> [FilePath] {
        var seen: Set<FolderIdentity> = []
        var found: [FilePath] = []
        var waiting = folders
        var next = 0
        while next < waiting.count {
            let folder = waiting[next]
            next += 1
            guard let status = (folder.bytes.isEmpty ? FilePath(".") : folder).status,
                status.st_mode & S_IFMT == S_IFDIR, seen.insert(FolderIdentity(status)).inserted
            else { continue }
            if !withFiles { found.append(folder) }
            for name in list(folder) where name.first != UInt8(ascii: ".") {
                let path = folder.appending(name)
                if isFolder(path) {
                    waiting.append(path)
                } else if withFiles, path.status.map({ $0.st_mode & S_IFMT == S_IFREG }) ?? false {
                    found.append(path)
                }
            }
        }
        return found
    }

    private mutating func list(_ folder: FilePath) -> [[UInt8]] {
        let path = folder.bytes.isEmpty ? FilePath(".") : folder
        if let names = Folder.names(in: path) { return names }
        // What is no folder just does not match.
        if errno != ENOENT && errno != ENOTDIR {
            errors.append(SystemError.inputError(path.text, errno))
        }
        return []
    }

    private func isFolder(_ path: FilePath) -> Bool {
        path.status.map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }
}

/// A pattern of one name.
struct NamePattern {
    private enum Part {
        case character(UInt32)
        case any
        case star
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    private var parts: [Part] = []

    init(_ pattern: [UInt8]) {
        let text = NamePattern.characters(pattern)
        var i = 0
        while i < text.count {
            switch text[i] {
            case 0x2A: parts.append(.star)
            case 0x3F: parts.append(.any)
            case 0x5C where i + 1 < text.count:
                i += 1
                parts.append(.character(text[i]))
            case 0x5B:
                if let set = NamePattern.set(text, from: i) {
                    parts.append(.set(set.ranges, isNegated: set.isNegated))
                    i = set.end
                } else {
                    parts.append(.character(text[i]))
                }
            default: parts.append(.character(text[i]))
            }
            i += 1
        }
    }

    /// True when all of `name` matches.
    ///
    /// - Complexity: O(*n* · *m*) at most: only the last star is ever tried again.
    func matches(_ name: [UInt8]) -> Bool {
        let namesDot = if case .character(0x2E)? = parts.first { true } else { false }
        if name.first == UInt8(ascii: ".") && !namesDot { return false }
        let text = NamePattern.characters(name)
        var at = 0
        var part = 0
        var afterStar: (part: Int, at: Int)?
        while at < text.count {
            if part < parts.count, case .star = parts[part] {
                part += 1
                afterStar = (part, at)
            } else if part < parts.count, fits(parts[part], text[at]) {
                part += 1
                at += 1
            } else if let star = afterStar {
                part = star.part
                at = star.at + 1
                afterStar = (part, at)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { if case .star = $0 { true } else { false } }
    }

    private func fits(_ part: Part, _ character: UInt32) -> Bool {
        switch part {
        case .character(let wanted): wanted == character
        case .any: true
        case .star: false
        case .set(let ranges, let isNegated):
            ranges.contains { $0.contains(character) } != isNegated
        }
    }

    /// The set that the bracket at `from` opens, or nil when it is never closed.
    private static func set(
        _ text: [UInt32], from: Int
    ) -> (ranges: [ClosedRange<UInt32>], isNegated: Bool, end: Int)? {
        var i = from + 1
        let isNegated = i < text.count && (text[i] == 0x21 || text[i] == 0x5E)
        if isNegated { i += 1 }
        var ranges: [ClosedRange<UInt32>] = []
        let first = i
        while i < text.count {
            // A closing bracket that comes first stands for itself.
            if text[i] == 0x5D && i > first { return (ranges, isNegated, i) }
            if i + 2 < text.count, text[i + 1] == 0x2D, text[i + 2] != 0x5D {
                if text[i] <= text[i + 2] { ranges.append(text[i]...text[i + 2]) }
                i += 3
            } else {
                ranges.append(text[i]...text[i])
                i += 1
            }
        }
        return nil
    }

    /// Characters of a name; a byte that is no UTF-8 is a character of its own.
    private static func characters(_ bytes: [UInt8]) -> [UInt32] {
        var out: [UInt32] = []
        bytes.withUnsafeBytes { bytes in
            var i = 0
            while i < bytes.count {
                let length = UTF8Text.validLength(bytes, at: i)
                if length == 0 {
                    out.append(0x11_0000 + UInt32(bytes[i]))
                    i += 1
                } else {
                    out.append(UTF8Text.scalar(bytes, at: i, length: length))
                    i += length
                }
            }
        }
        return out
    }
}
