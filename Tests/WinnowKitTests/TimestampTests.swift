import Testing
import WinnowKit

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "ISO times are read and printed as the same instant",
        arguments: [
            ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
            ("2026-03-01T10:00:00.123456789Z", "2026-03-01T10:00:00.123456789Z"),
            ("2026-03-01T10:00:00.1234567Z", "2026-03-01T10:00:00.1234567Z"),
            ("2026-03-01 10:00:00", "2026-03-01T10:00:00Z"),
            ("2026-03-01T10:00:00,5+08:00", "2026-03-01T02:00:00.5Z"),
            ("2026-03-01T10:00:00-0330", "2026-03-01T13:30:00Z"),
            ("1601-01-01T00:00:00.0000000Z", "1601-01-01T00:00:00Z"),
            ("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
        ])
    func roundTrip(text: String, expected: String) {
        #expect(Timestamp(iso8601: text)?.rfc3339 == expected)
    }

    @Test(
        "What is no time gives none",
        arguments: [
            "", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z",
            "2026-03-01T10:00:00Zx", "2026-03-01T10:00", "not a time at all, really",
        ])
    func refused(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("Advancing crosses seconds in both directions")
    func advance() {
        let time = Timestamp(seconds: 10, nanoseconds: 500_000_000)
        #expect(time.advanced(byNanoseconds: -600_000_000).rfc3339 == "1970-01-01T00:00:09.9Z")
        #expect(time.advanced(byNanoseconds: 600_000_000).rfc3339 == "1970-01-01T00:00:11.1Z")
    }
}

@Suite("JSON and safe text")
struct SafeTextTests {
    private func json(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        bytes.withUnsafeBytes { JSONWriter.string($0, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    @Test("Nothing that steers a terminal or breaks a line passes into JSON")
    func escapes() {
        let hostile = "a\u{1b}[2J\u{7}\r\n\t\"\\\u{9b}\u{202e}\u{2028}\u{7f}é"
        #expect(
            json(Array(hostile.utf8))
                == #""a\u001b[2J\u0007\r\n\t\"\\\u009b\u202e\u2028\u007fé""#)
    }

    @Test("Bytes that are no UTF-8 become U+FFFD, one each")
    func invalid() {
        let text = json([0x61, 0xFF, 0xC3, 0x62, 0xED, 0xA0, 0x80])
        #expect(text == "\"a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\"")
    }

    @Test("A cut never splits a character", arguments: 0...12)
    func cut(limit: Int) {
        let text = "aé漢💥b"
        let cut = Array(text.utf8).withUnsafeBytes { UTF8Text.prefix($0, limit: limit) }
        #expect(cut.utf8.count <= limit)
        #expect(text.hasPrefix(cut))
        #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test("A line for a person stays one line")
    func oneLine() {
        #expect(SafeText.escapedLine("a\nb\tc\u{1b}d") == "a\\nb c\\u{1b}d")
    }
}

@Suite("Digests")
struct DigestTests {
    @Test("SHA-256 of `abc` is the one of FIPS 180-4")
    func abc() {
        let digest = Array("abc".utf8).withUnsafeBytes { Digest.sha256($0) }
        #expect(
            Digest.hex(digest)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

@Suite("Field tables")
struct FieldTableTests {
    @Test("A repeated name is one list, in order, at its first place")
    func lists() {
        var fields = FieldTable()
        fields.add(.message, "x")
        fields.add(.hostName, "a")
        fields.add(.message, "y")
        fields.add(.logLogger, "only", isListElement: true)
        var out: [UInt8] = []
        fields.appendJSON(to: &out)
        #expect(
            String(decoding: out, as: UTF8.self)
                == #"{"message":["x","y"],"host.name":"a","log.logger":["only"]}"#)
    }
}
