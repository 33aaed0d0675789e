import Foundation
import Testing
import WinnowKit

@testable import Decoders

/// A log of the corpus that lies beside the repository, with what its manifest knows of it.
private struct CorpusLog: Sendable, CustomTestStringConvertible {
    var name: String
    /// Reports in order, each fact as text; a fact that the log's bytes do not hold is left out.
    var events: [[String: String]]

    var testDescription: String { name }

    var url: URL { TextPlace.goCorpus.appendingPathComponent(name) }

    func bytes() throws -> [UInt8] {
        let bytes = try TextPlace.bytes(url)
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// Single logs in UTF-8; rotated ones are the engine's to join.
    static let all: [CorpusLog] = {
        guard
            let data = try? Data(
                contentsOf: TextPlace.goCorpus.appendingPathComponent("manifest.json")),
            let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let entries = manifest["entries"] as? [[String: Any]]
        else { return [] }
        let rotated = Set(
            entries.compactMap { $0["files"] as? [String] }.filter { $0.count > 1 }.joined())
        return entries.compactMap { entry in
            guard let name = entry["file"] as? String, !rotated.contains(name),
                let encoding = entry["encoding"] as? String, encoding.hasPrefix("utf-8"),
                !encoding.contains("utf-16"), !encoding.contains("gbk"),
                let truth = entry["truth"] as? [String: Any], truth["see_sequence"] == nil
            else { return nil }
            let events = truth["events"] as? [[String: Any]] ?? []
            return CorpusLog(name: name, events: events.map(facts))
        }
    }()

    /// Facts by the name of the field that must hold them.
    private static func facts(_ event: [String: Any]) -> [String: String] {
        var facts: [String: String] = [:]
        let kind = event["kind"] as? String ?? ""
        // The corpus says `recovered` for both ways to recover, and `signal` for what they are.
        if kind != "recovered" { facts["error.type"] = kind }
        if let message = event["message"] as? String { facts["error.message"] = plain(message) }
        if kind != "data race", let count = event["goroutines"] as? Int {
            facts["go.goroutine.count"] = String(count)
        }
        if let state = event["first_state"] as? String {
            facts["go.goroutine.state"] = state.components(separatedBy: ",")[0]
        }
        facts["go.frame.function"] = (event["first_user_func"] as? String ?? "")
            .replacingOccurrences(of: "%2e", with: ".")
        let place = (event["first_user_file"] as? String ?? "").components(separatedBy: ":")
        facts["go.frame.file"] = place.dropLast().joined(separator: ":")
        facts["go.frame.line"] = place.count > 1 ? place.last : ""
        return facts
    }

    /// A message without what may differ: terminal codes, NUL, tabs before continuation lines.
    static func plain(_ message: String) -> String {
        message.replacingOccurrences(
            of: "\u{1B}\\[[0-9;]*[A-Za-z]|[\0\u{FFFD}]", with: "", options: .regularExpression
        ).replacingOccurrences(of: "\r\n", with: "\n")
            .replacingOccurrences(of: "\n\t+", with: "\n", options: .regularExpression)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What of the facts `crashes` do not say.
    func mistakes(_ crashes: [[String: Any]], in text: String) -> [String] {
        guard crashes.count == events.count else {
            return ["\(name): \(crashes.count) reports for \(events.count)"]
        }
        var found: [String] = []
        for (fields, facts) in zip(crashes, events) {
            for (field, wanted) in facts where wanted.isEmpty || holds(text, wanted, field) {
                var value = fields[field].map { "\($0)" } ?? ""
                if field == "error.message" { value = Self.plain(value) }
                // Long messages are cut in the manifest.
                let isSame = wanted.utf8.count >= 190 ? value.hasPrefix(wanted) : value == wanted
                if !isSame { found.append("\(name): \(field) is \(value), not \(wanted)") }
            }
        }
        return found
    }

    /// Whether a log holds the words of a fact; what was cut out of it cannot be asked for.
    private func holds(_ text: String, _ wanted: String, _ field: String) -> Bool {
        switch field {
        case "go.frame.function", "go.frame.file", "go.frame.line": text.contains(wanted)
        case "error.message":
            wanted.isEmpty || text.contains(wanted.components(separatedBy: "\n")[0])
        default: true
        }
    }
}

@Suite(
    "Go reports of the corpus",
    .enabled(if: !CorpusLog.all.isEmpty, "there is no ../shared/corpus beside the repository"))
struct GoCrashCorpusTests {
    private func mistakes(
        _ logs: [CorpusLog], _ change: ([UInt8]) -> [UInt8] = { $0 }
    ) throws -> [String] {
        try logs.flatMap { log in
            let bytes = try log.bytes()
            let text = String(decoding: bytes, as: UTF8.self)
            return log.mistakes(TextReading(change(bytes)).crashes, in: text)
        }
    }

    @Test("Every log gives the reports that are in it, and no other")
    func everyLog() throws {
        #expect(try mistakes(CorpusLog.all) == [])
    }

    @Test("Every log gives the same reports behind NSSM's time stamps")
    func stamped() throws {
        // Whole carriers within a carrier do not occur, nor do lines end at CR alone under NSSM.
        let logs = CorpusLog.all.filter { !$0.name.hasPrefix("encodings/wrapped/") }
        let found = try mistakes(logs) { bytes in
            var out: [UInt8] = []
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                out += Array("2026-03-01 10:00:00.000: ".utf8) + line + [0x0A]
            }
            return out
        }
        #expect(found == [])
    }

    @Test("A log cut at any byte into two reads gives the same records")
    func cuts() throws {
        let small = try CorpusLog.all.filter {
            try !$0.events.isEmpty && $0.bytes().count < 900
        }
        let sample = stride(from: 0, to: small.count, by: max(small.count / 50, 1)).map {
            small[$0]
        }
        for log in sample {
            let bytes = try log.bytes()
            let whole = TextReading(bytes, decoding: false)
            for cut in 1..<bytes.count {
                let reading = TextReading(bytes, pieces: [cut, .max], decoding: false)
                guard reading == whole else {
                    Issue.record("\(log.name) cut at \(cut)")
                    break
                }
            }
        }
    }
}
