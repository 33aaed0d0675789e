import Foundation
import WinnowKit

@testable import Decoders

/// What the text decoder makes of an input, at offsets of the whole input.
struct TextReading: Equatable {
    /// One record, as framed.
    struct Frame: Equatable {
        var offset: Int
        var length: Int
        var kind: UInt8
        var truncated: Bool
        var parts: Int
    }

    var frames: [Frame] = []
    var problems: [String] = []
    var skipped = 0
    var lineBreak = LineBreak.lf
    /// The records as JSON, in order; empty where only framing was asked for.
    var decoded: [String] = []

    /// Frames `bytes` in pieces; the last piece size is repeated.
    init(
        _ bytes: [UInt8], pieces: [Int] = [.max], decoding: Bool = true,
        framer: any Framer = TextFramer(), decoder: TextDecoder = TextDecoder(DecoderSettings())
    ) {
        let records = decoder.makeRecordDecoder()
        var sizes = pieces[...]
        bytes.withUnsafeBytes { all in
            var start = 0
            var end = 0
            var atEnd = false
            while !atEnd {
                let size = sizes.count > 1 ? sizes.removeFirst() : sizes.first ?? all.count
                end = min(all.count, size > all.count ? all.count : end + max(size, 1))
                atEnd = end == all.count
                var table = RecordTable()
                let piece = UnsafeRawBufferPointer(rebasing: all[start..<end])
                let used = framer.frame(piece, atEnd: atEnd, into: &table)
                take(table, piece, at: start, decoding ? records : nil)
                start += used
            }
        }
        lineBreak = framer.lineBreak
    }

    init(_ text: String) { self.init(Array(text.utf8)) }

    private mutating func take(
        _ table: RecordTable, _ bytes: UnsafeRawBufferPointer, at start: Int,
        _ decoder: (any RecordDecoder)?
    ) {
        skipped += table.skippedBytes
        problems += table.problems.map { "\(start + $0.offset) \($0.reason)" }
        let block = BlockView(bytes: bytes, table: table)
        var fields = FieldTable()
        for record in table.records {
            let frame = Frame(
                offset: start + Int(record.start), length: Int(record.end - record.start),
                kind: record.kind, truncated: record.truncated, parts: Int(record.partCount))
            frames.append(frame)
            guard let decoder else { continue }
            fields.removeAll()
            _ = decoder.decode(record, of: block, into: &fields)
            let kind = TextDecoder.spec.kinds[Int(fields.kind ?? record.kind)]
            var out = Array("{\"kind\":\"\(kind)\",\"offset\":\(frame.offset)".utf8)
            out += Array(",\"length\":\(frame.length),\"parts\":\(frame.parts)".utf8)
            JSONWriter.key("time", to: &out)
            JSONWriter.time(fields.time, to: &out)
            JSONWriter.key("fields", to: &out)
            fields.appendJSON(to: &out)
            out.append(UInt8(ascii: "}"))
            decoded.append(String(decoding: out, as: UTF8.self))
        }
    }

    /// All of it, one record a line.
    var json: String {
        "{\"records\":[\n" + decoded.joined(separator: ",\n") + "\n],\"problems\":\(problems),"
            + "\"skipped\":\(skipped),\"line_break\":\"\(lineBreak)\"}\n"
    }

    /// Kind and fields of every record.
    var records: [(kind: String, time: String?, fields: [String: Any])] {
        decoded.map { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            let record = object as? [String: Any] ?? [:]
            return (
                record["kind"] as? String ?? "", record["time"] as? String,
                record["fields"] as? [String: Any] ?? [:]
            )
        }
    }

    /// The fields of the reports.
    var crashes: [[String: Any]] { records.filter { $0.kind == "go.crash" }.map(\.fields) }

    /// The messages of all records.
    var messages: [String] { records.map { $0.fields["message"] as? String ?? "" } }
}

/// Places that tests of text read files from.
enum TextPlace {
    /// This repository's Tests folder.
    static let tests = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
    /// The fixtures of Go reports.
    static let crashFixtures = tests.appendingPathComponent("Fixtures/decoders/go_crash")
    /// The corpus that lies beside the repository, if it does.
    static let goCorpus = tests.appendingPathComponent("../../shared/corpus/go")

    /// The folders in a folder, by name.
    static func folders(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The bytes of a file.
    static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }
}
