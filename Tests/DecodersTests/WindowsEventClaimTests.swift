import Testing
import WinnowKit

@testable import Decoders

@Suite("Telling event XML")
struct WindowsEventClaimTests {
    private func claim(_ bytes: some Collection<UInt8>, atEnd: Bool) -> Claim {
        Array(bytes).withUnsafeBytes {
            WindowsEvent(DecoderSettings()).claim($0, atEnd: atEnd)
        }
    }

    private static let event = EventXML.event(1)

    @Test(
        "XML and event XML behind known headers are claimed",
        arguments: [
            event, "  \r\n\t" + event, "- " + event, "<?xml version='1.0'?>", "<!-- c -->",
            "<!DOCTYPE x>",
            "<Events/>", "<ev:Events xmlns:ev='x'>", "<Task version='1'>\n <a/>", "<a><b>",
            "Record 1\n<?xml version='1.0'?>", "evtxexport 20181227\n\n" + event,
            "<13>Mar  5 02:00:11 APPSRV01 WinEvtLog[812]: " + event,
            "2026-03-01 host: <Event><System>", "Record 7\r\nRecord 8\r\nhost: " + event,
        ])
    func claimed(text: String) {
        #expect(claim(text.utf8, atEnd: true) == .yes)
    }

    @Test(
        "Text is not claimed",
        arguments: [
            "2026/03/01 10:00:00 listening on :8080\n", "<13>Mar  5 02:00:11 host sshd[1]: hello\n",
            "<Mar 5, 2026 2:00:00 AM CST> <Notice> <Server> started\n", "<info> starting\n",
            "<nil pointer> at 3\n", "sent <Event id=3> to the bus\n",
            "&lt;Event&gt;&lt;System&gt;\n",
            "- a list\n", "Record store opened\n", "Record 12 of 13\n", "", " \n", "Record 1\n",
            "<",
            "{\"level\":\"info\"}\n", "a < b\n", "<>\n", "</a>\n", "<a b>\n",
        ])
    func unclaimed(text: String) {
        #expect(claim(text.utf8, atEnd: true) == .no)
    }

    @Test("A first line of text is judged when it ends, not later")
    func liveText() {
        #expect(claim("listening on :8080".utf8, atEnd: false) == .undecided)
        #expect(claim("listening on :8080\n".utf8, atEnd: false) == .no)
        #expect(claim("<13>Mar  5 host: hello\n".utf8, atEnd: false) == .no)
        #expect(claim("evtxexport 20181227\n".utf8, atEnd: false) == .undecided)
        #expect(claim(" \n".utf8, atEnd: false) == .undecided)
        #expect(claim(String(repeating: "x", count: 4096).utf8, atEnd: false) == .no)
    }

    @Test("A binary log is refused with the way to export it")
    func binary() {
        let bytes = Array("ElfFile".utf8) + [0, 0, 0, 1]
        guard case .refused(let reason) = claim(bytes, atEnd: false) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("wevtutil"))
        #expect(claim("ElfFile".utf8, atEnd: false) == .undecided)
        #expect(claim("ElfFile is a word\n".utf8, atEnd: false) == .no)
    }

    @Test(
        "A longer head never changes an answer",
        arguments: [
            event, "- " + event, "Record 1\n<?xml?>", "<13>Mar  5 host: " + event,
            "<Task a='b'>\n<c/>",
            "<Mar 5> x\n<Event><System>", "text <Event> text\n", "<a>text</a>", "ElfFile\0\0",
            String(repeating: " ", count: 5000) + event,
            String(repeating: "y", count: 5000) + event,
            "x <Event a='" + String(repeating: "z", count: 5000) + "'><System>",
        ])
    func monotone(text: String) {
        let bytes = Array(text.utf8)
        var answer: Claim?
        for end in 0...bytes.count {
            let now = claim(bytes[..<end], atEnd: end == bytes.count)
            if let answer {
                #expect(now == answer, "at \(end)")
            } else if now != .undecided {
                answer = now
            }
        }
        #expect(answer != nil)
    }
}
