import Testing
import WinnowKit

@testable import Decoders

/// What carriers put around lines.
@Suite("Carriers")
struct CarrierTests {
    private func open(_ line: String) -> (text: String, time: String?, partial: Bool) {
        let carrier = Carrier()
        return Array(line.utf8).withUnsafeBytes {
            let carried = carrier.open($0)
            return (
                String(decoding: carried.text, as: UTF8.self), carried.time?.rfc3339,
                carried.isPartial
            )
        }
    }

    @Test(
        "A carrier's prefix is taken off and its time kept",
        arguments: [
            ("2026-03-01 10:00:00.123: panic: x", "panic: x", "2026-03-01T10:00:00.123Z"),
            ("2026-03-01 10:00:00.123 panic: x", "panic: x", "2026-03-01T10:00:00.123Z"),
            ("2026-03-01 10:00:00.123: \tindented", "\tindented", "2026-03-01T10:00:00.123Z"),
            ("2026-03-01 10:00:00.123: ", "", "2026-03-01T10:00:00.123Z"),
            ("2026-03-01 10:00:00.123:", "", "2026-03-01T10:00:00.123Z"),
            ("2026-03-01T10:00:00.5Z stderr F x y", "x y", "2026-03-01T10:00:00.5Z"),
            ("2026-03-01T10:00:00.5Z stdout F ", "", "2026-03-01T10:00:00.5Z"),
            ("2026-03-01T10:00:00+08:00 node app[7]: x", "x", "2026-03-01T02:00:00Z"),
            (
                #"{"log":"a \"b\"\u00e9\ud83d\ude00\n","stream":"stderr","time":"2026-03-01T10:00:00Z"}"#,
                "a \"b\"é😀", "2026-03-01T10:00:00Z"
            ),
            (
                #"{"@timestamp":"2026-03-01T10:00:00.000Z","log":{"offset":0},"message":"x\ty"}"#,
                "x\ty", "2026-03-01T10:00:00Z"
            ),
        ])
    func timed(line: String, text: String, time: String) {
        #expect(open(line).text == text)
        #expect(open(line).time == time)
    }

    @Test(
        "A prefix without a whole time is taken off as well",
        arguments: [
            ("web-1  | x", "x"), ("my_web_12 | \tx", "\tx"), ("web-1  |", ""),
            ("Mar 01 10:00:00 node-7 pump[4711]: x", "x"),
            ("Mar  1 10:00:00 node-7 kernel: x", "x"),
            ("3月 01 10:00:00 node-7 pump[4711]: x", "x"),
            ("1. März 10:00:00 node-7 pump[4711]: x", "x"),
            ("févr. 23 10:00:00 node-7 pump.service[1]:", ""),
            ("\u{1B}[32mx\u{1B}[0m\u{1B}[K", "x"), ("\u{1B}]0;title\u{07}x", "x"),
            ("\u{1B}]0;title\u{1B}\\x", "x"), ("\u{FEFF}x\0y", "xy"), ("a\u{1B}", "a"),
            ("\u{1B}]never ended", "never ended"),
        ])
    func untimed(line: String, text: String) {
        #expect(open(line).text == text)
        #expect(open(line).time == nil)
    }

    @Test(
        "What a program wrote itself stays",
        arguments: [
            "2026/03/01 10:00:00 x", "2026-03-01T10:00:00Z INFO x", "2026-03-01 10:00:00 x",
            "2026-03-01 10:00:00.123x", "2026-03-01 10:61:00.123: x",
            #"{"time":"2026-03-01T10:00:00Z","level":"INFO","msg":"x","log":"y"}"#,
            #"{"log":"x","level":"INFO"}"#,
            #"{"log.level":"info","@timestamp":"2026-03-01T10:00:00Z","message":"x","log":{}}"#,
            #"{"@timestamp":"2026-03-01T10:00:00Z","message":"x"}"#, #"{"log":"#, "{",
            "I0301 10:00:00.123456    1 x.go:1] x", "a | b", "panic: x | y", "web | x",
            "[GIN] 2026/03/01 - 10:00:00 | 200", "Mar 01 10:00:00 x", "level-1 x",
            "one 2 10:00:00 host unit without colon",
        ])
    func own(line: String) {
        #expect(open(line).text == line)
        #expect(open(line).time == nil)
    }

    @Test("A partial line says so")
    func partial() {
        #expect(open("2026-03-01T10:00:00Z stderr P x").partial)
        #expect(!open("2026-03-01T10:00:00Z stderr F x").partial)
        #expect(open(#"{"log":"x","stream":"stderr","time":"2026-03-01T10:00:00Z"}"#).partial)
    }

    @Test("A prefix cut anywhere is no prefix or a shorter text, and nothing is read beyond it")
    func cuts() {
        for line in [
            "2026-03-01 10:00:00.123: x", "2026-03-01T10:00:00.5Z stderr F x", "web-1  | x",
            "Mar 01 10:00:00 node-7 pump[4711]: x", "1. März 10:00:00 node-7 pump[4711]: x",
            #"{"log":"a\u00e9\n","stream":"stderr","time":"2026-03-01T10:00:00Z"}"#,
        ] {
            for end in 0...line.utf8.count {
                let carrier = Carrier()
                let bytes = Array(line.utf8.prefix(end))
                let count = bytes.withUnsafeBytes { carrier.open($0).text.count }
                #expect(count <= end)
            }
        }
    }
}
