import Foundation
import Testing
import WinnowKit

@testable import WinnowEngine

/// The shared corpus of Go crashes, where it is there: nothing in the product depends on it.
enum CrashCorpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/corpus/go")

    struct Manifest: Decodable {
        var entries: [Entry]
    }

    struct Entry: Decodable {
        var file: String?
        var encoding: String?
        var newline: String?
        var bytes: Int?
    }

    /// The files of plain UTF-8 text, smallest first; empty where the corpus is absent.
    static let files: [(name: String, bytes: [UInt8])] = {
        let manifest = folder.appendingPathComponent("manifest.json")
        guard let data = try? Data(contentsOf: manifest),
            let entries = try? JSONDecoder().decode(Manifest.self, from: data).entries
        else {
            print("skipped: no crash corpus beside the project")
            return []
        }
        return entries.compactMap { entry -> (name: String, bytes: [UInt8])? in
            guard let file = entry.file, entry.encoding == "utf-8", entry.newline == "lf",
                // A carrier's line with another carrier's prefix before it is nobody's format.
                !file.hasPrefix("encodings/wrapped/"),
                let bytes = try? Data(contentsOf: folder.appendingPathComponent(file))
            else { return nil }
            return (file, Array(bytes))
        }.sorted { ($0.bytes.count, $0.name) < ($1.bytes.count, $1.name) }
    }()

    /// Crash records of an input: their line and their fields, in order; times and offsets are what
    /// the clothes change.
    static func crashes(
        _ bytes: [UInt8], _ change: (inout RunOptions) -> Void = { _ in }
    ) -> [String] {
        let records = EngineFixture.records([EngineFixture.source("x", bytes)]) {
            $0.decodedKind = "go.crash"
            change(&$0)
        }
        return records.ndjson.split(separator: "\n").map {
            String($0).replacing(
                #/"(?:time":(?:null|"[^"]*")|offset":\d+|length":\d+|event.time_inherited":true),/#,
                with: "")
        }
    }
}

@Suite("The crash corpus in other clothes", .enabled(if: !CrashCorpus.files.isEmpty))
struct CrashCorpusTests {
    @Test("A file whose lines NSSM stamped holds the same crashes")
    func stamped() {
        var wrong: [String] = []
        for (name, bytes) in CrashCorpus.files {
            var stamped: [UInt8] = []
            let hasEnd = bytes.last == 0x0A
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            for (i, line) in lines.enumerated() {
                if i == lines.count - 1 && line.isEmpty { break }
                stamped += Array("2026-03-01 10:00:00.123: ".utf8) + line
                if i < lines.count - 1 || hasEnd { stamped.append(0x0A) }
            }
            if CrashCorpus.crashes(stamped) != CrashCorpus.crashes(bytes) { wrong.append(name) }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(CrashCorpus.files.count): \(wrong.prefix(20))")
    }

    @Test("A file in UTF-16LE holds the same crashes")
    func utf16() {
        var wrong: [String] = []
        for (name, bytes) in CrashCorpus.files where String(validating: bytes, as: UTF8.self) != nil
        {
            let wide = InvarianceTests.utf16(bytes)
            if CrashCorpus.crashes(wide) != CrashCorpus.crashes(bytes) { wrong.append(name) }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(CrashCorpus.files.count): \(wrong.prefix(20))")
    }

    /// 50 of the smaller files at even distances: every byte is a cut, so small ones say as much.
    private static let sample: [(name: String, bytes: [UInt8])] = {
        let small = CrashCorpus.files.filter { $0.bytes.count > 200 && $0.bytes.count < 3000 }
        return stride(from: 0, to: small.count, by: max(1, small.count / 50)).prefix(50).map {
            small[$0]
        }
    }()

    @Test("Two reads give the records of one, wherever the cut is", arguments: 0..<5)
    func cuts(part: Int) {
        for (i, file) in Self.sample.enumerated() where i % 5 == part {
            let whole = frames([file.bytes[...]])
            for cut in 0...file.bytes.count {
                let halves = frames([file.bytes[..<cut], file.bytes[cut...]])
                if halves != whole {
                    Issue.record("\(file.name) cut at \(cut)")
                    break
                }
            }
        }
    }

    /// The records that the text framer finds when the bytes come in these pieces. What a record
    /// decodes to is a function of its bytes, so extents say all.
    private func frames(_ pieces: [ArraySlice<UInt8>]) -> [String] {
        let framer = EngineFixture.decoders().last?.makeFramer()
        var pending: [UInt8] = []
        var base = 0
        var records: [String] = []
        for (i, piece) in pieces.enumerated() {
            pending += piece
            var table = RecordTable()
            let consumed = pending.withUnsafeBytes {
                framer?.frame($0, atEnd: i == pieces.count - 1, into: &table) ?? 0
            }
            for record in table.records {
                let parts = table.parts[Int(record.firstPart)...].prefix(Int(record.partCount))
                let lines = parts.map { "\(Int($0.start) + base)-\(Int($0.end) + base)" }
                records.append(
                    "\(record.kind) \(Int(record.start) + base)-\(Int(record.end) + base) \(lines)")
            }
            pending.removeFirst(consumed)
            base += consumed
        }
        return records
    }
}
