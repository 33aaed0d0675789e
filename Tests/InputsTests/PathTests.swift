import Foundation
import Testing
import WinnowKit

@testable import Inputs

@Suite("Paths")
struct PathTests {
    @Test("A folder gives its files and those below it by name, without hidden ones")
    func folders() throws {
        let folder = try TemporaryFolder()
        try folder.make(
            "logs/b.log", "logs/a.log", "logs/deep/er/c.txt", "logs/.hidden", "logs/.git/x",
            "logs/B.log", "logs/empty/", "logs/data.bin")
        let expected = [
            "logs/B.log", "logs/a.log", "logs/b.log", "logs/data.bin", "logs/deep/er/c.txt",
        ]
        #expect(folder.names("logs") == expected.map { [$0] })
        #expect(folder.names("logs/") == expected.map { [$0] })
        #expect(folder.names("logs/.hidden", "logs/.git") == [["logs/.hidden"], ["logs/.git/x"]])
        #expect(folder.errors("logs", "logs/empty").isEmpty)
    }

    @Test("Links to files are read, links that lead round end, nothing is read twice")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.make("logs/a.log", "logs/sub/b.log", "elsewhere/c.log")
        try folder.link("logs/sub/up", to: "..")
        try folder.link("logs/self", to: ".")
        try folder.link("logs/other", to: "../elsewhere")
        try folder.link("logs/z.log", to: "a.log")
        try folder.link("logs/nowhere", to: "missing")
        #expect(
            folder.names("logs") == [["logs/a.log"], ["logs/other/c.log"], ["logs/sub/b.log"]])
        #expect(
            folder.names("logs/z.log", "logs/a.log", "logs") == [
                ["logs/z.log"], ["logs/other/c.log"], ["logs/sub/b.log"],
            ])
    }

    @Test("A file that is named twice is read once, where it was named first")
    func twice() throws {
        let folder = try TemporaryFolder()
        try folder.make("logs/a.log", "logs/b.log")
        #expect(
            folder.names("logs/b.log", "logs", "logs/../logs/a.log", "./logs/b.log") == [
                ["logs/b.log"], ["logs/a.log"],
            ])
        #expect(folder.names("-", "-") == [["stdin"]])
    }

    @Test("Two hard links are two files")
    func hardLinks() throws {
        let folder = try TemporaryFolder()
        try folder.make("a.log")
        try FileManager.default.linkItem(
            atPath: folder.path + "/a.log", toPath: folder.path + "/b.log")
        #expect(folder.names("a.log", "b.log").count == 2)
    }

    @Test(
        "Patterns match as a shell's do",
        arguments: [
            ("*.log", ["a.log", "b[1].log", "日志.log"]), ("?.log", ["a.log"]),
            ("??.log", ["日志.log"]),
            ("[a-c].log", ["a.log"]), ("[!b]*.log", ["a.log", "日志.log"]),
            ("b[[]1].log", ["b[1].log"]),
            ("*/*.log", ["x/c.log"]),
            ("**/*.log", ["a.log", "b[1].log", "x/c.log", "x/y/d.log", "日志.log"]),
            ("x/**", ["x/c.log", "x/y/d.log", "x/y/e.txt"]),
            ("**/y/*", ["x/y/d.log", "x/y/e.txt"]),
            (".h*", [".hidden.log"]), ("x/?/*.txt", ["x/y/e.txt"]),
            ("x*", ["x/c.log", "x/y/d.log", "x/y/e.txt"]),
            ("\\a*", ["a.log"]),
        ] as [(String, [String])])
    func patterns(pattern: String, expected: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.make(
            "a.log", "b[1].log", "日志.log", ".hidden.log", "x/c.log", "x/y/d.log", "x/y/e.txt",
            "x/.z/f.log")
        #expect(folder.names(pattern) == expected.map { [$0] })
        #expect(folder.errors(pattern).isEmpty)
    }

    @Test("A path that exists is taken as it is, even if it is a pattern as well")
    func literal() throws {
        let folder = try TemporaryFolder()
        try folder.make("[ab].log", "a.log", "b.log")
        #expect(folder.names("[ab].log") == [["[ab].log"]])
        #expect(folder.names("[a]*.log") == [["a.log"]])
    }

    @Test("What names nothing is an error, and the others are good all the same")
    func errors() throws {
        let folder = try TemporaryFolder()
        try folder.make("a.log")
        try folder.link("dangling", to: "missing")
        let errors = folder.errors("a.log", "missing.log", "*.txt", "a.log/x", "dangling")
        #expect(errors.map(\.input) == ["missing.log", "*.txt", "a.log/x", "dangling"])
        #expect(
            errors.map(\.message) == [
                "no such file or directory", "the pattern matches nothing", "not a directory",
                "no such file or directory",
            ])
        #expect(folder.names("a.log", "missing.log", "*.txt") == [["a.log"]])
        #expect(FileInput.sources(paths: [""], inputName: nil).errors.count == 1)
    }

    @Test("A file that is gone when it is opened is an error of its own")
    func gone() throws {
        let folder = try TemporaryFolder()
        try folder.make("a.log")
        let segment = folder.sources(["a.log"]).sources[0].segments[0]
        try FileManager.default.removeItem(atPath: folder.path + "/a.log")
        #expect(throws: InputError.self) { try segment.open() }
    }

    @Test("A FIFO is read when it is named, and left alone in a folder")
    func fifo() throws {
        let folder = try TemporaryFolder()
        try folder.make("logs/a.log")
        #expect(mkfifo(folder.path + "/logs/pipe", 0o600) == 0)
        #expect(folder.names("logs") == [["logs/a.log"]])
        let segment = try #require(folder.sources(["logs/pipe"]).sources.first?.segments.first)
        #expect(segment.storedSize == nil)
        // Open at both ends, so that neither waits for the other.
        let writer = open(folder.path + "/logs/pipe", O_RDWR)
        defer { close(writer) }
        #expect(write(writer, "hello", 5) == 5)
        let stream = try segment.open()
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { block.deallocate() }
        #expect(try stream.read(into: block) == 5)
    }

    @Test("Sizes are those of the stored bytes, names are as given, stdin is called as asked")
    func segments() throws {
        let folder = try TemporaryFolder()
        try folder.make("a.log", content: "12345")
        let found = FileInput.sources(paths: [folder.path + "/a.log", "-"], inputName: "pipe.log")
        #expect(found.sources.map { $0.segments[0].name } == [folder.path + "/a.log", "pipe.log"])
        #expect(found.sources.map { $0.segments[0].storedSize } == [5, nil])
    }
}
