import Foundation
import Testing
import WinnowKit

@testable import Decoders

/// A file of the corpus that lies beside the repository, as its manifest describes it.
private struct CorpusFile: Decodable, Sendable, CustomTestStringConvertible {
    struct Numbers: Decodable, Sendable {
        var count: Int
        var first: Int
        var last: Int
        var sum: Int
    }

    struct Damage: Decodable, Sendable {
        var deliver: [UInt64]
        var must_not_deliver: [UInt64]
        var min_problems_reported: Int
    }

    var name: String
    var encoding: String
    var compression: String?
    var events: Int?
    var record_ids: Numbers?
    var damage: Damage?

    var testDescription: String { name }

    /// The files that need neither decompression nor another encoding; none without a corpus.
    static let plain: [CorpusFile] = {
        struct Manifest: Decodable { var files: [CorpusFile] }
        let url = EventPlace.eventCorpus.appendingPathComponent("manifest.json")
        guard let data = try? Data(contentsOf: url),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
        else { return [] }
        return manifest.files.filter {
            $0.encoding.hasPrefix("UTF-8") && $0.compression == nil && !$0.name.hasSuffix(".gz")
        }
    }()

    func bytes() throws -> [UInt8] {
        let bytes = try EventPlace.bytes(EventPlace.eventCorpus.appendingPathComponent(name))
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }
}

@Suite(
    "Event XML of the corpus",
    .enabled(if: !CorpusFile.plain.isEmpty, "there is no ../shared/corpus beside the repository"))
struct WindowsEventCorpusTests {
    @Test(
        "Every event of an undamaged file is found, in order",
        arguments: CorpusFile.plain.filter { $0.damage == nil })
    private func whole(file: CorpusFile) throws {
        let bytes = try file.bytes()
        let reading = EventReading(bytes, pieces: [100_003], decoding: true)
        #expect(reading.decoded.count == file.events)
        #expect(!reading.problems.contains { $0.lost })
        let ids = reading.ids.filter { $0 != 0 }
        if let numbers = file.record_ids {
            #expect(ids.count == numbers.count)
            #expect(ids.reduce(0, +) == numbers.sum)
            #expect(ids.first == numbers.first && ids.last == numbers.last)
        }
    }

    @Test(
        "A damaged file gives what it must, nothing that it must not, and its problems",
        arguments: CorpusFile.plain.filter { $0.damage != nil })
    private func damaged(file: CorpusFile) throws {
        guard let damage = file.damage else { return }
        let bytes = try file.bytes()
        let reading = EventReading(bytes, decoding: true)
        let ids = Set(reading.fields.compactMap { $0["winlog.record_id"] as? UInt64 })
        #expect(Set(damage.deliver).subtracting(ids).isEmpty)
        #expect(ids.isDisjoint(with: damage.must_not_deliver))
        #expect(reading.problems.count >= damage.min_problems_reported)
        for size in [1, 7, 1000] where bytes.count < 20_000 {
            var pieces = EventReading(bytes, pieces: [size], decoding: false)
            var once = EventReading(bytes, decoding: false)
            pieces.kept = 0
            once.kept = 0
            #expect(pieces == once, "in pieces of \(size)")
        }
    }
}
