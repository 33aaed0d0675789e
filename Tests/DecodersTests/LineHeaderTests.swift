import Testing
import WinnowKit

@testable import Decoders

/// A header as the tables below write it.
struct ExpectedHeader: Equatable, CustomStringConvertible {
    var time: String?
    var level: String?
    var logger: String?

    init(_ time: String?, _ level: String?, _ logger: String? = nil) {
        self.time = time
        self.level = level
        self.logger = logger
    }

    init(of line: String, utcOffset: Int = 0) {
        self.init(of: Array(line.utf8), utcOffset: utcOffset)
    }

    init(of line: [UInt8], utcOffset: Int = 0) {
        let header = line.withUnsafeBytes {
            LineHeader.parse($0, DecoderSettings(utcOffset: utcOffset))
        }
        time = header.time?.rfc3339
        level = header.level.map { "\($0)" }
        logger = header.logger.map { String(decoding: line[$0], as: UTF8.self) }
    }

    var description: String { "\(time ?? "-") \(level ?? "-") \(logger ?? "-")" }
}

/// Where the message begins.
private func message(_ line: String) -> String {
    let bytes = Array(line.utf8)
    let start = bytes.withUnsafeBytes { LineHeader.parse($0, DecoderSettings()).message }
    return String(decoding: bytes[start...], as: UTF8.self)
}

private let day = "2026-03-01T10:00:00Z"

