import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Detection of encodings")
struct EncodingDetectionTests {
    private let line = Array("2026-03-01 10:00:00 x: ".utf8)

    @Test(
        "A line in an old code page is read in it",
        arguments: [
            (
                [
                    0xCF, 0xB5, 0xCD, 0xB3, 0xD5, 0xD2, 0xB2, 0xBB, 0xB5, 0xBD,
                    0xD6, 0xB8, 0xB6, 0xA8, 0xB5, 0xC4, 0xCE, 0xC4, 0xBC, 0xFE,
                ], "系统找不到指定的文件", "gbk"
            ),
            ([0xB5, 0xDA, 0x20, 0x35, 0x20, 0xB8, 0xF6], "第 5 个", "gbk"),
            ([0x31, 0x39, 0x30, 0x81, 0x30, 0x85, 0x38, 0x73], "190µs", "gb18030"),
            ([0xDF, 0x42, 0xBD, 0xD3, 0xCA, 0xA7, 0x94, 0xA1], "連接失敗", "gbk"),
            (Array("Gr".utf8) + [0xF6, 0xDF] + Array("e".utf8), "Größe", "windows-1252"),
            (Array("caf".utf8) + [0xE9], "café", "windows-1252"),
            ([0x93] + Array("quoted".utf8) + [0x94], "“quoted”", "windows-1252"),
            (Array("don".utf8) + [0x92] + Array("t".utf8), "don’t", "windows-1252"),
            (Array("INFORMA".utf8) + [0xC7, 0xC3, 0x4F], "INFORMAÇÃO", "windows-1252"),
            (Array("20".utf8) + [0xB0] + Array("C".utf8), "20°C", "windows-1252"),
            (
                Array("Gr".utf8) + [0x94, 0xE1, 0x65, 0x20, 0x81] + Array("ber".utf8), "Größe über",
                "cp850"
            ),
            (
                Array("op".utf8) + [0x82] + Array("ration r".utf8) + [0x82] + Array("ussie".utf8),
                "opération réussie", "cp850"
            ),
        ] as [([UInt8], String, String)])
    func codePages(stored: [UInt8], text: String, name: String) {
        let result = Transcoded(line + stored + [0x0A])
        #expect(result.text == "2026-03-01 10:00:00 x: \(text)\n")
        #expect(result.names == [name])
        #expect(result.problems.count == 1)
        #expect(result.problems.first?.lostRecord == false)
    }

    @Test(
        "Valid UTF-8 passes as it is, whatever it would be in a code page",
        arguments: [
            "190µs", "Größe é", "Ошибка доступа", "ελληνικά", "中", "日本語 한국어", "łódź", "😀 …",
        ])
    func utf8(text: String) {
        let bytes = line + Array(text.utf8) + [0x0A]
        let result = Transcoded(bytes)
        #expect(result.bytes == bytes)
        #expect(result.names == ["utf-8"])
        #expect(result.problems.isEmpty)
    }

    @Test("A message in GBK behind a text in UTF-8 is read as both")
    func bothInALine() {
        var stored = StoredText()
        stored.add("执行失败：", as: .utf8)
        stored.add("远程主机关闭了连接。\n", as: .gbk)
        stored.add("took 190µs\n", as: .utf8)
        #expect(Transcoded(stored.bytes).text == stored.text)
    }

    @Test("A short run that could be both is read as the rest of its input is")
    func doubt() {
        // 系统 in GBK is sound UTF-8 as well.
        var stored = StoredText()
        stored.add("远程主机关闭了连接。\n系统\n", as: .gbk)
        #expect(Transcoded(stored.bytes).text == stored.text)
        #expect(Transcoded([0xCF, 0xB5, 0xCD, 0xB3, 0x0A]).names == ["utf-8"])
    }

    @Test("A UTF-8 line with a cut character stays UTF-8, and the rest of its bytes stay")
    func cutCharacter() {
        let text = Array("panic: ".utf8) + [0xE8, 0xAE] + Array("单入库失败:数据库连接被拒绝\n".utf8)
        let result = Transcoded(text)
        #expect(result.bytes == text)
        #expect(result.reasons == ["bytes that are not utf-8"])
        #expect(result.problems.first?.offset == 7)
    }

    @Test("Lines that are read alike are reported once for all that follow each other")
    func reports() {
        var stored = StoredText()
        stored.add("中文 first\n", as: .utf8)
        for _ in 0..<3 { stored.add("远程主机\nplain\n", as: .gbk) }
        stored.add("中文 again\n", as: .utf8)
        stored.add("远程主机\n", as: .gbk)
        let result = Transcoded(stored.bytes)
        #expect(result.text == stored.text)
        #expect(result.reasons == Array(repeating: "line is not utf-8; read as gbk", count: 2))
        #expect(result.problems.first?.offset == "中文 first\n".utf8.count)
        #expect(result.names == ["utf-8, gbk"])
    }

