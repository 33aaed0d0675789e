import Testing
import WinnowKit

@testable import Decoders

@Suite("Reading an event")
struct WindowsEventDecoderTests {
    private func service(_ provider: String, _ code: Int, _ payload: String) -> String? {
        let text = EventXML.event(
            1, "<EventData>\(payload)</EventData>", provider: provider, code: code)
        return EventReading(text).fields.first?["service.name"] as? String
    }

    private func data(_ values: String...) -> String {
        values.map { "<Data>\($0)</Data>" }.joined()
    }

    @Test(
        "The service is the parameter that the message names",
        arguments: [
            (7000, 1), (7009, 2), (7011, 2), (7031, 1), (7032, 3), (7034, 1), (7040, 4), (7045, 1),
        ])
    func serviceControlManager(code: Int, index: Int) {
        #expect(
            service("Service Control Manager", code, data("s1", "s2", "s3", "s4")) == "s\(index)")
    }

    @Test(
        "nssm's service is the parameter that its message names",
        arguments: [
            (1004, 1), (1007, 2), (1008, 3), (1013, 2), (1014, 1), (1023, 1), (1027, 3), (1034, 1),
            (1040, 1), (1059, 2), (1077, 1), (1079, 3),
        ])
    func nssm(code: Int, index: Int) {
        for provider in ["nssm", "NSSM"] {
            #expect(service(provider, code, data("s1", "s2", "s3", "s4", "s5")) == "s\(index)")
        }
    }

    @Test("Events about no service, and of other providers, name none")
    func noService() {
        #expect(service("Service Control Manager", 7026, data("driver")) == nil)
        #expect(service("nssm", 1001, data("x")) == nil)
        #expect(service("Application", 7036, data("x")) == nil)
        #expect(service("nssm", 1013, data("only", "")) == nil)
        #expect(service("Service Control Manager", 7040, data("s1")) == nil)
    }

    @Test(
        "Binary gives the service's key where it holds one",
        arguments: [
            ("530070006F006F006C00650072002F0034000000", "Spooler"),
            ("53-00-70-00-6F-00-6F-00-6C-00-65-00-72-00-00-00", "Spooler"),
            ("DC0062006500720000", "display"), ("DC006200650072000000", "Über"), ("", "display"),
            ("0100000000000000", "display"), ("zz", "display"), ("00D80000", "display"),
            ("2F000000", "display"),
            ("530070006F00", "display"),
        ])
    func keys(hex: String, expected: String) {
        let payload = data("display", "running") + "<Binary>\(hex)</Binary>"
        #expect(service("Service Control Manager", 7036, payload) == expected)
    }

    @Test("A classic event whose data a tool joined still names its service")
    func joinedData() {
        #expect(service("nssm", 1013, data("C:\\a.exe, gw, 2")) == "gw")
        #expect(service("nssm", 1013, data("C:\\a, b.exe, gw, 2")) == nil)
        #expect(service("nssm", 1035, data("a, b")) == "a, b")
    }

    @Test(
        "The level's name follows its number",
        arguments: [
            ("0", "information"), ("1", "critical"), ("2", "error"), ("3", "warning"),
            ("4", "information"), ("5", "verbose"), ("6", nil), ("Warning", "warning"),
            ("Info", "information"), ("", nil),
        ] as [(String, String?)])
    func levels(level: String, name: String?) {
        let reading = EventReading("<Event><System><Level>\(level)</Level></System></Event>")
        #expect(reading.fields.first?["log.level"] as? String == name)
    }

    @Test("The summary is the message's first line, else provider, id and data on one line")
    func summaries() {
        let rendered = EventReading(
            EventXML.event(1, "<RenderingInfo><Message>one&#13;&#10;two</Message></RenderingInfo>"))
        #expect(rendered.summaries == ["one"])
        let plain = EventReading(
            EventXML.event(1, "<EventData><Data>a\nb</Data><Data Name='n'>c</Data></EventData>"))
        #expect(plain.summaries == ["test 1: param1=a b n=c"])
        let long = EventReading(
            EventXML.event(
                1, "<EventData><Data>\(String(repeating: "é", count: 999))</Data></EventData>"))
        #expect(long.summaries.allSatisfy { $0.utf8.count <= 300 && $0.utf8.count > 290 })
    }

    @Test(
        "Nothing that an event names is opened, expanded or included",
        arguments: [
            "<UserData><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' "
                + "parse='text'/></UserData>",
            "<EventData><Data>&xxe;</Data></EventData>",
        ])
    func inert(payload: String) {
        let reading = EventReading(
            "<!DOCTYPE Event [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>"
                + EventXML.event(1, payload))
        #expect(reading.ids == [1])
        #expect(!reading.json.contains("root:"))
        #expect(reading.reasons.first == "a document type declaration; it is not read")
    }

    @Test("Entities that a DOCTYPE defined stay as they were written")
    func billionLaughs() {
        var doctype = "<!DOCTYPE Events [<!ENTITY l0 'lol'>"
        for i in 1...9 {
            let ten = String(repeating: "&l\(i - 1);", count: 10)
            doctype += "<!ENTITY l\(i) '\(ten)'>"
        }
        let reading = EventReading(
            doctype + "]><Events>" + EventXML.event(1, "<EventData><Data>&l9;</Data></EventData>"))
        #expect(reading.fields.first?["winlog.event_data.param1"] as? String == "&l9;")
        #expect(reading.problems.count == 2)
    }

    @Test(
        "Hostile events are read or refused in linear time",
        arguments: [
            (
                "<EventData><Data>" + String(repeating: "A", count: 12_000_000)
                    + "</Data></EventData>", 3
            ),
            (
                "<EventData><Data>" + String(repeating: "&", count: 3_000_000)
                    + "</Data></EventData>", 2
            ),
            (
                "<EventData><Data>" + String(repeating: "&#38;", count: 50_000)
                    + "</Data></EventData>", 3
            ),
            (
                "<EventData><Data>" + String(repeating: "<a ", count: 500_000)
                    + "</Data></EventData>", 2
            ),
            ("<EventData>" + String(repeating: "<Data/>", count: 20_000) + "</EventData>", 3),
            (
                "<UserData>" + String(repeating: "<a>", count: 250)
                    + String(repeating: "</a>", count: 250)
                    + "</UserData>", 3
            ),
            (
                "<UserData><r>"
                    + String(repeating: "<a b='' c='' d='' e='' f='' g=''/>", count: 30_000)
                    + "</r></UserData>", 2
            ),
        ])
    func hostile(payload: String, delivered: Int) {
        let text = EventXML.event(1) + EventXML.event(2, payload) + "\n" + EventXML.event(3)
        let clock = ContinuousClock()
        let bytes = Array(text.utf8)
        var reading = EventReading("")
        #expect(clock.measure { reading = EventReading(bytes, decoding: true) } < .seconds(20))
        #expect(reading.decoded.count == delivered)
        #expect(reading.decoded.last?.contains("\"winlog.record_id\":3") == true)
    }

    @Test("What a record decoder read before does not change what it reads")
    func purity() {
        let good = EventXML.event(7, "<UserData><R><a b='c'>d</a></R></UserData>")
        let alone = EventReading(good).decoded
        let others = [
            EventXML.opening(1) + "<EventData><Data>&x;</b></Event>",
            EventXML.event(2, "<UserData><R><a>" + "</a><a>b</a></R></UserData>"),
            EventXML.event(3, "<EventData><Data>\u{1}</Data></EventData>"),
        ]
        for other in others {
            let both = EventReading(good + other + good)
            #expect(both.decoded.first == alone.first)
            let last = both.decoded.last?.replacing(
                "\"offset\":\(good.utf8.count + other.utf8.count)", with: "\"offset\":0")
            #expect(last == alone.first)
        }
    }
}
