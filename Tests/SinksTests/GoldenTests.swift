import Foundation
import Sinks
import Testing
import WinnowKit

/// What the sinks print for an incident, held against files. `RECORD=1` writes them and fails.
@Suite("Golden output")
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/sinks")

    static let manifest = Array(#"{"winnow":"0.1.0","command":"scan"}"#.utf8)

    private func check(_ output: MemoryOutput, against name: String) throws {
        let file = GoldenTests.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(output.bytes).write(to: file)
            Issue.record("recorded \(name); look at it")
            return
        }
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(output.text == expected, "\(name) differs; RECORD=1 writes it anew")
    }

    private func run(
        _ sink: any Sink.Type, _ settings: SinkSettings, _ findings: [Finding]
    ) throws -> MemoryOutput {
        let output = MemoryOutput()
        let sink = sink.init(settings, output: output)
        for finding in findings { try sink.write(Batch(findings: [finding])) }
        try sink.close(manifest: GoldenTests.manifest)
        return output
    }

    @Test(
        "The console prints the incident as recorded",
        arguments: [(80, false), (80, true), (120, false), (40, false)])
    func console(width: Int, color: Bool) throws {
        let output = try run(
            ConsoleSink.self, SinkSettings(color: color, width: width), SampleFindings.incident)
        try check(output, against: "incident.\(width)\(color ? ".color" : "").txt")
    }

    @Test("The console prints hostile text as recorded")
    func hostileConsole() throws {
        let output = try run(ConsoleSink.self, SinkSettings(width: 80), [SampleFindings.hostile])
        // One line of it is a command of 4 KiB, which no one needs to see in a file.
        let text = output.text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.count > 1000 ? "(\($0.count) characters)" : $0 }.joined(separator: "\n")
        let short = MemoryOutput()
        try short.write(Array(text.utf8))
        try check(short, against: "hostile.80.txt")
    }

    @Test("NDJSON prints the incident as recorded")
    func ndjson() throws {
        try check(
            run(
                NDJSONSink.self, SinkSettings(), SampleFindings.incident + [SampleFindings.refused]),
            against: "incident.ndjson")
    }

    @Test("JSON prints the incident as recorded")
    func json() throws {
        try check(
            run(JSONSink.self, SinkSettings(), [SampleFindings.refused, SampleFindings.crash]),
            against: "incident.json")
    }
}
