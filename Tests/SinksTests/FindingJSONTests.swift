import Foundation
import Testing
import WinnowKit

@Suite("A finding as JSON")
struct FindingJSONTests {
    private func text(_ finding: Finding) -> String {
        var out: [UInt8] = []
        finding.appendJSON(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test("It is the object of the output format, keys in order")
    func wholeObject() {
        let finding = Finding(
            id: "5f0c0000000000000000000000000000", rule: "go.fd-exhausted", pack: "go@1.0.0",
            level: .high, status: "stable", title: "File handles exhausted",
            message: "too many \"open\" files",
            time: Timestamp(seconds: 1_772_359_200, nanoseconds: 123_456_789),
            firstTime: Timestamp(seconds: -1), lastTime: nil, count: 5, suppressedCount: 0,
            host: "WEB01", service: nil, key: [("service.name", nil), ("host.name", "WEB01")],
            fields: [("cpu", .number("31")), ("op", .text("open"))],
            evidence: [
                Evidence(
                    input: "gateway.err.log", line: 120, offset: 8812, length: 96,
                    recordID: "4242", time: nil, text: "打开\nC:\\a.txt"),
                Evidence(
                    input: "a", line: 1, offset: 0, length: 1, recordID: nil, time: nil, text: ""),
            ], remediation: nil, references: ["https://a", "https://b"], tags: ["handles"])
        let expected =
            #"{"id":"5f0c0000000000000000000000000000","rule":"go.fd-exhausted","pack":"go@1.0.0","#
            + #""level":"high","status":"stable","title":"File handles exhausted","#
            + #""message":"too many \"open\" files","time":"2026-03-01T10:00:00.123456789Z","#
            + #""first_time":"1969-12-31T23:59:59Z","last_time":null,"count":5,"#
            + #""suppressed_count":0,"host":"WEB01","service":null,"#
            + #""key":{"service.name":null,"host.name":"WEB01"},"fields":{"cpu":31,"op":"open"},"#
            + #""evidence":[{"input":"gateway.err.log","line":120,"offset":8812,"length":96,"#
            + #""record_id":4242,"time":null,"text":"打开\nC:\\a.txt"},{"input":"a","line":1,"#
            + #""offset":0,"length":1,"record_id":null,"time":null,"text":""}],"#
            + #""remediation":null,"references":["https://a","https://b"],"tags":["handles"]}"#
        #expect(text(finding) == expected)
    }

    @Test(
        "A number that JSON knows is written bare",
        arguments: ["0", "-0", "31", "61.2", "1e9", "-1.5E+3", "18446744073709551616"])
    func numbers(digits: String) {
        #expect(text(field(digits)).contains(#""fields":{"n":\#(digits)}"#))
    }

    @Test(
        "A number that JSON does not know is written as text",
        arguments: [
            "", "-", "007", "1.", ".5", "1e", "1e+", "+1", "0x1f", "1 ", "NaN", "1,\"a\":2",
        ])
    func noNumbers(digits: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(text(field(digits)).utf8))
        let fields = try #require((object as? [String: Any])?["fields"] as? [String: Any])
        #expect(fields["n"] as? String == digits)
        #expect(fields.count == 1)
    }

    @Test("A record id that is no number is text")
    func recordID() {
        var finding = SampleFindings.refused
        finding.evidence[0].recordID = "00042"
        #expect(text(finding).contains(#""record_id":"00042""#))
    }

    private func field(_ digits: String) -> Finding {
        var finding = SampleFindings.refused
        finding.fields = [("n", .number(digits))]
        return finding
    }
}
