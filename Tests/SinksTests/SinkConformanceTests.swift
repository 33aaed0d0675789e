import Foundation
import Sinks
import Testing
import WinnowKit

/// What every sink must hold to, run on every sink of the list.
@Suite("Conformance of sinks")
struct SinkConformanceTests {
    static let names = Sinks.all.map { $0.spec.name }
    static let manifest = Array(#"{"winnow":"0.1.0","totals":{"findings":1}}"#.utf8)

    private func make(
        _ name: String, _ output: any ByteOutput, color: Bool = false
    ) throws -> any Sink {
        let type = try #require(Sinks.all.first { $0.spec.name == name })
        return type.init(SinkSettings(color: color, width: 80), output: output)
    }

    @Test("Every folder of the sinks has a sink in the list, and every sink a folder")
    func listMatchesFolders() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Plugins/Sinks").standardizedFileURL
        let folders = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.isDirectoryKey]
        ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        #expect(
            Set(folders.map { $0.lastPathComponent + "Sink" })
                == Set(Sinks.all.map { String(describing: $0) }))
    }

    @Test("A sink's name is one lower snake case word of its own, its summary one sentence")
    func specs() {
        #expect(Set(Sinks.all.map { $0.spec.name }).count == Sinks.all.count)
        for sink in Sinks.all {
            #expect(sink.spec.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect(sink.spec.summary.hasSuffix("."))
        }
    }

    @Test("Empty batches change nothing", arguments: names)
    func emptyBatches(name: String) throws {
        let (with, without) = (MemoryOutput(), MemoryOutput())
        let one = try make(name, with)
        try one.write(Batch(findings: []))
        try one.write(Batch(findings: [SampleFindings.crash]))
        try one.write(Batch(findings: []))
        try one.close(manifest: SinkConformanceTests.manifest)
        let other = try make(name, without)
        try other.write(Batch(findings: [SampleFindings.crash]))
        try other.close(manifest: SinkConformanceTests.manifest)
        #expect(with.text == without.text)
    }

    @Test("A run without findings ends in nothing, or in an object that says so", arguments: names)
    func noFindings(name: String) throws {
        let output = MemoryOutput()
        let sink = try make(name, output)
        try sink.flush()
        try sink.close(manifest: SinkConformanceTests.manifest)
        if name == "json" {
            let object = try object(output.bytes)
            #expect((object["findings"] as? [Any])?.isEmpty == true)
            #expect(object["manifest"] is [String: Any])
        } else {
            #expect(output.bytes.isEmpty)
        }
    }

    @Test("A batch that comes twice is written twice", arguments: names)
    func sameBatchTwice(name: String) throws {
        let output = MemoryOutput()
        let sink = try make(name, output)
        let batch = Batch(findings: [SampleFindings.crash, SampleFindings.crashLoop])
        try sink.write(batch)
        try sink.write(batch)
        try sink.close(manifest: SinkConformanceTests.manifest)
        #expect(output.text.components(separatedBy: SampleFindings.crashLoop.title).count == 3)
        if name == "json" {
            #expect((try object(output.bytes)["findings"] as? [Any])?.count == 4)
        }
    }

    @Test("How findings are cut into batches does not change a byte", arguments: names)
    func batchSizes(name: String) throws {
        let texts = try [1, 3, 100].map { size in
            let output = MemoryOutput()
            let sink = try make(name, output)
            var rest = SampleFindings.incident[...]
            while !rest.isEmpty {
                try sink.write(Batch(findings: Array(rest.prefix(size))))
                if size == 3 { try sink.flush() }
                rest = rest.dropFirst(size)
            }
            try sink.close(manifest: SinkConformanceTests.manifest)
            return output.text
        }
        #expect(Set(texts).count == 1)
    }

    @Test("After flush all findings are at the output", arguments: names)
    func flush(name: String) throws {
        let output = MemoryOutput()
        let sink = try make(name, output)
        try sink.write(Batch(findings: [SampleFindings.refused]))
        #expect(output.bytes.isEmpty)
        try sink.flush()
        #expect(output.text.contains("10.0.0.5:5432 refuses connections"))
        let flushed = output.bytes.count
        try sink.flush()
        #expect(output.bytes.count == flushed)
    }

    @Test(
        "An output that fails gives its own error, then and at every later call",
        arguments: names, [0, 2])
    func failingOutput(name: String, after: Int) throws {
        let error = SinkError(sink: "out.ndjson", message: "no space left on device")
        let output = FailingOutput(error, after: after)
        let sink = try make(name, output)
        #expect(throws: error) {
            for _ in 0..<1000 { try sink.write(Batch(findings: SampleFindings.incident)) }
        }
        #expect(throws: error) { try sink.write(Batch(findings: [SampleFindings.crash])) }
        #expect(throws: error) { try sink.flush() }
        #expect(throws: error) { try sink.close(manifest: SinkConformanceTests.manifest) }
        // Nothing is sent after a write of which nobody knows how far it came.
        #expect(output.refused == 1)
    }

    @Test("A reader that went away is told from a fault", arguments: names)
    func closedOutput(name: String) throws {
        let output = FailingOutput(SinkError(sink: "stdout", message: "gone", closed: true))
        let sink = try make(name, output)
        try sink.write(Batch(findings: [SampleFindings.crash]))
        let error = #expect(throws: SinkError.self) {
            try sink.close(manifest: SinkConformanceTests.manifest)
        }
        #expect(error?.closed == true)
    }

    @Test("10,000 findings are written in pieces of about 64 KiB", arguments: names)
    func manyFindings(name: String) throws {
        let output = MemoryOutput()
        let sink = try make(name, output)
        for i in 0..<10_000 {
            var finding = SampleFindings.refused
            finding.title = "finding \(i)."
            finding.key = [("peer", "\(i)")]
            try sink.write(Batch(findings: [finding]))
        }
        try sink.close(manifest: SinkConformanceTests.manifest)
        let text = output.text
        for i in [0, 99, 100, 5000, 9999] { #expect(text.contains("finding \(i).")) }
        #expect(output.writes.allSatisfy { $0 < (64 << 10) + 4096 })
        #expect(output.writes.dropLast().allSatisfy { $0 >= 64 << 10 })
        switch name {
        case "ndjson": #expect(text.split(separator: "\n").count == 10_000)
        case "json": #expect((try object(output.bytes)["findings"] as? [Any])?.count == 10_000)
        default: break
        }
    }

    @Test(
        "Hostile text in every field leaves no control character and no bidi control",
        arguments: names, [false, true])
    func hostileText(name: String, color: Bool) throws {
        let output = MemoryOutput()
        let sink = try make(name, output, color: color)
        try sink.write(
            Batch(findings: [SampleFindings.hostile, SampleFindings.crash, SampleFindings.hostile]))
        try sink.close(manifest: SinkConformanceTests.manifest)
        let text = try #require(String(validating: output.bytes, as: UTF8.self))
        let plain = text.replacing(/\e\[[0-9;]*m/, with: "")
        #expect(name == "pretty" && color ? plain != text : plain == text)
        let unsafe = plain.unicodeScalars.filter {
            $0 != "\n" && ($0 == "\t" || SafeText.isUnsafe($0.value))
        }
        #expect(unsafe.isEmpty)
    }

    @Test("A finding is one line of NDJSON, whatever its texts hold")
    func oneLineEach() throws {
        let output = MemoryOutput()
        let sink = try make("ndjson", output)
        try sink.write(Batch(findings: [SampleFindings.hostile, SampleFindings.crash]))
        try sink.close(manifest: SinkConformanceTests.manifest)
        let lines = output.bytes.split(separator: 0x0A)
        try #require(lines.count == 2)
        #expect(try object(Array(lines[0]))["title"] as? String == SampleFindings.evilText)
        #expect(try object(Array(lines[1]))["rule"] as? String == SampleFindings.crash.rule)
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}
