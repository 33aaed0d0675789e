import Foundation
import Testing
import WinnowKit

@testable import WinnowEngine

@Suite(
    "Encodings of the corpus",
    .enabled(if: EncodingCorpus.isThere, "the corpus is not beside the repository"))
struct EncodingCorpusTests {
    /// Words that stand in the stored logs, in whatever encoding.
    private static let chinese = "panic: 订单入库失败:数据库连接被拒绝(错误码 10061)"
    private static let refused = "connectex: 由于目标计算机积极拒绝,无法连接。"

    @Test(
        "Chinese logs in every encoding hold what was logged",
        arguments: [
            ("utf8-bom", "utf-8", [chinese, refused]), ("utf8-cr", "utf-8", [chinese, refused]),
            ("gbk-crlf", "gbk", [chinese, refused]),
            ("gb18030", "gb18030", [refused, "190µs", "生僻字 𠮷 ㍿"]),
            ("mixed-utf8-gbk", "utf-8, gbk", [chinese, "ERROR VirtualAlloc: 页面文件太小,无法完成操作。"]),
            ("mixed-utf8-then-utf16le", "utf-8, utf-16le", [chinese, refused]),
            ("utf16le-bom-crlf", "utf-16le", [chinese, refused]),
            ("utf16le-nobom", "utf-16le", [refused]), ("utf16be-bom", "utf-16be", [refused]),
            ("nul-padded", "utf-8", [chinese, refused]), ("nul-embedded", "utf-8", [refused]),
            ("utf8-invalid", "utf-8, windows-1252", ["库失败:数据库连接被拒绝(错误码 10061)", "user=Müller"]),
        ] as [(String, String, [String])])
    func chineseLogs(name: String, encoding: String, words: [String]) throws {
        let result = Transcoded(try EncodingCorpus.bytes("go/encodings/\(name).txt"))
        for word in words { #expect(result.text.contains(word)) }
        #expect(result.names == [encoding])
        if name != "utf8-invalid" { #expect(!result.text.contains("\u{FFFD}")) }
    }

    @Test(
        "Damaged exports keep their text where it can be kept",
        arguments: [
            (
                "mixed-utf8-and-windows1252",
                ["Dienst „Öffner“ wurde gestört – Größe überschritten"], 1
            ),
            ("oem-cp850-no-declaration", ["Größe überschritten"], 1),
            ("invalid-utf8-bytes", ["McAfee Firewall"], 2), ("bom-only-utf8", [], 0),
            ("utf8-then-utf16le-appended", ["<EventRecordID>200150</EventRecordID>"], 1),
            ("declared-utf8-is-utf16le", ["<EventRecordID>200135</EventRecordID>"], 0),
            ("declared-utf16-is-utf8", ["<EventRecordID>200131</EventRecordID>"], 0),
            ("lone-surrogate-utf16le", ["💥", "\u{FFFD}"], 1), ("bom-only-utf16le", [], 0),
            ("truncated-odd-byte-utf16le", ["<EventRecordID>200017</EventRecordID>"], 1),
            ("utf16le-without-bom", ["<EventRecordID>200123</EventRecordID>"], 0),
            ("utf16be-bom", ["<EventRecordID>200127</EventRecordID>"], 0), ("empty", [], 0),
        ] as [(String, [String], Int)])
    func damagedExports(name: String, words: [String], problems: Int) throws {
        let result = Transcoded(try EncodingCorpus.bytes("winevent/damaged/\(name).xml"))
        for word in words { #expect(result.text.contains(word), "\(word)") }
        #expect(result.problems.count == problems, "\(result.reasons)")
    }

    @Test("Undamaged exports and crash logs pass byte for byte, or are UTF-16 as it says")
    func undamaged() throws {
        let crashes = "go/crash/windows-amd64/go1.27.3"
        let files =
            try EncodingCorpus.files("winevent/real", suffix: ".xml")
            + EncodingCorpus.files("winevent/synthetic", suffix: ".xml")
            + EncodingCorpus.files("winevent/converted", suffix: "utf16le.xml")
            + EncodingCorpus.files("go/encodings/wrapped", suffix: "")
            + EncodingCorpus.files(crashes, suffix: ".txt").prefix(20)
        for file in files {
            let stored = try EncodingCorpus.bytes(file)
            let result = Transcoded(stored, sizes: [65_536])
            if stored.starts(with: [0xFF, 0xFE]) {
                let text = String(
                    bytes: stored.dropFirst(2), encoding: .utf16LittleEndian)
                #expect(result.text == text, "\(file)")
            } else {
                let body = stored.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
                #expect(result.bytes.elementsEqual(stored[body...]), "\(file)")
            }
            #expect(result.problems.isEmpty, "\(file)")
        }
    }

    @Test("Small files of the corpus give the same however they are cut")
    func cuts() throws {
        let files =
            try EncodingCorpus.files("go/encodings", suffix: ".txt")
            + EncodingCorpus.files("winevent/damaged", suffix: ".xml")
        for file in files {
            let stored = try EncodingCorpus.bytes(file)
            guard stored.count < 20_000 else { continue }
            let whole = Transcoded(stored)
            for sizes in [[1], [3], [4096, 1, 77]] {
                #expect(Transcoded(stored, sizes: sizes) == whole, "\(file) by \(sizes)")
            }
        }
    }
}
