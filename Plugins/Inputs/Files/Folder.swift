import Glibc

/// Listing of folders.
enum Folder {
    /// The names in a folder without `.` and `..`, by their bytes; nil with `errno` set where it
    /// cannot be listed.
    static func names(in folder: FilePath) -> [[UInt8]]? {
        guard let stream = folder.withCString({ opendir($0) }) else { return nil }
        defer { closedir(stream) }
        // An entry is only as long as its name needs; copying the whole structure would read
        // beyond.
        let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = UnsafeRawPointer(entry) + nameOffset
            let length = strlen(name.assumingMemoryBound(to: CChar.self))
            let bytes = Array(UnsafeRawBufferPointer(start: name, count: length))
            if bytes != [0x2E] && bytes != [0x2E, 0x2E] { names.append(bytes) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// What makes a folder the same under two names.
struct FolderIdentity: Hashable {
    private let device: UInt
    private let inode: UInt

    init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }
}
