import Foundation
import Testing
import WinnowKit

@testable import Decoders

@Suite("Lines of text")
struct TextFramerTests {
    @Test("Each line is a record, empty ones and one without a line end too")
    func everyLine() {
        let reading = TextReading("one\n\n\ttwo  \nthree")
        #expect(reading.messages == ["one", "", "\ttwo  ", "three"])
        #expect(reading.frames.map(\.offset) == [0, 4, 5, 12])
        #expect(TextReading("").frames.isEmpty)
        #expect(TextReading("\n").frames.count == 1)
    }

    @Test("A carriage return before a line feed belongs to the line end, others to the line")
    func carriageReturns() {
        let reading = TextReading("a\r\nb\rc\n\r\nd\r")
        // Nothing says that a line feed was to follow the last one.
        #expect(reading.messages == ["a", "b\rc", "", "d\r"])
        #expect(reading.lineBreak == .lf)
    }

    @Test(
        "When the first line end is a lone carriage return, both end lines",
        arguments: [[Int.max], [1], [2], [3]])
    func carriageReturnStyle(pieces: [Int]) {
        let reading = TextReading(Array("a\rb\r\rc\nd\r".utf8), pieces: pieces)
        #expect(reading.messages == ["a", "b", "", "c", "d"])
        #expect(reading.lineBreak == .cr)
    }

    @Test("A lone carriage return at the end of the data so far is undecided")
    func undecidedCarriageReturn() {
        let framer = TextFramer()
        var table = RecordTable()
        let consumed = Array("ab\r".utf8).withUnsafeBytes {
            framer.frame($0, atEnd: false, into: &table)
        }
        #expect(consumed == 0)
        #expect(table.records.isEmpty)
        #expect(framer.lineBreak == .lf)
    }

    private static let long = LineSplitter.maxLine

    /// Lengths of a line around the cap, and the pieces it comes in.
    @Test(
        "A line over the cap is one truncated record, and the next line is whole",
        arguments: [long - 1, long, long + 1, long + 2, long * 3],
        [[Int.max], [65_521], [long + 1]])
    func longLines(length: Int, pieces: [Int]) {
        for lineEnd in ["\n", "\r\n"] {
            let bytes =
                Array("first\n".utf8) + [UInt8](repeating: 0x78, count: length)
                + Array((lineEnd + "next\n").utf8)
            let reading = TextReading(bytes, pieces: pieces, decoding: false)
            #expect(reading.frames.count == 3)
            guard reading.frames.count == 3 else { return }
            #expect(reading.frames[1].length == min(length, Self.long))
            #expect(reading.frames[1].truncated == (length > Self.long))
            #expect(reading.frames[2].length == 4)
            #expect(reading.skipped == max(length - Self.long, 0))
        }
    }

    @Test("The rest of a line that is too long is not kept")
    func longLineIsNotBuffered() {
        let framer = TextFramer()
        var table = RecordTable()
        var kept = Array("first\n".utf8)
        let piece = [UInt8](repeating: 0x78, count: 300_000)
        for _ in 0..<40 {
            kept += piece
            let consumed = kept.withUnsafeBytes { framer.frame($0, atEnd: false, into: &table) }
            kept.removeFirst(consumed)
            #expect(kept.count <= LineSplitter.maxLine + 1)
        }
    }

    @Test("Eight NULs in a row are a hole, fewer are dirt in a line")
    func holes() {
        func reading(_ nuls: Int) -> TextReading {
            TextReading(
                Array("ab".utf8) + [UInt8](repeating: 0, count: nuls) + Array("cd\nef".utf8))
        }
        #expect(reading(7).messages == ["abcd", "ef"])
        #expect(reading(7).problems.isEmpty)
        #expect(reading(8).messages == ["ab", "cd", "ef"])
        #expect(reading(8).problems == ["2 a stretch of NUL bytes: a hole in the file"])
        #expect(reading(8).skipped == 8)
    }

