import Testing
import WinnowKit

@testable import WinnowEngine

@Suite("Accounting")
struct AccountingTests {
    private let plan = EngineFixture.plan()

    @Test(
        "records = matched + unmatched + damaged + truncated",
        arguments: InvarianceTests.inputs.map(\.0))
    func sums(name: String) throws {
        let bytes = try #require(InvarianceTests.inputs.first { $0.0 == name }?.1)
        let totals = EngineFixture.findings([EngineFixture.source(name, bytes)], plan: plan)
            .report.totals
        #expect(
            totals.records
                == totals.matched + totals.unmatched + totals.damaged + totals.truncated)
    }

    @Test("A broken event costs only itself and is listed with its line")
    func brokenEvent() throws {
        let report = EngineFixture.findings(
            [EngineFixture.source("events.xml", InvarianceTests.events)], plan: plan
        ).report
        #expect(report.totals.damaged == 1)
        let problem = try #require(report.inputs[0].firstProblems.first)
        #expect(problem.line == 2)
        #expect(report.inputs[0].records.first { $0.kind == "windows.event" }?.count == 3)
    }

    @Test("A line over its cap is cut, counted as truncated, and the next line is whole")
    func longLine() {
        let bytes =
            Array("first error\n".utf8) + [UInt8](repeating: 0x61, count: 3 << 20)
            + Array("\nlast error\n".utf8)
        let result = EngineFixture.findings(
            [EngineFixture.source("long.log", bytes)], plan: plan)
        #expect(result.report.totals.truncated == 1)
        #expect(result.report.totals.records == 3)
        #expect(result.ndjson.contains("last error"))
    }

    @Test("Bounds of time keep records without a time and drop those outside")
    func bounds() {
        let result = EngineFixture.findings(
            [EngineFixture.source("service.log", InvarianceTests.log)], plan: plan
        ) {
            $0.since = Timestamp(iso8601: "2026-03-01T10:01:00Z")
            $0.until = Timestamp(iso8601: "2026-03-01T10:03:00Z")
        }
        let times = result.ndjson.split(separator: "\n").compactMap {
            $0.firstMatch(of: #/"time":"([^"]+)"/#).map { String($0.1) }
        }
        #expect(!times.isEmpty)
        #expect(times.allSatisfy { $0 >= "2026-03-01T10:01:00Z" && $0 < "2026-03-01T10:03:00Z" })
        let totals = result.report.totals
        #expect(totals.records == totals.matched + totals.unmatched)
    }

    @Test("Several inputs are correlated by event time, whatever their order")
    func mergedByTime() {
        let a = "2026-03-01T10:00:00Z error\n2026-03-01T11:00:01Z error\n"
        let b = "2026-03-01T11:00:00Z error\n2026-03-01T11:00:02Z error\n"
        let run = { (texts: [String]) in
            EngineFixture.findings(
                texts.map { EngineFixture.source("i", Array($0.utf8)) },
                plan: plan
            ).ndjson.split(separator: "\n").filter { $0.contains("fixture.burst") }
        }
        let bursts = run([a, b])
        #expect(bursts.count == 1)
        #expect(bursts.first?.contains("\"first_time\":\"2026-03-01T11:00:00Z\"") == true)
        #expect(run([b, a]).count == 1)
    }

    @Test("Suppressed findings are counted and carried by the next one")
    func suppression() {
        var log = ""
        for minute in [0, 12, 24, 59] {
            for second in 0..<3 {
                let stamp = minute < 10 ? "0\(minute)" : "\(minute)"
                log += "2026-03-01T10:\(stamp):0\(second)Z error\n"
            }
        }
        let result = EngineFixture.findings(
            [EngineFixture.source("s.log", Array(log.utf8))], plan: plan)
        let bursts = result.ndjson.split(separator: "\n").filter { $0.contains("fixture.burst") }
        #expect(bursts.count == 2)
        #expect(bursts.last?.contains("\"suppressed_count\":2") == true)
    }
}
