import Foundation
import Testing

/// What the tools of `rules` print, to the byte: a folder a case, with what they read, `commands.txt`
/// (one command a line) and `expected.txt` (what they print to both streams, and their status).
@Suite("Transcripts")
struct TranscriptTests {
    static let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/transcripts")

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }()

    /// What the commands of a case print.
    static func said(in folder: URL) throws -> String {
        let commands = try String(
            contentsOf: folder.appendingPathComponent("commands.txt"), encoding: .utf8)
        var out = ""
        for command in commands.split(separator: "\n") {
            let run = try Invocation.run(
                command.split(separator: " ").dropFirst().map(String.init), in: folder)
            out += "$ \(command)\n" + mask(run.text, of: command)
            if !run.stderr.isEmpty { out += "-- stderr --\n" + mask(run.stderr, of: command) }
            out += "-- status \(run.status) --\n\n"
        }
        return out
    }

    /// Times that were measured differ from run to run, and in a table with them the columns.
    private static func mask(_ text: String, of command: Substring) -> String {
        let text = text.replacing(#/[\d,]+ ns each/#, with: "T ns each")
        guard command.contains("rules bench") else { return text }
        return text.replacing(#/[\d.]+ (ns|us|ms|s)\b/#, with: "T").replacing(#/ +/#, with: " ")
    }

    @Test("The tools print what the transcript expects, to the byte", arguments: cases)
    func golden(name: String) throws {
        let folder = Self.folder.appendingPathComponent(name)
        let expected = folder.appendingPathComponent("expected.txt")
        let said = try Self.said(in: folder)
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try said.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)/expected.txt; look at it")
            return
        }
        #expect(said == (try? String(contentsOf: expected, encoding: .utf8)))
    }

    @Test("Every tool of rules has a transcript")
    func everyTool() throws {
        let commands = try Self.cases.map {
            try String(
                contentsOf: Self.folder.appendingPathComponent("\($0)/commands.txt"),
                encoding: .utf8)
        }.joined(separator: "\n")
        let help = try Invocation.run(["rules", "--help"]).text
        let tools = help.split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS") }.dropFirst()
            .prefix { $0.hasPrefix("  ") }
            .compactMap { $0.firstMatch(of: #/^  ([a-z]+) /#).map { String($0.1) } }
        #expect(tools.count >= 9)
        // The schema is long and says the same in `PackSchemaTests`.
        for tool in tools where tool != "schema" {
            #expect(commands.contains("winnow rules \(tool)"), "\(tool) has no transcript")
        }
    }
}