    @Test("UTF-16 is known by its mark, or by the NULs of its first line")
    func utf16() {
        for form in [StoredText.Form.utf16le, .utf16be] {
            for text in ["a\n", "\r\n\r\nx y\n", "2026 订单 ok\r\n", "订单服务启动\r\n", "no line end"] {
                for mark in [true, false] {
                    var stored = StoredText()
                    if mark { stored.mark(form == .utf16le ? [0xFF, 0xFE] : [0xFE, 0xFF]) }
                    stored.add(text, as: form)
                    let result = Transcoded(stored.bytes)
                    #expect(result.text == text, "\(form), mark \(mark)")
                    #expect(result.names == [form == .utf16le ? "utf-16le" : "utf-16be"])
                    #expect(result.problems.isEmpty)
                }
            }
        }
    }

    @Test("8-bit text with NULs in it stays 8-bit text")
    func nuls() {
        let hole = [UInt8](repeating: 0, count: 5000)
        let texts: [[UInt8]] = [
            hole + Array("text\n".utf8), Array("a\nb".utf8) + hole + Array("\nc\n".utf8),
            Array("one \0 NUL in a line\nand\0another\n".utf8), [0x41, 0x0A] + hole,
        ]
        for text in texts {
            let result = Transcoded(text)
            #expect(result.bytes == text)
            #expect(result.names == ["utf-8"])
        }
    }

    @Test("UTF-16LE that was appended to 8-bit text is read, with a mark and without")
    func appended() {
        for mark in [[0xFF, 0xFE], []] as [[UInt8]] {
            var stored = StoredText()
            stored.add("eight bits\n", as: .utf8)
            stored.mark(mark)
            stored.add("At line:1 char:1\r\n订单\r\nok\r\n", as: .utf16le)
            let result = Transcoded(stored.bytes)
            #expect(result.text == stored.text)
            #expect(result.reasons == ["encoding changes to utf-16le"])
            #expect(result.problems.first?.offset == 11)
            #expect(result.names == ["utf-8, utf-16le"])
        }
    }

    @Test("8-bit text behind UTF-16 is read again, and UTF-16 behind that")
    func backAgain() {
        var stored = StoredText()
        stored.mark([0xFF, 0xFE])
        stored.add("Get-Service 订单\r\n", as: .utf16le)
        stored.add("2026-03-01 10:00:00 the service goes on in bytes\nmore of 订单\n", as: .utf8)
        stored.add("and PowerShell again\r\n", as: .utf16le)
        let result = Transcoded(stored.bytes)
        #expect(result.text == stored.text)
        #expect(result.problems.count == 2)
        #expect(result.names == ["utf-16le, utf-8"])
    }

    @Test("UTF-16 that begins in the middle of a line changes nothing")
    func middleOfLine() {
        let text = Array("x ".utf8) + [0xFF, 0xFE] + Array("y\n".utf8)
        #expect(!Transcoded(text).reasons.contains { $0.contains("utf-16") })
    }

    @Test("A byte order mark in the middle of UTF-8 passes")
    func markInTheMiddle() {
        let text = Array("a\n\u{FEFF}b\n".utf8)
        #expect(Transcoded(text).bytes == text)
        #expect(Transcoded([0xEF, 0xBB, 0xBF] + text).bytes == text)
    }

    @Test("A lone surrogate and half a unit become U+FFFD and a problem each")
    func damagedUTF16() {
        let bytes: [UInt8] = [0xFF, 0xFE, 0x41, 0, 0x3D, 0xD8, 0x42, 0, 0x0A, 0, 0xA5, 0xDC, 0x43]
        let result = Transcoded(bytes)
        #expect(result.text == "A\u{FFFD}B\n\u{FFFD}\u{FFFD}")
        #expect(result.problems.map(\.offset) == [1, 6])
        #expect(result.places.last == bytes.count)
    }

    @Test("A complete line is out when its end is in")
    func liveLines() {
        let lines: [[UInt8]] = [
            Array("plain\n".utf8), Array("中文 é\n".utf8), Array("é\n".utf8),
            [0xD4, 0xB6, 0xB3, 0xCC, 0x0A], [0x4D, 0xFC, 0x6C, 0x6C, 0x0A], [0xFF, 0x41, 0x0A],
            [0xFF, 0xFE, 0x41, 0, 0x0A, 0], [0x41, 0, 0x0A, 0], [0x2D, 0x4E, 0x41, 0, 0x0A, 0],
        ]
        for line in lines {
            var transcoder = Transcoder(option: nil)
            var out: [UInt8] = []
            var map = OffsetMap()
            var problems: [Problem] = []
            line.withUnsafeBytes {
                transcoder.push($0, atEnd: false, into: &out, map: &map, problems: &problems)
            }
            #expect(out.last == 0x0A, "\(line)")
        }
    }

    @Test("A line without an end is not held back as a whole")
    func heldBytes() {
        var transcoder = Transcoder(option: nil)
        var out: [UInt8] = []
        var map = OffsetMap()
        var problems: [Problem] = []
        let part = Array("größer ".utf8.map { $0 == 0xC3 ? 0x20 : $0 == 0xB6 ? 0xF6 : $0 })
        for _ in 0..<40_000 {
            part.withUnsafeBytes {
                transcoder.push($0, atEnd: false, into: &out, map: &map, problems: &problems)
            }
        }
        #expect(out.count > 40_000 * part.count - (17 << 10))
    }
}
