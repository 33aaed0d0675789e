import Foundation
import Testing

@Suite("Files that are no packs")
struct HostilePackFileTests {
    @Test(
        "Each is refused with what it is, and the exit status 2",
        arguments: [
            ("empty.yaml", "empty"), ("blank", "no rule pack in folder blank"),
            ("folder", "folder/bad.yaml"), ("binary.yaml", "not UTF-8"), ("nul.yaml", "control"),
            ("tab.yaml", "tabs"), ("no.yaml", "no such file"), ("/dev/null", "empty"),
            ("list.yaml", "not a list"), ("utf16.yaml", "not UTF-8"),
        ])
    func refused(name: String, words: String) throws {
        let folder = try TemporaryFolder()
        for (name, bytes) in [
            ("empty.yaml", Data()), ("blank/readme.txt", Data("no".utf8)),
            ("folder/bad.yaml", Data([0, 1, 2])),
            ("binary.yaml", try Data(contentsOf: Invocation.binary).prefix(100_000)),
            ("nul.yaml", Data("pack: a\0b\n".utf8)), ("tab.yaml", Data("pack:\n\tname: a\n".utf8)),
            ("list.yaml", Data("- a\n- b\n".utf8)),
            ("utf16.yaml", Data([0xFF, 0xFE, 0x70, 0x00, 0x3A, 0x00])),
        ] {
            try folder.write(name, "")
            try bytes.write(to: folder.url.appendingPathComponent(name))
        }
        for command in [["rules", "check", name], ["scan", "--rules", name, "empty.yaml"]] {
            let run = try Invocation.run(command, in: folder.url)
            #expect(run.status == 2, "\(command)")
            #expect(run.stderr.contains(words), "\(run.stderr)")
            #expect(!run.stderr.isEmpty)
        }
    }

    @Test("CRLF, a byte order mark and blanks at line ends change nothing")
    func lineEnds() throws {
        let folder = try TemporaryFolder()
        let pack = try String(
            contentsOf: TranscriptTests.folder.appendingPathComponent("list/pack.yaml"),
            encoding: .utf8)
        try folder.write(
            "crlf.yaml", "\u{FEFF}" + pack.replacing("\n", with: "  \r\n"))
        let run = try Invocation.run(["rules", "check", "crlf.yaml"], in: folder.url)
        #expect(run.status == 0, "\(run.stderr)")
        #expect(run.text.contains("2 rules: 0 errors, 0 warnings"))
        #expect(try Invocation.run(["rules", "test", "crlf.yaml"], in: folder.url).status == 0)
    }
}
