import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Offsets of stored bytes")
struct EncodingOffsetTests {
    /// Every character must lead back to where its bytes stand.
    private func check(_ stored: StoredText, option: String? = nil, _ comment: Comment) {
        let result = Transcoded(stored.bytes, option: option)
        #expect(result.text == stored.text, comment)
        guard result.text == stored.text else { return }
        for character in stored.characters {
            let (utf8, stored) = character
            #expect(result.places[utf8.lowerBound] == stored.lowerBound, comment)
            #expect(result.ends[utf8.upperBound] == stored.upperBound, comment)
        }
    }

    @Test("Every character of every encoding leads back to its stored bytes")
    func everyEncoding() {
        let line = "2026-03-01 10:00:00 ERROR open "
        let tails: [(StoredText.Form, String, String?)] = [
            (.utf8, "远程主机 é 𠮷\r\n", nil), (.utf16le, "远程主机 é 𠮷 x\r\n", nil),
            (.utf16be, "远程主机 é 𠮷 x\r\n", nil), (.gbk, "远程主机关闭了连接。\r\n", nil),
            (.gbk, "镕接 𠮷\r\n", "gbk"), (.windows1252, "„Öl“ – größer für é\r\n", nil),
            (.windows1252, "é\r\n", "windows-1252"), (.utf16le, "x é\n", "utf-16le"),
        ]
        for (form, tail, option) in tails {
            var stored = StoredText()
            for _ in 0..<5 { stored.add(line + tail, as: form) }
            check(stored, option: option, "\(form)")
        }
    }

    @Test("A byte order mark and a change of encoding shift the places behind them")
    func marks() {
        var stored = StoredText()
        stored.mark([0xEF, 0xBB, 0xBF])
        stored.add("first é 远\n", as: .utf8)
        stored.mark([0xFF, 0xFE])
        stored.add("second line é 远\r\n", as: .utf16le)
        stored.add("third line goes on in 8 bits, longer than a row of hanzi\n", as: .utf8)
        stored.add("fourth 远程主机关闭了连接。\n", as: .gbk)
        check(stored, "mixed")
    }

    @Test("Text that is mixed at random leads back to its stored bytes")
    func random() {
        for seed in 1...40 {
            var numbers = SeededNumbers(UInt64(seed))
            var stored = StoredText()
            if numbers.next(2) == 0 { stored.mark([0xEF, 0xBB, 0xBF]) }
            stored.add("the first line says nothing\n", as: .utf8)
            for _ in 0..<12 {
                switch numbers.next(4) {
                case 0: stored.add("2026 远程主机关闭了连接。 远程\n", as: .utf8)
                case 1: stored.add("2026 远程主机关闭了连接。 远程\n", as: .gbk)
                case 2:
                    stored.mark([0xFF, 0xFE])
                    stored.add("2026 远程 x\r\nwhole lines of UTF-16\r\n", as: .utf16le)
                    stored.add("and back to bytes of eight bits again\n", as: .utf8)
                default: stored.add("nothing but ASCII \(numbers.next(1000))\n", as: .utf8)
                }
            }
            check(stored, "seed \(seed)")
        }
    }

    @Test("UTF-8 that is passed through is one stretch, however long")
    func identityIsCompact() {
        var transcoder = Transcoder(option: nil)
        var out: [UInt8] = []
        var map = OffsetMap()
        var problems: [Problem] = []
        let line = Array("plain text, and 中文 é as well\n".utf8)
        for _ in 0..<1000 {
            line.withUnsafeBytes {
                transcoder.push(
                    $0, atEnd: false, into: &out, map: &map, problems: &problems)
            }
        }
        #expect(map.count == 1)
        #expect(out.count == 1000 * line.count)
    }

    @Test("What is dropped from the map changes no place behind it")
    func dropping() {
        var stored = StoredText()
        for _ in 0..<20 { stored.add("2026-03-01 远程主机关闭了连接。 x\n", as: .gbk) }
        var transcoder = Transcoder(option: nil)
        var out: [UInt8] = []
        var map = OffsetMap()
        var problems: [Problem] = []
        stored.bytes.withUnsafeBytes {
            transcoder.push($0, atEnd: true, into: &out, map: &map, problems: &problems)
        }
        let half = stored.characters[stored.characters.count / 2]
        let before = map.count
        map.drop(before: half.utf8.lowerBound)
        #expect(map.count < before)
        for (utf8, stored) in stored.characters where utf8.lowerBound >= half.utf8.lowerBound {
            #expect(map.storedOffset(of: utf8.lowerBound) == stored.lowerBound)
        }
    }
}
