import Foundation
import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("The order of inputs and records")
struct OrderTests {
    /// What two runs must agree in; where a record stands differs when files are joined.
    private static func essence(_ ndjson: String) -> [String] {
        ndjson.split(separator: "\n").map { line in
            String(line).replacing(#/^\{"id":"[0-9a-f]*",/#, with: "")
                .replacing(#/"evidence":\[.*\],"remediation"/#, with: "")
        }
    }

    private static func essences(_ sources: [Source]) throws -> [String] {
        essence(EngineFixture.findings(sources, plan: try defaultPlan.get()).ndjson)
    }

    private static let defaultPlan = Result { try defaultPacks() }

    private static func defaultPacks() throws -> Plan {
        let rules = root.appending(path: "rules")
        let folders = try FileManager.default.contentsOfDirectory(atPath: rules.path).sorted()
        let packs = try folders.map { folder in
            let path = rules.appending(path: folder).appending(path: "pack.yaml")
            return PackText(path: folder, bytes: Array(try Data(contentsOf: path)))
        }
        let result = PackLoader.load(packs)
        try #require(!result.hasErrors)
        return result.plan
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let names = ["Application.xml", "System.xml", "payment-gateway.err.log"]

    private static func bytes(_ name: String) throws -> [UInt8] {
        Array(
            try Data(
                contentsOf: root.appending(path: "Tests/Fixtures/demo/WEB01").appending(path: name))
        )
    }

    private static func events() throws -> [String] {
        try names.prefix(2).flatMap { name in
            String(decoding: try bytes(name), as: UTF8.self)
                .matches(of: #/(?s)<Event .*?</Event>/#).map { String($0.0) }
        }
    }

    private static func time(_ event: String) -> String {
        event.firstMatch(of: #/SystemTime='([^']*)'/#).map { String($0.1) } ?? ""
    }

    private static func log(_ events: [String]) -> Source {
        EngineFixture.source("all.xml", Array(events.joined(separator: "\n").utf8))
    }

    @Test("The files of an incident give the same findings in any order, byte for byte")
    func permutations() throws {
        let files = try Self.names.map { EngineFixture.source($0, try Self.bytes($0)) }
        let plan = try Self.defaultPlan.get()
        let first = EngineFixture.findings(files, plan: plan).ndjson
        #expect(first.split(separator: "\n").count > 40)
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            #expect(EngineFixture.findings(order.map { files[$0] }, plan: plan).ndjson == first)
        }
    }

    @Test("Event logs that are joined, newest first, or in order of time give the same findings")
    func joined() throws {
        let files = try Self.names.prefix(2).map { EngineFixture.source($0, try Self.bytes($0)) }
        let expected = try Self.essences(files).sorted()
        #expect(expected.count > 20)
        let events = try Self.events()
        let ascending = events.sorted { Self.time($0) < Self.time($1) }
        #expect(try Self.essences([Self.log(events)]).sorted() == expected)
        #expect(try Self.essences([Self.log(ascending)]).sorted() == expected)
        #expect(try Self.essences([Self.log(ascending.reversed())]).sorted() == expected)
    }

    @Test("Whether a log is newest first does not depend on where its blocks are cut")
    func cuts() throws {
        let events = try Self.events().sorted { Self.time($0) > Self.time($1) }
        let log = Self.log(Array(events.prefix(60)))
        let plan = try Self.defaultPlan.get()
        let whole = EngineFixture.findings([log], plan: plan).ndjson
        #expect(!whole.isEmpty)
        for size in [1, 977, 3000] {
            let cut = EngineFixture.findings([log], plan: plan) { $0.blockSize = size }
            #expect(cut.ndjson == whole, "block size \(size)")
        }
    }

    @Test("Events whose times go back by moments in the order of their ids are not newest first")
    func jitter() {
        func record(_ second: Int64, _ nanoseconds: UInt32, id: String?) -> TimedRecord {
            var fields = FieldTable()
            fields.add(.channel, "System")
            if let id { fields.add(.recordID, id, type: .number) }
            return TimedRecord(time: Timestamp(seconds: second, nanoseconds: nanoseconds), fields)
        }
        let first = record(100, 500, id: "8")
        #expect(!record(100, 400, id: "9").isNewestFirst(after: first))
        #expect(!record(90, 0, id: "9").isNewestFirst(after: first))
        #expect(record(100, 400, id: "7").isNewestFirst(after: first))
        #expect(!record(100, 600, id: "7").isNewestFirst(after: first))
        #expect(!record(100, 400, id: nil).isNewestFirst(after: first))
        #expect(record(98, 0, id: nil).isNewestFirst(after: first))
    }

    // MARK: - 5 in 60 s per key

    /// Lines `second, key` of bursts, decoys of 61.5 s, and four in 60 s, partly out of order.
    private static func keyedLines() -> (lines: [(Double, Int)], bursting: Set<Int>) {
        var random = SplitMix(state: 513)
        var lines: [(Double, Int)] = []
        var bursting: Set<Int> = []
        for key in 0..<80 {
            let start = Double(Int.random(in: 0..<3600, using: &random)) + Double(key) / 100
            let spread: [Double]
            switch key % 4 {
            case 0:
                spread = [0, 10, 20, 40, 59.9]
                bursting.insert(key)
            case 1: spread = [0, 15, 30, 45, 61.5]
            case 2: spread = [0, 20, 40, 59]
            // Exactly 60 s after the first, which is outside by then.
            default: spread = [0, 15, 30, 45, 60]
            }
            lines += spread.map { (start + $0, key) }
            // Another occasion, an hour and more later.
            lines.append((start + 7200, key))
        }
        lines.append(contentsOf: (0..<53).map { (20_000 + Double($0) * 100, $0 % 80) })
        lines.sort { $0.0 < $1.0 }
        // Late by less than the 30 s for which windows are kept.
        for index in stride(from: 0, to: lines.count - 6, by: 6)
        where lines[index + 3].0 - lines[index].0 < 25 {
            lines.swapAt(index, index + 3)
        }
        return (lines, bursting)
    }

    @Test("Five in 60 s per key is exact among 513 lines of 80 keys, bursts, decoys and late lines")
    func keys() throws {
        let (lines, bursting) = Self.keyedLines()
        #expect(lines.count == 513)
        let late = zip(lines, lines.dropFirst()).filter { $0.0.0 > $0.1.0 }
        #expect(late.count > 20)
        let text = lines.map { second, key in
            let time = Timestamp(seconds: 1_767_261_600)
                .advanced(byNanoseconds: Int64((second * 1000).rounded()) * 1_000_000)
            return "\(time.rfc3339) denied key=k\(key) \n"
        }.joined()
        let plan = EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.keys
              title: '{{key}}'
              level: low
              match: {message|re: 'key=(?<key>\\w+)'}
              when: {count: {gte: 5}, within: 60s, by: [key]}
              tests: [{fires: 0, lines: [a]}, {fires: 1, lines: ['key=a'], repeat: 5, every: 1s}]
            """)
        let found = EngineFixture.findings(
            [EngineFixture.source("log", Array(text.utf8))], plan: plan)
        let keys = found.ndjson.matches(of: #/"title":"k(\d+)"/#).compactMap { Int($0.1) }
        #expect(keys.sorted() == bursting.sorted())
        #expect(found.report.rules[0].late == 0)
    }
}
