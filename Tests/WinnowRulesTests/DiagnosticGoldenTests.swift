import Foundation
import Testing

@testable import WinnowRules

@Suite("Diagnostics")
struct DiagnosticGoldenTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/rules")

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }()

    /// What loading the packs of a folder says.
    static func said(in folder: URL) throws -> String {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        let packs = try files.map {
            PackText(
                path: $0, bytes: Array(try Data(contentsOf: folder.appendingPathComponent($0))))
        }
        let result = PackLoader.load(packs)
        return result.diagnostics.map { $0.rendered(color: false) + "\n\n" }.joined()
            + "rules loaded: \(result.plan.rules.count)\n"
    }

    @Test("A pack says what its fixture expects, to the byte", arguments: cases)
    func golden(name: String) throws {
        let folder = Self.folder.appendingPathComponent(name)
        let expected = folder.appendingPathComponent("expected.txt")
        let said = try Self.said(in: folder)
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try said.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)/expected.txt; look at it")
            return
        }
        #expect(said == (try? String(contentsOf: expected, encoding: .utf8)))
    }

    @Test("Every code stands in some fixture's expected text")
    func everyCodeIsShown() throws {
        // What `rules check` measures is no part of loading: its transcript shows it.
        let check = Self.folder.deletingLastPathComponent()
            .appendingPathComponent("transcripts/check-warnings/expected.txt")
        let all =
            try Self.cases.map {
                try String(
                    contentsOf: Self.folder.appendingPathComponent("\($0)/expected.txt"),
                    encoding: .utf8)
            }.joined() + String(contentsOf: check, encoding: .utf8)
        for code in DiagnosticCatalogue.codes {
            #expect(all.contains("[\(code)]"), "no fixture shows \(code)")
        }
    }

    @Test("Every code is explained, in a summary and more", arguments: DiagnosticCatalogue.codes)
    func explanation(code: String) throws {
        let text = try #require(DiagnosticCatalogue.explanation(code))
        let lines = text.split(separator: "\n")
        #expect(lines.count >= 3)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(DiagnosticCatalogue.explanation("W999") == nil)
    }

    @Test("Terminal sequences of a pack reach no terminal")
    func harmless() {
        let text = "pack: 1\n\u{202E}rules\u{9B}31m: 2\n"
        let result = PackLoader.load([PackText(path: "a\u{1B}[2J.yaml", bytes: Array(text.utf8))])
        #expect(!result.diagnostics.isEmpty)
        for diagnostic in result.diagnostics {
            let rendered = diagnostic.rendered(color: false)
            #expect(
                !rendered.unicodeScalars.contains {
                    $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}"
                })
            #expect(diagnostic.rendered(color: true).contains("\u{1B}["))
        }
    }
}
