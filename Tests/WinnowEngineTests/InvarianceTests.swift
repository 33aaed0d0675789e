import Glibc
import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Invariant 1: same bytes, same packs, same findings")
struct InvarianceTests {
    /// A log with everything in it: carriers, a crash, gctrace, CRLF, other encodings, no last
    /// newline.
    static let log: [UInt8] = {
        var bytes = Array(
            """
            starting without a time\r
            2026-03-01T10:00:00.5Z request failed\r
            no time of its own: denied
            gc 11 @0.110s 3%: 0.19+0.33+0.039 ms clock, 0.38+0/0.22/0+0.078 ms cpu, 4->4->0 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
            2026-03-01T10:01:00Z größer als error
            panic: boom
            \tpanic: again

            goroutine 7 [running]:
            main.work(0x1, {0x2, 0x3})
            \tC:/svc/main.go:17 +0x1d
            created by main.main in goroutine 1
            \tC:/svc/main.go:9 +0x2a

            goroutine 1 [chan receive, 3 minutes]:
            main.main()
            \tC:/svc/main.go:31 +0x1d
            2026-03-01T10:02:00Z after the crash: fatal
            2026-03-01 10:03:00.250: stamped by NSSM, error
            2026-03-01T10:04:00Z memory 10
            2026-03-01T10:05:00Z memory 13
            2026-03-01T10:06:00Z memory 15
            2026-03-01T10:07:00Z memory 17
            2026-03-01T10:08:00Z memory 21
            2026-03-01T10:09:00Z memory 22

            """.utf8)
        bytes += [0xC4, 0xE3, 0xBA, 0xC3, 0x0A]  // GBK
        bytes += Array("panic: without a stack\nlast line fails".utf8)
        return bytes
    }()

    static let events: [UInt8] = Array(
        """
        \u{FEFF}<?xml version="1.0" encoding="utf-8"?><Events>\
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider \
        Name='nssm'/><EventID Qualifiers='16384'>1013</EventID><Level>4</Level><TimeCreated \
        SystemTime='2026-03-01T10:00:00.1234567Z'/><EventRecordID>7</EventRecordID><Channel>\
        Application</Channel><Computer>WEB01</Computer></System><EventData><Data>C:\\svc.exe</Data>\
        <Data>gateway</Data><Data>2</Data></EventData></Event>
        <Event><System><Provider Name='broken'/></Syst></Event>
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider \
        Name='Service Control Manager'/><EventID>7031</EventID><TimeCreated \
        SystemTime='2026-03-01T10:00:01Z'/><EventRecordID>8</EventRecordID><Computer>WEB01\
        </Computer></System><EventData><Data Name='param1'>größer &amp; error 漢字</Data></EventData>\
        </Event></Events>
        """.utf8)

    static let inputs: [(String, [UInt8])] = [
        ("service.log", log), ("events.xml", events), ("utf16.log", utf16(log)),
        ("cr.log", log.map { $0 == 0x0A ? 0x0D : $0 }.filter { $0 != 0 }), ("empty.log", []),
    ]

    /// The text as UTF-16LE with a byte order mark.
    static func utf16(_ bytes: [UInt8]) -> [UInt8] {
        [0xFF, 0xFE]
            + String(decoding: bytes, as: UTF8.self).utf16.flatMap {
                [UInt8($0 & 0xFF), UInt8($0 >> 8)]
            }
    }

    @Test(
        "Block sizes from 1 byte to 1 MiB and 1 to 4 jobs give identical bytes",
        arguments: inputs.map(\.0))
    func blocksAndJobs(name: String) throws {
        let bytes = try #require(Self.inputs.first { $0.0 == name }?.1)
        let plan = EngineFixture.plan()
        let source = EngineFixture.source(name, bytes)
        let whole = EngineFixture.findings([source], plan: plan) { $0.blockSize = 1 << 20 }
        let records = EngineFixture.records([source]) { $0.blockSize = 1 << 20 }
        if name != "empty.log" { #expect(!whole.ndjson.isEmpty) }
        if name == "service.log" {
            for rule in [
                "rate", "distinct", "stat", "all", "sequence", "silence", "absent", "trend",
                "chain",
            ] {
                #expect(whole.ndjson.contains("fixture.\(rule)\""), "\(rule) is not tried")
            }
        }
        for blockSize in [1, 2, 3, 5, 7, 16, 61, 256, 4096, 64 << 10] {
            for jobs in blockSize < 16 ? [1, 3] : [1, 2, 3, 4] {
                let change: (inout RunOptions) -> Void = {
                    $0.blockSize = blockSize
                    $0.jobs = jobs
                }
                let findings = EngineFixture.findings([source], plan: plan, change)
                #expect(findings.ndjson == whole.ndjson, "\(blockSize) bytes, \(jobs) jobs")
                #expect(findings.report.digest == whole.report.digest)
                #expect(
                    findings.report.manifest(command: "t", plan: nil).withoutSeconds
                        == whole.report.manifest(command: "t", plan: nil).withoutSeconds)
                let decoded = EngineFixture.records([source], change)
                #expect(decoded.ndjson == records.ndjson, "\(blockSize) bytes, \(jobs) jobs")
            }
        }
    }

    @Test("Two segments of one source give the findings of their bytes joined, places apart")
    func segments() {
        let plan = EngineFixture.plan()
        let joined = EngineFixture.records([EngineFixture.source("a", Self.log)])
        let strip = { (text: String) in
            text.split(separator: "\n").map { line in
                line.replacing(#/"(line|offset|length)":\d+/#, with: "").replacing(
                    #/"input":"."/#, with: "")
            }
        }
        for cut in stride(from: 1, to: Self.log.count, by: 37) {
            let halves = Source(
                segments: [Array(Self.log[..<cut]), Array(Self.log[cut...])].enumerated().map {
                    index, bytes in
                    Segment(name: index == 0 ? "a" : "b", storedSize: bytes.count) {
                        MemoryStream(bytes)
                    }
                })
            let records = EngineFixture.records([halves])
            #expect(strip(records.ndjson) == strip(joined.ndjson), "cut at \(cut)")
            #expect(
                EngineFixture.findings([halves], plan: plan).report.totals.findings
                    == EngineFixture.findings(
                        [EngineFixture.source("a", Self.log)], plan: plan
                    ).report.totals.findings)
        }
    }

    @Test("Places point at the record's own bytes as stored")
    func places() throws {
        for (name, bytes) in [("service.log", Self.log), ("utf16.log", Self.utf16(Self.log))] {
            let records = EngineFixture.records([EngineFixture.source(name, bytes)]).ndjson
            for line in records.split(separator: "\n") {
                let offset = try number("offset", line)
                let length = try number("length", line)
                try #require(offset + length <= bytes.count)
                let stored = Array(bytes[offset..<offset + length])
                #expect(stored.last != 0x0A || name == "utf16.log")
                if line.contains("\"go.crash\"") && name == "service.log" {
                    #expect(String(decoding: stored.prefix(7), as: UTF8.self) == "panic: ")
                }
            }
        }
    }

    private func number(_ name: String, _ line: Substring) throws -> Int {
        let match = try #require(try Regex("\"\(name)\":(\\d+)").firstMatch(in: line))
        return try #require(Int(match[1].substring ?? ""))
    }
}

extension [UInt8] {
    /// A manifest without what a clock put in it.
    var withoutSeconds: String {
        String(decoding: self, as: UTF8.self).replacing(#/"seconds":[\d.]+/#, with: "")
    }
}
