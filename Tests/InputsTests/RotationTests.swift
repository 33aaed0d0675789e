import Foundation
import Testing
import WinnowKit

@testable import Inputs

@Suite("Rotations")
struct RotationTests {
    @Test("Rotations of one log are one source in the order of time, the current file last")
    func order() throws {
        let folder = try TemporaryFolder()
        let logs = [
            "g.err-20131221T113939.457.log", "g.err-20140101T000000.000.log.gz",
            "g.err-20140101T000000.001.log", "g.err.log",
        ]
        for log in logs { try folder.make(log) }
        #expect(folder.names(logs[3], logs[2], logs[0], logs[1]) == [logs])
        #expect(folder.names("*") == [logs])
        #expect(folder.names(logs[1]) == [[logs[1]]])
        #expect(folder.names(logs[3]) == [[logs[3]]])
    }

    @Test("A source of rotations stands where the first of them stood")
    func place() throws {
        let folder = try TemporaryFolder()
        try folder.make(
            "a.log", "s-20140101T000000.000.log", "t.log", "s.log", "s-20130101T000000.000.log")
        #expect(
            folder.names("a.log", "s.log", "t.log", "s-20140101T000000.000.log") == [
                ["a.log"], ["s-20140101T000000.000.log", "s.log"], ["t.log"],
            ])
    }

    @Test("Other logs, other folders and other names stay apart")
    func apart() throws {
        let folder = try TemporaryFolder()
        let logs = [
            "one/s-20140101T000000.000.log", "one/s.err-20140101T000000.000.log", "one/s.err.log",
            "one/s.txt", "two/s.log", "one/s-20140101.log", "one/s-20140101T000000.log",
            "one/-20140101T000000.000.log",
        ]
        for log in logs { try folder.make(log) }
        #expect(
            Set(folder.names("one", "two")) == [
                ["one/s-20140101T000000.000.log"],
                ["one/s.err-20140101T000000.000.log", "one/s.err.log"], ["one/s.txt"],
                ["two/s.log"], ["one/s-20140101.log"], ["one/s-20140101T000000.log"],
                ["one/-20140101T000000.000.log"],
            ])
    }

    @Test("Two spellings of a folder are one folder")
    func spellings() throws {
        let folder = try TemporaryFolder()
        try folder.make("d/s-20140101T000000.000.log", "d/s.log")
        #expect(
            folder.names("d/../d/s.log", "d/s-20140101T000000.000.log") == [
                ["d/s-20140101T000000.000.log", "d/../d/s.log"]
            ])
    }

    @Test("A log without an extension, and one with several, are rotated as well")
    func extensions() throws {
        let folder = try TemporaryFolder()
        try folder.make(
            "plain-20140101T000000.000", "plain", "a.b.c-20140101T000000.000.d", "a.b.c.d")
        #expect(
            folder.names("*") == [
                ["a.b.c-20140101T000000.000.d", "a.b.c.d"], ["plain-20140101T000000.000", "plain"],
            ])
    }

    @Test("The compressed current file counts where there is no other")
    func compressedCurrent() throws {
        let folder = try TemporaryFolder()
        try folder.make("s-20140101T000000.000.log", "s.log.gz")
        #expect(folder.names("*") == [["s-20140101T000000.000.log", "s.log.gz"]])
        try folder.make("s.log")
        #expect(
            folder.names("*") == [["s-20140101T000000.000.log", "s.log"], ["s.log.gz"]])
    }
}

@Suite(
    "Rotated logs of the corpus",
    .enabled(if: RotationCorpus.isThere, "the corpus is not beside the repository"))
struct RotationCorpusTests {
    @Test("A folder of NSSM logs holds the sequences that the ground truth has")
    func sequences() throws {
        let manifest = try JSONDecoder().decode(
            RotationCorpus.Manifest.self,
            from: Data(contentsOf: RotationCorpus.root.appendingPathComponent("manifest.json")))
        let wanted = manifest.entries.compactMap(\.files).filter { $0.count > 1 }
        let found = FileInput.sources(
            paths: [RotationCorpus.root.appendingPathComponent("nssm").path], inputName: nil)
        let got = found.sources.map { source in
            source.segments.map { String($0.name.dropFirst(RotationCorpus.root.path.count + 1)) }
        }
        #expect(wanted.count > 3)
        for files in wanted { #expect(got.contains(files), "\(files.last ?? "")") }
    }
}

/// The Go corpus beside the repository, where there is one.
enum RotationCorpus {
    struct Manifest: Decodable {
        struct Entry: Decodable { var files: [String]? }
        var entries: [Entry]
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/corpus/go").standardizedFileURL

    static var isThere: Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent("manifest.json").path)
    }
}
