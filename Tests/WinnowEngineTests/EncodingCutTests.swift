import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Cuts between reads")
struct EncodingCutTests {
    /// Inputs that change their encoding, are damaged, or both; each shorter than 400 bytes.
    private static let samples: [(name: String, bytes: [UInt8])] = {
        var mixed = StoredText()
        mixed.mark([0xEF, 0xBB, 0xBF])
        mixed.add("a\r\n远程 é\n", as: .utf8)
        mixed.add("x 系统 远程主机关闭了连接。\r\n", as: .gbk)
        mixed.add("„Öl“ größer\n", as: .windows1252)
        mixed.mark([0xFF, 0xFE])
        mixed.add("远程 x 𠮷\r\nab\n", as: .utf16le)
        mixed.add("2026-03-01 10:00:00 eight bits again\n", as: .utf8)
        mixed.add("appended \n", as: .utf16le)
        mixed.add("é end", as: .utf16le)
        var bare = StoredText()
        bare.add("\r\n2026 系统 𠮷\n 远程\n\nx", as: .utf16le)
        var big = StoredText()
        big.mark([0xFE, 0xFF])
        big.add("2026 系统 𠮷\n 远程\n\nx", as: .utf16be)
        let damaged: [UInt8] =
            Array("ok\nuser=M".utf8) + [0xFC] + Array("ller ".utf8)
            + [0xFF, 0xFE, 0xC3, 0x28, 0x20, 0xED, 0xA0, 0x80, 0x0A, 0xFF] + [
                0x0A, 0xE8, 0xAE, 0x0A,
            ]
            + [0xE8, 0xAE, 0xE5, 0x8D, 0x95, 0xE5, 0x85, 0xA5, 0x0A, 0x61, 0x00, 0x62, 0x00, 0x0A]
            + [0x00, 0x00, 0x41, 0x00, 0x0A, 0x81, 0x30, 0x85, 0x38, 0x73, 0x0A, 0xF0, 0x9F, 0x92]
        let oddEnd =
            bare.bytes + [0x3D, 0xD8, 0x41, 0x00, 0x00, 0xDC, 0x0A, 0x00, 0x3D, 0xD8, 0x0A]
        return [
            ("mixed", mixed.bytes), ("utf-16le without mark", bare.bytes),
            ("utf-16be", big.bytes), ("damaged", damaged), ("damaged utf-16", oddEnd),
            ("marks only", [0xEF, 0xBB]),
            ("NULs", [UInt8](repeating: 0, count: 40) + [0x0A, 0x41]),
            ("empty", []),
        ]
    }()

    @Test("Results do not depend on where one cut falls")
    func everyCut() {
        for (name, bytes) in EncodingCutTests.samples {
            let whole = Transcoded(bytes)
            for cut in 0..<max(1, bytes.count) {
                let parts = Transcoded(bytes, sizes: [max(1, cut), .max])
                #expect(parts == whole, "\(name), cut at \(cut)")
            }
        }
    }

    @Test("Results do not depend on the size of reads", arguments: [1, 2, 3, 5, 7, 16, 61])
    func everySize(size: Int) {
        for (name, bytes) in EncodingCutTests.samples {
            #expect(Transcoded(bytes, sizes: [size]) == Transcoded(bytes), "\(name) by \(size)")
        }
    }

    @Test(
        "Results with an encoding by option do not depend on the size of reads",
        arguments: ["utf-8", "utf-16le", "utf-16be", "gbk", "windows-1252", "shift_jis", "utf-7"])
    func options(option: String) {
        for (name, bytes) in EncodingCutTests.samples {
            let whole = Transcoded(bytes, option: option)
            for size in [1, 2, 3, 7] {
                let parts = Transcoded(bytes, option: option, sizes: [size])
                #expect(parts == whole, "\(name) by \(size)")
            }
        }
    }

    @Test("Random bytes in random pieces give the same results as at once")
    func random() {
        let alphabets: [[UInt8]] = [
            [0x00, 0x0A, 0x0D, 0x41, 0x20, 0xFF, 0xFE, 0xEF, 0xBB, 0xBF],
            [0x0A, 0x41, 0x00, 0x42, 0x00, 0x43, 0x00],
            [0xC4, 0xA3, 0xD6, 0xD0, 0x81, 0x30, 0x61, 0x0A, 0x20, 0xE4, 0xB8, 0xAD],
            [0x61, 0xFC, 0x62, 0xDF, 0x20, 0x0A, 0x94, 0xE1, 0xC3, 0xB6],
            Array(0...255),
        ]
        for seed in 1...60 {
            var numbers = SeededNumbers(UInt64(seed))
            let alphabet = alphabets[seed % alphabets.count]
            let bytes = (0..<(50 + numbers.next(400))).map { _ in
                alphabet[numbers.next(alphabet.count)]
            }
            let sizes = (0..<17).map { _ in 1 + numbers.next(9) }
            #expect(Transcoded(bytes, sizes: sizes) == Transcoded(bytes), "seed \(seed)")
        }
    }

    @Test("Long lines without an end are judged in parts that no cut moves")
    func longLines() {
        var german = StoredText()
        german.add("x ", as: .utf8)
        for _ in 0..<2500 { german.add("größer für é und Öl ", as: .windows1252) }
        var hanzi = StoredText()
        for _ in 0..<9000 { hanzi.add("远程主", as: .gbk) }
        let longRun = Array(String(repeating: "中文", count: 9000).utf8)
        let garbage = [UInt8](repeating: 0xFF, count: 40_000)
        for bytes in [german.bytes, hanzi.bytes, longRun, garbage, longRun + hanzi.bytes] {
            let whole = Transcoded(bytes)
            for sizes in [[4096], [16_384], [16_383, 1], [30_000, 7]] {
                #expect(Transcoded(bytes, sizes: sizes) == whole)
            }
        }
        #expect(Transcoded(german.bytes).text == german.text)
        #expect(Transcoded(hanzi.bytes).text == hanzi.text)
        #expect(Transcoded(longRun).bytes == longRun)
    }
}
