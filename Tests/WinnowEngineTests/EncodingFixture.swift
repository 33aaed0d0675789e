import Foundation
import WinnowKit

@testable import WinnowEngine

/// What came out of a transcoder.
struct Transcoded: Equatable {
    var bytes: [UInt8] = []
    var problems: [Problem] = []
    /// One a file of the rotated log.
    var names: [String?] = []
    /// For every UTF-8 offset, the end included: the stored offset of what lies there, and the
    /// stored end of what lies before.
    var places: [Int] = []
    var ends: [Int] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var reasons: [String] { problems.map(\.reason) }

    /// Transcodes the files of a rotated log, pushing at most as many bytes at once as `sizes`
    /// says, again and again.
    init(_ files: [[UInt8]], option: String? = nil, sizes: [Int] = [.max]) {
        var transcoder = Transcoder(option: option.flatMap { StoredEncoding(name: $0) })
        var map = OffsetMap()
        var turn = 0
        for (index, file) in files.enumerated() {
            if index > 0 { transcoder.nextSegment() }
            file.withUnsafeBytes { all in
                var at = 0
                while at < all.count {
                    let size = min(sizes[turn % sizes.count], all.count - at)
                    turn += 1
                    let part = UnsafeRawBufferPointer(rebasing: all[at..<(at + size)])
                    transcoder.push(
                        part, atEnd: false, into: &bytes, map: &map, problems: &problems)
                    at += size
                }
            }
            if index == files.count - 1 {
                transcoder.push(
                    UnsafeRawBufferPointer(start: nil, count: 0), atEnd: true, into: &bytes,
                    map: &map, problems: &problems)
            } else {
                transcoder.endSegment(into: &bytes, map: &map, problems: &problems)
            }
            names.append(transcoder.encodingName)
        }
        places = (0...bytes.count).map { map.storedOffset(of: $0) }
        ends = (0...bytes.count).map { map.storedEnd(of: $0) }
    }

    init(_ file: [UInt8], option: String? = nil, sizes: [Int] = [.max]) {
        self.init([file], option: option, sizes: sizes)
    }
}

/// Stored bytes built character by character, so that the place of each is known.
struct StoredText {
    var bytes: [UInt8] = []
    var text = ""
    /// Where every character begins and ends, in UTF-8 and as stored.
    var characters: [(utf8: Range<Int>, stored: Range<Int>)] = []

    /// Encodings of the pieces.
    enum Form: CaseIterable { case utf8, utf16le, utf16be, gbk, windows1252 }

    /// Bytes that leave no trace in the text.
    mutating func mark(_ bytes: [UInt8]) { self.bytes += bytes }

    mutating func add(_ text: String, as form: Form) {
        for scalar in text.unicodeScalars {
            let stored = StoredText.encode(scalar, as: form)
            let start = self.text.utf8.count
            self.text.unicodeScalars.append(scalar)
            characters.append(
                (start..<self.text.utf8.count, bytes.count..<(bytes.count + stored.count)))
            bytes += stored
        }
    }

    /// The characters of GBK and Windows-1252 that tests use, written by hand.
    private static let gbk: [Unicode.Scalar: [UInt8]] = [
        "远": [0xD4, 0xB6], "程": [0xB3, 0xCC], "主": [0xD6, 0xF7], "机": [0xBB, 0xFA],
        "关": [0xB9, 0xD8], "闭": [0xB1, 0xD5], "了": [0xC1, 0xCB], "连": [0xC1, 0xAC],
        "接": [0xBD, 0xD3], "。": [0xA1, 0xA3], "系": [0xCF, 0xB5], "统": [0xCD, 0xB3],
        "镕": [0xE9, 0x46], "𠮷": [0x95, 0x34, 0xB2, 0x35],
    ]
    private static let windows1252: [Unicode.Scalar: UInt8] = [
        "„": 0x84, "“": 0x93, "–": 0x96, "ö": 0xF6, "ß": 0xDF, "ü": 0xFC, "Ö": 0xD6, "é": 0xE9,
    ]

    private static func encode(_ scalar: Unicode.Scalar, as form: Form) -> [UInt8] {
        switch form {
        case .utf8: return Array(String(scalar).utf8)
        case .utf16le:
            return String(scalar).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        case .utf16be:
            return String(scalar).utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        case .gbk:
            return scalar.isASCII ? [UInt8(scalar.value)] : gbk[scalar] ?? []
        case .windows1252:
            return scalar.isASCII ? [UInt8(scalar.value)] : windows1252[scalar].map { [$0] } ?? []
        }
    }
}

/// Numbers that are the same in every run.
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number from 0 up to, not including, `limit`.
    mutating func next(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % limit
    }
}

/// The corpus beside the repository, where there is one.
enum EncodingCorpus {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/corpus").standardizedFileURL

    /// True when it is there; tests that need it are skipped otherwise.
    static var isThere: Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent("go").path)
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
    }

    /// Paths below a folder of the corpus, sorted.
    static func files(_ folder: String, suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent(folder).path
        ).filter { $0.hasSuffix(suffix) }.sorted().map { folder + "/" + $0 }
    }
}