    @Test("An endless hole is not kept, and reported once")
    func endlessHole() {
        let bytes = Array("a\n".utf8) + [UInt8](repeating: 0, count: 100_000)
        let reading = TextReading(bytes, pieces: [97])
        #expect(reading.frames.count == 1)
        #expect(reading.problems.count == 1)
        #expect(reading.skipped == 100_000)
    }

    @Test("A plain reading gives each line as it is, whatever it looks like")
    func plainLines() {
        let text = "\u{1B}[31mpanic: x\n\ngoroutine 1 [running]:\n2026-03-01 10:00:00.000: y\r\n"
        let decoder = TextDecoder(DecoderSettings(), plainLines: true)
        let reading = TextReading(Array(text.utf8), framer: decoder.makeFramer(), decoder: decoder)
        #expect(reading.records.allSatisfy { $0.kind == "text" })
        #expect(
            reading.messages == [
                "\u{1B}[31mpanic: x", "", "goroutine 1 [running]:", "2026-03-01 10:00:00.000: y",
            ])
    }

    @Test("Anything is claimed but an input that has not begun")
    func claims() {
        let decoder = TextDecoder(DecoderSettings())
        func claim(_ bytes: [UInt8], atEnd: Bool) -> Claim {
            bytes.withUnsafeBytes { decoder.claim($0, atEnd: atEnd) }
        }
        #expect(claim([], atEnd: false) == .undecided)
        #expect(claim([], atEnd: true) == .yes)
        #expect(claim([0, 0xFF], atEnd: false) == .yes)
    }

    @Test("A report over its cap is cut, the rest of it dropped and counted")
    func reportCap() {
        let frame = "main.wait(0x1)\n\t/srv/wait.go:3 +0x2\n"
        let text =
            "panic: x\n\ngoroutine 1 [running]:\n" + String(repeating: frame, count: 100)
            + "after\npanic: y\n"
        let bytes = Array(text.utf8)
        let whole = TextReading(bytes, framer: TextFramer(maxReport: 1000))
        #expect(whole.records.map(\.kind) == ["go.crash", "text", "go.crash"])
        #expect(whole.frames.first?.truncated == true)
        #expect((900...1000).contains(whole.frames.first?.length ?? 0))
        // Line ends are no bytes of a record.
        #expect(whole.skipped > 2300)
        for pieces in [[1], [13], [777]] {
            let cut = TextReading(bytes, pieces: pieces, framer: TextFramer(maxReport: 1000))
            #expect(cut == whole)
        }
    }

    @Test("A report that is followed by an endless line is let go")
    func reportBeforeEndlessLine() {
        let framer = TextFramer(maxReport: 10_000)
        var table = RecordTable()
        var kept = Array("panic: x\nmessage ".utf8)
        for _ in 0..<60 {
            kept += [UInt8](repeating: 0x78, count: 50_000)
            let consumed = kept.withUnsafeBytes { framer.frame($0, atEnd: false, into: &table) }
            kept.removeFirst(consumed)
        }
        #expect(kept.count < LineSplitter.maxLine)
        #expect(table.records.map(\.kind) == [TextKind.crash, TextKind.text])
    }

    @Test("A finished report waits for one line of another, a listing of all goroutines for more")
    func closing() {
        func consumed(_ text: String) -> Bool {
            var table = RecordTable()
            let framer = TextFramer()
            let count = Array(text.utf8).withUnsafeBytes {
                framer.frame($0, atEnd: false, into: &table)
            }
            return count == text.utf8.count
        }
        let one = "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:1 +0x1\n"
        let two = one + "\ngoroutine 2 [select]:\nmain.main()\n\t/srv/main.go:1 +0x1\n"
        let line = "2026/03/01 10:00:00 started\n"
        #expect(!consumed(one))
        #expect(consumed(one + line))
        #expect(consumed(one + "exit status 2\n"))
        #expect(!consumed(two + line))
        #expect(consumed(two + String(repeating: line, count: 17)))
        // Log time shows as well that nobody writes on.
        #expect(consumed(two + line + "2026/03/01 10:00:02 listening\n"))
    }
}
