import Foundation
import WinnowKit

@testable import Decoders

/// What a framer and a record decoder make of an input, at offsets of the whole input.
struct EventReading: Equatable {
    struct Record: Equatable {
        var offset: Int
        var length: Int
    }

    struct Damage: Equatable {
        var offset: Int
        var reason: String
        var lost: Bool
    }

    var records: [Record] = []
    var problems: [Damage] = []
    var skipped = 0
    var lineBreak = LineBreak.lf
    /// The records as JSON, in order; empty where only framing was asked for.
    var decoded: [String] = []
    var summaries: [String] = []
    /// The most bytes that the framer asked to be kept.
    var kept = 0

    /// Frames `bytes` in pieces; the last piece size is repeated.
    init(_ bytes: [UInt8], pieces: [Int] = [.max], decoding: Bool = false) {
        let decoder = WindowsEvent(DecoderSettings())
        let framer = decoder.makeFramer()
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
                kept = max(kept, piece.count - used)
                take(table, piece, at: start, decoding ? decoder.makeRecordDecoder() : nil)
                start += used
            }
        }
        lineBreak = framer.lineBreak
    }

    init(_ text: String, pieces: [Int] = [.max]) {
        self.init(Array(text.utf8), pieces: pieces, decoding: true)
    }

    private mutating func take(
        _ table: RecordTable, _ bytes: UnsafeRawBufferPointer, at start: Int,
        _ decoder: (any RecordDecoder)?
    ) {
        skipped += table.skippedBytes
        problems += table.problems.map {
            Damage(offset: start + $0.offset, reason: $0.reason, lost: $0.lostRecord)
        }
        let block = BlockView(bytes: bytes, table: table)
        var fields = FieldTable()
        for record in table.records {
            let place = Record(
                offset: start + Int(record.start), length: Int(record.end - record.start))
            records.append(place)
            guard let decoder else { continue }
            fields.removeAll()
            if let problem = decoder.decode(record, of: block, into: &fields) {
                problems.append(
                    Damage(
                        offset: start + problem.offset, reason: problem.reason,
                        lost: problem.lostRecord))
                if problem.lostRecord { continue }
            }
            var out = Array("{\"offset\":\(place.offset),\"length\":\(place.length)".utf8)
            JSONWriter.key("time", to: &out)
            JSONWriter.time(fields.time, to: &out)
            JSONWriter.key("fields", to: &out)
            fields.appendJSON(to: &out)
            out.append(UInt8(ascii: "}"))
            decoded.append(String(decoding: out, as: UTF8.self))
            summaries.append(decoder.summary(of: fields, kind: record.kind) ?? "")
        }
    }

    /// All of it, one record or problem a line.
    var json: String {
        let damage = problems.map {
            "{\"offset\":\($0.offset),\"lost\":\($0.lost),\"reason\":\"\($0.reason)\"}"
        }
        return "{\"records\":[\n" + decoded.joined(separator: ",\n") + "\n],\"problems\":[\n"
            + damage.joined(separator: ",\n") + "\n],\"skipped\":\(skipped),"
            + "\"line_break\":\"\(lineBreak)\"}\n"
    }

    /// The fields of every record delivered.
    var fields: [[String: Any]] {
        decoded.map { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            return (object as? [String: Any])?["fields"] as? [String: Any] ?? [:]
        }
    }

    /// EventRecordIDs of the records delivered, 0 where there is none.
    var ids: [Int] { fields.map { $0["winlog.record_id"] as? Int ?? 0 } }

    /// The problems' reasons.
    var reasons: [String] { problems.map(\.reason) }
}

/// Event XML for tests.
enum EventXML {
    /// What comes before the payload.
    static func opening(
        _ id: Int, provider: String = "test", code: Int = 1
    ) -> String {
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
            + "<Provider Name='\(provider)'/><EventID>\(code)</EventID>"
            + "<EventRecordID>\(id)</EventRecordID></System>"
    }

    /// A whole event.
    static func event(
        _ id: Int, _ payload: String = "<EventData><Data>x</Data></EventData>",
        provider: String = "test", code: Int = 1
    ) -> String {
        opening(id, provider: provider, code: code) + payload + "</Event>"
    }
}

/// Places that tests read files from.
enum EventPlace {
    /// This repository's Tests folder.
    static let tests = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
    /// The fixtures of the decoder.
    static let eventFixtures = tests.appendingPathComponent("Fixtures/decoders/windows_event")
    /// The corpus that lies beside the repository, if it does.
    static let eventCorpus = tests.appendingPathComponent("../../shared/corpus/winevent")

    /// The folders in a folder, by name.
    static func folders(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The bytes of a file.
    static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }
}
