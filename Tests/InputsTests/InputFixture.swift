import Foundation
import WinnowKit

@testable import Inputs

/// A folder that is gone when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "winnow-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes files, with their folders; a name that ends in a slash is a folder.
    func make(_ names: String..., content: String = "x\n") throws {
        for name in names {
            let url = URL(fileURLWithPath: path + "/" + name)
            let folder = name.hasSuffix("/") ? url : url.deletingLastPathComponent()
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            if !name.hasSuffix("/") { try Data(content.utf8).write(to: url) }
        }
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path + "/" + name, withDestinationPath: target)
    }

    /// The names of what arguments (below this folder) name, a list for each source.
    func names(_ arguments: String...) -> [[String]] {
        sources(arguments).sources.map { $0.segments.map { shortened($0.name) } }
    }

    /// What is wrong with arguments below this folder.
    func errors(_ arguments: String...) -> [InputError] {
        sources(arguments).errors.map {
            InputError(input: shortened($0.input), message: $0.message, help: $0.help)
        }
    }

    func sources(_ arguments: [String]) -> (sources: [Source], errors: [InputError]) {
        FileInput.sources(
            paths: arguments.map { $0 == "-" ? $0 : path + "/" + $0 }, inputName: nil)
    }

    private func shortened(_ name: String) -> String {
        name.hasPrefix(path + "/") ? String(name.dropFirst(path.count + 1)) : name
    }
}

extension ByteStream {
    /// Everything, read in blocks of one size.
    func all(blockSize: Int = 4096) throws -> [UInt8] {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 1)
        defer { block.deallocate() }
        var out: [UInt8] = []
        while true {
            let count = try read(into: block)
            if count == 0 { return out }
            out += block[..<count]
        }
    }
}

/// Files of Tests/Fixtures/inputs.
enum Fixture {
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/inputs/" + name).standardizedFileURL.path
    }

    static func open(_ name: String) throws -> any ByteStream {
        let found = FileInput.sources(paths: [path(name)], inputName: nil)
        guard let segment = found.sources.first?.segments.first else {
            throw InputError(input: name, message: "no such fixture")
        }
        return try segment.open()
    }
}
