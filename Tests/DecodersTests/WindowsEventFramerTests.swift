import Testing
import WinnowKit

@testable import Decoders

private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
}

private func nest(_ depth: Int) -> String {
    repeated("<a>", depth) + repeated("</a>", depth)
}

private func attributes(_ count: Int) -> String {
    (0..<count).map { "a\($0)=''" }.joined(separator: " ")
}

@Suite("Isolating events")
struct WindowsEventFramerTests {
    @Test("An event that breaks off at any byte costs no other one, and is reported")
    func brokenOffAnywhere() {
        let samples = [
            EventXML.event(50, "<EventData><Data Name='a'>x > y</Data></EventData>"),
            EventXML.event(
                50, "<EventData><Data><![CDATA[ < ]]></Data><!-- c --><?p x?></EventData>"),
            EventXML.event(50, "<UserData><W>\(EventXML.event(51))</W></UserData>"),
        ]
        for sample in samples {
            let bytes = Array(sample.utf8)
            for end in 1..<bytes.count {
                let torn = String(decoding: bytes[..<end], as: UTF8.self)
                let text =
                    EventXML.event(1) + "\n" + torn + "\n" + EventXML.event(2) + EventXML.event(3)
                let reading = EventReading(text)
                let kept = reading.ids.filter { $0 < 50 }
                if kept != [1, 2, 3] || reading.problems.isEmpty {
                    Issue.record("\(kept), \(reading.reasons) after \(torn)")
                    return
                }
            }
        }
    }

    @Test(
        "A broken event costs only itself",
        arguments: [
            "<![CDATA[", "<!--", "<?x", "<", "&", "<a b='", "</x>", "<x>", "<!DOCTYPE x [", "\"",
            "<!x",
        ])
    func inserted(fault: String) {
        let middle = EventXML.event(50, "<EventData><Data>a\(fault) b</Data></EventData>")
        let reading = EventReading(EventXML.event(1) + middle + EventXML.event(2) + "\n")
        #expect(reading.ids.filter { $0 < 50 } == [1, 2])
        if fault != "\"" { #expect(reading.problems.count == 1) }
    }

    @Test("An event inside UserData belongs to the event around it; behind a torn one it does not")
    func nested() {
        let inner = EventXML.event(2)
        let wrapped = EventReading(EventXML.event(1, "<UserData><A>\(inner)</A></UserData>"))
        #expect(wrapped.ids == [1])
        #expect(wrapped.problems.isEmpty)
        let torn = EventReading(EventXML.opening(1) + "<UserData><A>" + inner + inner + "</Events>")
        #expect(torn.ids == [2, 2])
        #expect(torn.reasons == ["an event that breaks off before the next one"])
    }

    @Test(
        "What exceeds a limit is dropped, and the next event is not",
        arguments: [
            ("<UserData>" + nest(100_000) + "</UserData>", "elements nested more than 256 deep"),
            (
                "<UserData><a \(attributes(20_000))/></UserData>",
                "a tag of more than 128 attributes"
            ),
            ("<UserData><a b='\(repeated("x", 70_000))'/></UserData>", "a tag of more than 64 KiB"),
            (
                "<UserData>\(repeated("<a/>", 140_000))</UserData>",
                "an event of more than 131072 elements"
            ),
            (
                "<EventData><Data>\(repeated("x", 17 << 20))</Data></EventData>",
                "an event of more than 16 MiB"
            ),
            (
                "<EventData><Data><![CDATA[\(repeated("x", 17 << 20))]]></Data></EventData>",
                "an event of more than 16 MiB"
            ),
        ])
    func limits(payload: String, reason: String) {
        let text = EventXML.event(1) + EventXML.event(50, payload) + "\n" + EventXML.event(2)
        for pieces in [[Int.max], [256 << 10]] {
            let reading = EventReading(Array(text.utf8), pieces: pieces)
            #expect(reading.records.count == 2)
            #expect(reading.problems.map(\.reason) == [reason])
            #expect(reading.problems.first?.offset == EventXML.event(1).utf8.count)
            if pieces != [.max] { #expect(reading.kept <= 16 << 20) }
        }
    }

    @Test(
        "Openings without an end take no more than linear time",
        arguments: [
            "<!-- x", "<![CDATA[", "<?", "<!DOCTYPE x [", "<", "<Event", "<Event>",
            "<Event><System>",
            "<a b='", "- ", "\r", "\0", "<Event><System><![CDATA[ ", "<Event><System><!-- ",
            "<Event><System><x><Event><System></System></Event>",
        ])
    func linear(opening: String) {
        let text = Array((EventXML.event(1) + repeated(opening, 100_000)).utf8)
        var reading = EventReading("")
        let time = ContinuousClock().measure {
            reading = EventReading(text, pieces: [64 << 10])
        }
        // Quadratic time would be hours; this leaves room for a debug build on a busy machine.
        #expect(time < .seconds(20))
        #expect(reading.records.first?.offset == 0)
        #expect(reading.kept <= 16 << 20)
    }

    @Test("A section without an end holds back no more than 256 KiB outside of events")
    func heldBack() {
        let text = EventXML.event(1) + "<!-- " + repeated(EventXML.event(2) + "\n", 4000)
        let reading = EventReading(Array(text.utf8), pieces: [4096])
        #expect(reading.records.count == 4001)
        #expect(reading.kept <= (256 << 10) + 4096)
        #expect(reading.problems.count == 1)
    }

    @Test("A section closed only by a later one gives the events between back")
    func swallowing() {
        let open = EventXML.opening(50) + "<EventData><Data><![CDATA[ never closed"
        let later = EventXML.event(3, "<EventData><Data><![CDATA[closed]]></Data></EventData>")
        let reading = EventReading(open + "\n" + EventXML.event(2) + "\n" + later)
        #expect(reading.ids == [2, 3])
        #expect(reading.reasons == ["a CDATA section without an end"])
    }

    @Test("A line of many megabytes is cut into its events")
    func longLine() {
        let events = (1...2000).map {
            EventXML.event($0, "<EventData><Data>\(repeated("é", 500))</Data></EventData>")
        }
        let reading = EventReading(
            Array(("<Events>" + events.joined() + "</Events>").utf8), pieces: [10_007])
        #expect(reading.records.count == 2000)
        #expect(reading.problems.isEmpty)
    }

    @Test(
        "Lines end at CR only where the first one does",
        arguments: [
            ("a\rb\n", LineBreak.cr), ("a\r\nb", .lf), ("a\nb\r", .lf), ("a\r", .cr), ("a", .lf),
        ])
    func lineBreaks(text: String, expected: LineBreak) {
        for pieces in [[Int.max], [1]] {
            #expect(EventReading(Array(text.utf8), pieces: pieces).lineBreak == expected)
        }
    }
}