struct LineHeaderTests {
    @Test(
        "Every logger's own line gives its time, level and logger",
        arguments: [
            // RFC 3339, with nothing but a message.
            ("2026-03-01T10:00:00.123456789Z disk full", "2026-03-01T10:00:00.123456789Z", nil),
            ("2026-03-01T18:00:00+08:00 disk full", day, nil),
            ("2026-03-01T10:00:00Z", day, nil),
            // Date and time with a blank.
            ("2026-03-01 10:00:00.123 disk full", "2026-03-01T10:00:00.123Z", nil),
            ("2026-03-01 10:00:00,123 ERROR disk full", "2026-03-01T10:00:00.123Z", "error"),
            ("2026-03-01 10:00:00: disk full", day, nil),
            ("2026-03-01 18:00:00 +0800 WARN x", day, "warning"),
            ("2026-03-01 18:00:00.5 +0800 CST m=+0.001 x", "2026-03-01T10:00:00.5Z", nil),
            ("2026-03-01 10:00:00 +0000 UTC y", day, nil),
            ("2026-03-01 10:00:00 UTC [nginx] ERROR y", day, "error"),
            // The log package, its flags and prefixes.
            ("2026/03/01 10:00:00 std", day, nil),
            ("2026/03/01 10:00:00.123456 ERROR std", "2026-03-01T10:00:00.123456Z", "error"),
            ("INFO: 2026/03/01 10:00:00 main.go:15: msg", day, "information"),
            ("[WARN] 2026/03/01 10:00:00 msg", day, "warning"),
            ("ERROR\t2026/03/01 10:00:00 msg", day, "error"),
            ("main: 2026/03/01 10:00:00 msg", day, nil),
            ("main:2026/03/01 10:00:00 msg", day, nil),
            ("2026/03/01 10:00:00 main.go:15: WARN msg", day, "warning"),
            ("svc: 2026/03/01 10:00:00 C:/src/main.go:17: ERROR boo", day, "error"),
            ("2026/03/01 10:00:00 [worker-0] INFO  batch 0", day, "information"),
            ("2026/03/01 10:00:00 [error] 12#0: upstream", day, "error"),
            (
                "2026/03/01 10:00:00.123 [W] [main.go:12]  beego", "2026-03-01T10:00:00.123Z",
                "warning"
            ),
            ("10:00:00 INFO only a clock", nil, "information"),
            ("10:00:00.123456 DEBUG only a clock", nil, "debug"),
            // slog.
            ("2026/03/01 10:00:00 INFO hi a=1", day, "information"),
            ("2026/03/01 10:00:00 INFO+2 hi", day, "information"),
            (
                "time=2026-03-01T18:00:00.5+08:00 level=INFO msg=\"a b\"", "2026-03-01T10:00:00.5Z",
                "information"
            ),
            ("time=2026-03-01T10:00:00Z level=DEBUG-4 msg=x", day, "debug"),
            ("time=2026-03-01T10:00:00Z level=ERROR source=/a/b.go:1 msg=x", day, "error"),
            (#"{"time":"2026-03-01T10:00:00Z","level":"ERROR","msg":"a \"q\""}"#, day, "error"),
            (#"{"time":"2026-03-01T18:00:00+08:00","level":"INFO+1"}"#, day, "information"),
            // zerolog.
            (
                #"{"level":"info","a":"b","time":"2026-03-01T10:00:00Z","message":"m"}"#, day,
                "information"
            ),
            (#"{"level":"warn","time":1772359200,"message":"unix"}"#, day, "warning"),
            (
                #"{"level":"error","time":1772359200123,"message":"ms"}"#,
                "2026-03-01T10:00:00.123Z",
                "error"
            ),
            (#"{"level":"error","time":1772359200123456}"#, "2026-03-01T10:00:00.123456Z", "error"),
            ("5:44PM INF con a=b", nil, "information"),
            ("12:44AM WRN main.go:32 > d", nil, "warning"),
            ("5:44PM ERR d error=e", nil, "error"),
            ("5:44PM FTL f", nil, "critical"),
            ("5:44PM PNC f", nil, "critical"),
            ("5:44PM DBG f", nil, "debug"),
            ("5:44PM TRC f", nil, "trace"),
            ("5:44PM ??? f", nil, nil),
            ("2026-03-01T10:00:00Z INF con", day, "information"),
            // logrus.
            (
                "time=\"2026-03-01T10:00:00Z\" level=info msg=\"a b\" component=x", day,
                "information"
            ),
            ("time=\"2026-03-01T10:00:00Z\" level=warning msg=t", day, "warning"),
            ("time=\"2026-03-01T10:00:00Z\" level=fatal msg=t", day, "critical"),
            ("INFO[0000] forced      ", nil, "information"),
            ("ERRO[0042] e", nil, "error"),
            ("DEBU[2026-03-01T10:00:00Z] forced full", day, "debug"),
            (
                #"{"a":1,"level":"warning","msg":"js","time":"2026-03-01T10:00:00Z"}"#, day,
                "warning"
            ),
            // klog and glog: no year, no time.
            ("I0302 15:04:05.000000 1234 file.go:1] msg", nil, "information"),
            ("W0302 15:04:05.000000    4773 main.go:38] k", nil, "warning"),
            ("E0302 15:04:05.000000    4773 main.go:38] \"es\" a=1", nil, "error"),
            ("F0302 15:04:05.000000    4773 main.go:38] k", nil, "critical"),
            ("D0302 15:04:05.000000   1 task_exit.go:1] gVisor", nil, "debug"),
            (
                "I20260301 10:00:00.500000  7 a.cc:1] glog with a year", "2026-03-01T10:00:00.5Z",
                "information"
            ),
            (
                #"{"ts":1772359200123.5,"caller":"a.go:1","msg":"klog","v":0}"#,
                "2026-03-01T10:00:00.1235Z", nil
            ),
            // gin.
            ("[GIN] 2026/03/01 - 10:00:00 | 200 |  1.2ms | 10.0.3.1 | GET \"/a\"", day, nil),
            ("[GIN-debug] [WARNING] Creating an Engine", nil, "warning"),
            // Brackets.
            ("[2026-03-01 10:00:00] msg", day, nil),
            ("[2026-03-01 10:00:00] [ERROR] msg", day, "error"),
            ("[2026-03-01T10:00:00Z WARN  module] env_logger", day, "warning"),
            ("[INFO] msg", nil, "information"),
            ("[INFO]已处理", nil, "information"),
            // hclog, go-kit, log15, kratos, geth, GoFrame.
            ("2026-03-01T10:00:00.5Z [WARN]  raft: x", "2026-03-01T10:00:00.5Z", "warning"),
            ("level=warn ts=2026-03-01T10:00:00Z caller=main.go:41 msg=\"x y\"", day, "warning"),
            ("ts=2026-03-01T10:00:00Z caller=main.go:41 level=error component=tsdb", day, "error"),
            ("t=2026-03-01T18:00:00+0800 lvl=eror msg=x", day, "error"),
            ("INFO ts=2026-03-01T10:00:00Z caller=a.go:1 msg=kratos", day, "information"),
            ("WARN [03-01|10:00:00.000] Snapshot extension", nil, "warning"),
            ("2026-03-01 10:00:00.000 [DEBU] {abc} msg", day, "debug"),
            ("2026-03-01T10:00:00.000+00:00\tinfo\tgo-zero\tcaller=a.go:1", day, "information"),
            ("2026-03-01 10:00:00.000 | WARNING  | app:1 - msg", day, "warning"),
            // Syslog.
            ("<13>1 2026-03-01T10:00:00Z host app 1 - - msg", day, "information"),
            ("<11>1 - host app 1 - - msg", nil, "error"),
            ("<34>Mar  1 10:00:00 host su: msg", nil, "critical"),
            // Keys of Elastic, Google Cloud, go-zero.
            (#"{"@timestamp":"2026-03-01T10:00:00Z","log.level":"warn"}"#, day, "warning"),
            (#"{"severity":"CRITICAL","timestamp":"2026-03-01T10:00:00Z"}"#, day, "critical"),
            (
                #"{"L":"INFO","T":"2026-03-01T10:00:00Z","C":"a.go:1","M":"dev json"}"#, day,
                "information"
            ),
        ] as [(String, String?, String?)])
    func everyLogger(line: String, time: String?, level: String?) {
        #expect(ExpectedHeader(of: line) == ExpectedHeader(time, level), "\(line)")
    }

    @Test(
        "A logger's name is found where its key or column stands",
        arguments: [
            (
                #"{"level":"warn","ts":1772359200.25,"logger":"main.db","msg":"w"}"#, "warning",
                "main.db"
            ),
            (
                #"{"@level":"error","@module":"raft","@timestamp":"2026-03-01T10:00:00.25Z"}"#,
                "error",
                "raft"
            ),
            (
                #"{"log.level":"info","@timestamp":"2026-03-01T10:00:00.25Z","log.logger":"x.y"}"#,
                "information", "x.y"
            ),
            (
                #"{"level":"dpanic","logger":"a\"b","ts":"2026-03-01T10:00:00.25Z"}"#, "critical",
                nil
            ),
            (
                #"{"level":"info","ts":1772359200.25,"req":{"logger":"inner"},"msg":"w"}"#,
                "information", nil
            ),
            (
                "2026-03-01T10:00:00.250Z\tINFO\tmain.db\tm/main.go:23\tx\t{\"a\": \"b\"}",
                "information", "main.db"
            ),
            ("2026-03-01T10:00:00.250Z\tINFO\tm/main.go:23\ty", "information", nil),
            ("2026-03-01T10:00:00.250Z\tINFO\ta message\twith a tab", "information", nil),
            ("1.77235920025e+09\twarn\tmain.db\tm/main.go:22\tw", "warning", "main.db"),
            ("1772359200.25\terror\tm/main.go:22\tplain", "error", nil),
            (
                "ts=2026-03-01T10:00:00.25Z level=info msg=\"a b\" logger=pool n=1", "information",
                "pool"
            ),
            ("ts=2026-03-01T10:00:00.25Z level=info msg=\"a logger=no b\" n=1", "information", nil),
        ] as [(String, String, String?)])
    func loggers(line: String, level: String, logger: String?) {
        let expected = ExpectedHeader("2026-03-01T10:00:00.25Z", level, logger)
        #expect(ExpectedHeader(of: line) == expected, "\(line)")
    }

    @Test(
        "Times that lack a zone are those of the given zone, the others are not moved",
        arguments: [
            "2026/03/01 18:00:00 a", "2026-03-01 18:00:00 a", "[GIN] 2026/03/01 - 18:00:00 | 200 |",
            "2026-03-01 10:00:00Z a", "2026-03-01 10:00:00 UTC a",
            "2026-03-01 05:00:00 -0500 EST a",
            #"{"ts":1772359200}"#, #"{"time":"2026-03-01T18:00:00"}"#, "t=2026-03-01T10:00:00Z x=1",
            "I20260301 18:00:00.000000  7 a.cc:1] glog",
        ])
    func zones(line: String) {
        #expect(ExpectedHeader(of: line, utcOffset: 8 * 3600).time == day, "\(line)")
    }

    @Test(
        "Words of a message are not a header",
        arguments: [
            "", " ", "a", "{", "[", "<", "{\"", "level=", "INFOrmation desk", "Information desk",
            "ERRORS: 4", "error: lower case at the start", "info", "WARNINGS follow",
            "panic: runtime error: index out of range [5] with length 1",
            "goroutine 1 [running]:", "main.main()", "\tC:/svc/main.go:25 +0x3b",
            "created by main.start in goroutine 7", "fatal error: all goroutines are asleep",
            "  P0: status=1 schedtick=1", "[signal SIGSEGV: segmentation violation code=0x1]",
            "x=1 level=error", "msg=\"level=error\"", "the level=error of it",
            "10.0.0.1 - - \"GET / HTTP/1.1\" 200", "12:30 is lunch", "1.5\tinfo", "20260301 10:00",
            "{0xc000014158, 0x3}", "{\"level\":30,\"time\":0.25}", "{\"time\":12,\"level\":\"x\"}",
            "{\"req\":{\"level\":\"error\",\"time\":\"2026-03-01T10:00:00Z\"}}",
            "{\"msg\":\"x\",\"list\":[{\"level\":\"error\"}]}",
            "2026-13-01T10:00:00Z month 13", "2026-02-30 10:00:00 no such day",
            "2026-03-01T10:00:00Zulu", "2026/03/01", "2026-03-01 10:00", "2026/03/01 - ",
            "<html>", "<999>1 2026-03-01T10:00:00Z", "<13>1 then text", "<13>text",
            "I0302", "E2E tests passed", "W3C", "I0302 is a part number",
            "last run: finished 2026/03/01 10:00:00", "已处理 ERROR", "\u{0}\u{0}\u{0}",
        ])
    func nearMisses(line: String) {
        #expect(ExpectedHeader(of: line) == ExpectedHeader(nil, nil), "\(line)")
    }

    @Test(
        "After a time a word inside the message is no level",
        arguments: [
            "2026/03/01 10:00:00 health check ok: panic=false errors=0",
            "2026/03/01 10:00:00 fatal error rate is 0.00%",
            "2026/03/01 10:00:00 http: panic serving 10.0.0.1:1: ERROR",
            "2026/03/01 10:00:00 INFORMATIONAL2 x", "2026/03/01 10:00:00 ERRORS 4",
            "2026/03/01 10:00:00 GET /ok: 200 OK", "2026/03/01 10:00:00 info lower case",
            "2026-03-01 10:00:00 12 ERROR", "2026-03-01T10:00:00Z (ERROR)",
            "2026/03/01 10:00:00 - ",
        ])
    func timedNearMisses(line: String) {
        #expect(ExpectedHeader(of: line) == ExpectedHeader(day, nil), "\(line)")
    }

    @Test(
        "The message begins behind time, level, tags and caller",
        arguments: [
            ("2026/03/01 10:00:00 Alloc = 1 KB", "Alloc = 1 KB"),
            ("INFO: 2026/03/01 10:00:00 main.go:15: msg", "msg"),
            ("2026/03/01 10:00:00.5 [svc] WARN: msg [x]", "msg [x]"),
            ("2026-03-01T10:00:00.5Z\tINFO\tnm\ta/b.go:1\tmsg\t{}", "msg\t{}"),
            ("1772359200.25\terror\tmsg", "msg"), ("INFO[0001] msg", "msg"),
            ("I0302 15:04:05.000000 1234 file.go:1] msg", "msg"), ("5:44PM INF msg", "msg"),
            ("[GIN] 2026/03/01 - 10:00:00 | 200 |", "200 |"), ("msg", "msg"),
            ("2026/03/01 10:00:00", ""), ("2026-03-01T10:00:00.5Z\tINFO", ""),
        ])
    func messages(line: String, expected: String) {
        #expect(message(line) == expected, "\(line)")
    }

    @Test("Unix times are told apart by size, whatever way they are written")
    func unixTimes() {
        func time(_ text: String) -> String? {
            let bytes = Array(text.utf8)
            return bytes.withUnsafeBytes {
                LineTime.unix(LineCursor($0), 0..<$0.count)?.rfc3339
            }
        }
        for text in [
            "1772359200", "1772359200.0", "1.7723592e9", "1.7723592e+09", "17723592e2",
            "1772359200000", "1772359200000.000", "1772359200000000", "1772359200000000000",
            "1.7723592E18", "0001772359200", "0.17723592e10", "177235920000000e-5",
        ] {
            #expect(time(text) == day, "\(text)")
        }
        #expect(time("1772359200.123456789987") == "2026-03-01T10:00:00.123456789Z")
        #expect(time("100000000") == "1973-03-03T09:46:40Z")
        for text in [
            "", ".", "0", "0.0", "-1772359200", "99999999", "1e99", "1e", "1e+", "1.2.3",
            "1772359200x",
            "1e-", "1e123", String(repeating: "9", count: 60), "0.0000000001e17",
        ] {
            #expect(time(text) == nil, "\(text)")
        }
    }

    @Test("A line cut at any byte, or with any byte damaged, is read without a trap")
    func hostile() {
        let lines = [
            "2026-03-01 18:00:00.5 +0800 CST m=+0.001 [x] ERROR a",
            "main: 2026/03/01 10:00:00.1 msg",
            "[GIN] 2026/03/01 - 10:00:00 | 200 |", "[2026-03-01T10:00:00Z WARN  module] x",
            "time=\"2026-03-01T10:00:00Z\" level=info msg=\"a \\\" b\" logger=x",
            #"{"level":"info","ts":1.77235920025e+09,"a":{"b":["]",{}]},"logger":"x","msg":"\\"}"#,
            "2026-03-01T10:00:00.250Z\tINFO\tmain.db\tm/main.go:23\tx",
            "1.7e+09\tinfo\ta\tb.go:1\tc",
            "I0302 15:04:05.000000 1234 file.go:1] msg", "<13>1 2026-03-01T10:00:00Z host",
            "INFO[2026-03-01T10:00:00Z] x", "INFO ts=2026-03-01T10:00:00Z x=\"", "5:44PM INF x",
        ]
        for line in lines {
            let bytes = Array(line.utf8)
            for cut in 0...bytes.count { _ = ExpectedHeader(of: Array(bytes[..<cut])) }
            for at in bytes.indices {
                for damage: UInt8 in [0, 0x20, 0x22, 0x30, 0x5C, 0x5D, 0xFF] {
                    var copy = bytes
                    copy[at] = damage
                    _ = ExpectedHeader(of: copy)
                }
            }
        }
    }

    @Test("Endless lines are read as far as their header may reach, and no further")
    func long() {
        let tail = String(repeating: "x", count: 1 << 20)
        #expect(ExpectedHeader(of: "2026/03/01 10:00:00 WARN " + tail).level == "warning")
        #expect(ExpectedHeader(of: #"{"msg":""# + tail + #"","level":"info"}"#).level == nil)
        #expect(ExpectedHeader(of: "time=2026-03-01T10:00:00Z msg=\"" + tail).time == day)
        for filler in ["[", "[]", "{", "\"", "\\", "1", "a=", "=", " ", "\t", "logger=", "[x] "] {
            let many = String(repeating: filler, count: 1 << 16)
            _ = ExpectedHeader(of: many)
            _ = ExpectedHeader(of: "{\"a\":" + many)
            _ = ExpectedHeader(of: "t=2026-03-01T10:00:00Z level=info " + many)
            _ = ExpectedHeader(of: "2026-03-01T10:00:00Z " + many)
        }
    }
}
