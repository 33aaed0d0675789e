import Foundation
import Testing

@Suite("Silences on the command line", .timeLimit(.minutes(1)))
struct SilenceTests {
    private static let pack = """
        pack: {name: live, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: live.beat
          title: No beat
          level: high
          match: {message|contains: beat}
          when: {absent: {for: 500ms}}
          tests: [{fires: 0, lines: [beat]}, {fires: 1, lines: [beat, '2026-01-01T00:01:00Z x']}]
        """
    private static let beat = Data("2026-01-01T00:00:00Z beat\n".utf8)

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Data(pack.utf8).write(to: folder.url.appendingPathComponent("pack.yaml"))
        return folder
    }

    private static let rules = ["--no-default-rules", "--rules", "pack.yaml", "--format", "ndjson"]

    @Test("A silence at the end of a batch is counted; --final makes it a finding")
    func final() throws {
        let folder = try Self.folder()
        let open = try Invocation.run(["scan", "-"] + Self.rules, stdin: Self.beat, in: folder.url)
        #expect(open.status == 0)
        #expect(open.text == "")
        #expect(open.stderr.contains("1 silence not decided"))
        let final = try Invocation.run(
            ["scan", "-", "--final"] + Self.rules, stdin: Self.beat, in: folder.url)
        #expect(final.status == 1)
        #expect(final.lines.count == 1)
        #expect(!final.stderr.contains("not decided"))
    }

    @Test("A live stream that falls silent gives its finding while it is open")
    func live() throws {
        let folder = try Self.folder()
        let process = Process()
        process.executableURL = Invocation.binary
        process.arguments = ["stream"] + Self.rules + ["--quiet"]
        process.currentDirectoryURL = folder.url
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Self.beat)
        // Comes only if the stream does not wait for its end, which is below.
        let found = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(found.contains("live.beat"))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
    }
}
