import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Files of a rotated log")
struct EncodingSegmentTests {
    @Test("A character that two files share comes out whole, and the places begin again at 0")
    func sharedCharacter() {
        let text = Array("ab中c\n中d\n".utf8)
        for cut in 0...text.count {
            let files = [Array(text[..<cut]), Array(text[cut...])]
            let result = Transcoded(files)
            #expect(result.bytes == text, "cut at \(cut)")
            #expect(result.problems.isEmpty, "cut at \(cut)")
            for offset in 0..<text.count where text[offset] < 0x80 {
                let place = offset < cut ? offset : offset - cut
                #expect(result.places[offset] == place, "cut at \(cut), offset \(offset)")
            }
        }
    }

    @Test("UTF-16 and GBK go on over the cut")
    func otherEncodings() {
        var wide = StoredText()
        wide.mark([0xFF, 0xFE])
        wide.add("2026 远程 𠮷 x\r\n", as: .utf16le)
        for cut in 2..<wide.bytes.count {
            let files = [Array(wide.bytes[..<cut]), Array(wide.bytes[cut...])]
            #expect(Transcoded(files).text == wide.text, "cut at \(cut)")
        }
        var hanzi = StoredText()
        hanzi.add("x 远程\n", as: .gbk)
        for cut in 0..<hanzi.bytes.count {
            let files = [Array(hanzi.bytes[..<cut]), Array(hanzi.bytes[cut...])]
            #expect(Transcoded(files, option: "gbk").text == hanzi.text, "cut at \(cut)")
        }
    }

    @Test("Each file's byte order mark is taken off, and says how that file is encoded")
    func marks() {
        var wide = StoredText()
        wide.mark([0xFF, 0xFE])
        wide.add("second 订单\n", as: .utf16le)
        let files: [[UInt8]] = [
            [0xEF, 0xBB, 0xBF] + Array("first é\n".utf8), wide.bytes,
            [0xEF, 0xBB, 0xBF] + Array("third é\n".utf8), [], Array("fourth".utf8),
        ]
        let result = Transcoded(files)
        #expect(result.text == "first é\nsecond 订单\nthird é\nfourth")
        #expect(result.problems.isEmpty)
        #expect(result.names == ["utf-8", "utf-16le", "utf-8", "utf-8", "utf-8"])
        let second = "first é\n".utf8.count
        #expect(result.places[second] == 2)
        // The end of the first file is not the beginning of the second.
        #expect(result.ends[second] == 3 + second)
        for sizes in [[1], [2], [3, 5]] {
            #expect(Transcoded(files, sizes: sizes) == result)
        }
    }

    @Test("A first file without a line end is out when it ends")
    func shortFile() {
        var transcoder = Transcoder(option: nil)
        var out: [UInt8] = []
        var map = OffsetMap()
        var problems: [Problem] = []
        for file in [Array("no end".utf8), [0x4D, 0xFC]] {
            file.withUnsafeBytes {
                transcoder.push($0, atEnd: false, into: &out, map: &map, problems: &problems)
            }
            transcoder.endSegment(into: &out, map: &map, problems: &problems)
            transcoder.nextSegment()
        }
        #expect(String(decoding: out, as: UTF8.self) == "no endMü")
    }

    @Test("A file in 8 bits behind one in UTF-16 is read, and the other way round")
    func changes() {
        var wide = StoredText()
        wide.add("whole lines of UTF-16 订单\r\n", as: .utf16le)
        let narrow = Array("2026-03-01 10:00:00 a line of eight bits\n".utf8)
        let expected = String(decoding: narrow, as: UTF8.self)
        #expect(Transcoded([wide.bytes, narrow]).text == wide.text + expected)
        #expect(Transcoded([narrow, wide.bytes]).text == expected + wide.text)
        #expect(Transcoded([[], wide.bytes]).text == wide.text)
    }
}

@Suite("Encodings by option")
struct EncodingOptionTests {
    @Test(
        "The names that people, Windows and iconv use are known",
        arguments: [
            ("UTF-8", "utf-8"), ("utf_8", "utf-8"), ("utf-16", "utf-16le"),
            ("UTF-16LE", "utf-16le"),
            ("cp936", "gbk"), ("936", "gbk"), ("GB2312", "gbk"), ("gb18030", "gb18030"),
            ("cp1252", "windows-1252"), ("latin1", "windows-1252"), ("850", "cp850"),
            ("cp437", "cp437"), ("windows-1251", "windows-1251"), ("Shift_JIS", "shift_jis"),
            ("big5", "big5"), ("utf-32", "utf-32"), ("KOI8-R", "koi8-r"),
        ])
    func names(name: String, word: String) {
        #expect(StoredEncoding(name: name)?.name == word)
    }

    @Test(
        "Other names are refused",
        arguments: ["", "auto", "utf-9", "gbk//TRANSLIT", "../x", "a\0b", "99999"])
    func unknownNames(name: String) {
        #expect(StoredEncoding(name: name) == nil)
    }

    @Test(
        "Bytes are read as the option says",
        arguments: [
            ("cp850", [0x47, 0x72, 0x94, 0xE1, 0x65], "Größe"),
            ("shift_jis", [0x83, 0x47, 0x83, 0x89, 0x81, 0x5B, 0x5C], "エラー\\"),
            ("windows-1251", [0xCE, 0xF8, 0xE8, 0xE1, 0xEA, 0xE0], "Ошибка"),
            ("utf-16le", [0xFF, 0xFE, 0x41, 0x00], "A"),
            ("utf-16le", [0xFE, 0xFF, 0x00, 0x41], "A"),
            ("utf-8", [0xEF, 0xBB, 0xBF, 0x41], "A"),
            ("utf-32", [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0, 0x2D, 0x4E, 0, 0], "A中"),
            ("iso-2022-jp", [0x61, 0x1B, 0x24, 0x42, 0x25, 0x28, 0x1B, 0x28, 0x42, 0x62], "aエb"),
            ("utf-7", Array("a+Ti0-b".utf8), "a中b"),
            ("ibm037", [0xC5, 0xD9, 0xD9], "ERR"),
            ("gbk", [0xFF, 0x41, 0xD6, 0xD0, 0xD6], "\u{FFFD}A中\u{FFFD}"),
        ] as [(String, [UInt8], String)])
    func read(option: String, stored: [UInt8], text: String) {
        let result = Transcoded(stored, option: option)
        #expect(result.text == text)
        #expect(result.problems.count == (text.contains("\u{FFFD}") ? 1 : 0))
        #expect(result.ends.last == stored.count || option == "iso-2022-jp" || option == "utf-7")
    }

    @Test("With utf-8 by option nothing is guessed, and bytes that are not stay")
    func onlyUTF8() {
        let bytes = Array("a é ".utf8) + [0xF6, 0x72, 0x0A] + [0xFF, 0xFE, 0x41, 0x00, 0x0A]
        let result = Transcoded(bytes, option: "utf-8")
        #expect(result.bytes == bytes)
        #expect(result.reasons == ["bytes that are not utf-8"])
    }
}
