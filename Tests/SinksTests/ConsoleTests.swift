import Sinks
import Testing
import WinnowKit

@Suite("The console")
struct ConsoleTests {
    private func rows(_ findings: [Finding], width: Int = 80, color: Bool = false) throws
        -> [String]
    {
        let output = MemoryOutput()
        let sink = ConsoleSink(SinkSettings(color: color, width: width), output: output)
        try sink.write(Batch(findings: findings))
        try sink.close(manifest: Array("{}".utf8))
        return output.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test(
        "No row is wider than the terminal, but for what is there to be copied",
        arguments: [40, 60, 80, 133])
    func width(width: Int) throws {
        let hostile = SampleFindings.hostile
        let findings = [hostile, hostile] + SampleFindings.incident + [hostile]
        for row in try rows(findings, width: width)
        where !row.hasPrefix("  → ") && !row.hasPrefix("  see ") && !row.contains("more line") {
            #expect(Columns.width(row) <= width, "\(row)")
        }
    }

    @Test("What is there to be copied is bounded as well")
    func commandsAreBounded() throws {
        for row in try rows([SampleFindings.hostile]) { #expect(Columns.width(row) <= 410) }
    }

    @Test("A finding takes 15 rows at most, at 80 columns")
    func height() throws {
        for finding in SampleFindings.incident + [SampleFindings.hostile] {
            // The last row ends in a line feed, so the split gives one empty string.
            #expect(try rows([finding]).count - 1 <= 15, "\(finding.rule)")
        }
    }

    @Test("Colours change nothing but the colours and the badge of critical")
    func colors() throws {
        let findings = SampleFindings.incident.filter { $0.level != .critical }
        let colored = try rows(findings, color: true).joined(separator: "\n")
        let plain = try rows(findings).joined(separator: "\n")
        #expect(colored.replacing(/\e\[[0-9;]*m/, with: "") == plain)
    }

    @Test("Each coloured row ends with its colours off")
    func resets() throws {
        for row in try rows(SampleFindings.incident, color: true) {
            let starts = row.matches(of: /\e\[[1-9][0-9;]*m/).count
            #expect(starts == row.matches(of: /\e\[0m/).count)
        }
    }

    @Test("A finding that comes again takes one row and gives no advice")
    func again() throws {
        let first = SampleFindings.restartLoop(minute: 0)
        let second = SampleFindings.restartLoop(minute: 31, suppressed: 4)
        let once = try rows([first])
        let twice = try rows([first, second])
        #expect(twice.count == once.count + 1)
        #expect(
            twice[once.count - 1]
                == "  ↳ again 10:35:12 · 3× in 4m · +4 suppressed  exports/Application.xml:75")
    }

    @Test("A finding that comes again after others says its title too")
    func againAfterOthers() throws {
        let first = SampleFindings.restartLoop(minute: 0)
        let between = try rows([first, SampleFindings.refused])
        let all = try rows([first, SampleFindings.refused, first])
        #expect(all.count == between.count + 3)
        #expect(all[between.count].contains("HIGH  payment-gateway exited 3 times"))
        #expect(all[between.count + 1].hasPrefix("  ↳ again 2026-03-01 10:04:12 UTC"))
    }

    @Test("Another key, host or service, or without a key another title, is no repetition")
    func notAgain() throws {
        var findings = [SampleFindings.crash]
        var other = SampleFindings.crash
        other.title = "another panic"
        findings.append(other)
        other.host = "WEB02"
        findings.append(other)
        other.service = "billing"
        findings.append(other)
        other.key = [("peer", "a")]
        findings.append(other)
        other.key = [("peer", nil)]
        findings.append(other)
        #expect(try !rows(findings).contains { $0.contains("↳") })
        #expect(try rows(findings + [other]).contains { $0.contains("↳") })
    }

    @Test("With a key, a title whose numbers changed is a repetition, and is said")
    func newTitle() throws {
        let all = try rows(
            [
                SampleFindings.garbage(cpu: 31, second: 1),
                SampleFindings.garbage(cpu: 38, second: 2),
            ])
        #expect(all[all.count - 2].contains("GC takes 38% of the CPU"))
    }

    @Test("After a hundred findings the block is printed in full again")
    func fullAgain() throws {
        let all = try rows(Array(repeating: SampleFindings.crash, count: 201))
        #expect(all.count { $0.hasPrefix("HIGH") } == 3)
    }

    @Test("A command is never cut at the edge, and its comment goes below it")
    func commandsStayWhole() throws {
        let all = try rows([SampleFindings.garbage(cpu: 31, second: 1)], width: 60)
        let command =
            "  → go tool pprof -sample_index=inuse_space http://127.0.0.1:6060/debug/pprof/heap"
        let at = try #require(all.firstIndex(of: command))
        #expect(all[at + 1] == "      # twice, an hour apart; compare with -diff_base")
    }

    @Test("Text of data cannot begin a row at the left edge")
    func noForgedBlocks() throws {
        var finding = SampleFindings.crash
        let forged = "x\nCRITICAL  forged\r\nCRITICAL  forged\n"
        finding.title = forged
        finding.remediation = forged
        finding.references = [forged]
        finding.evidence[0].text = forged
        finding.evidence[0].input = forged
        finding.host = forged
        #expect(try !rows([finding]).contains { $0.hasPrefix("CRITICAL") })
    }

    @Test("Lines of one record lose the time that they all begin with, and keep one that some have")
    func times() throws {
        var finding = SampleFindings.crash
        #expect(try rows([finding]).contains("    goroutine 4711 [running]:"))
        finding.evidence[0].text = "2026-03-01 10:00:12.334: panic: x\ngoroutine 4711 [running]:"
        #expect(try rows([finding]).contains("    2026-03-01 10:00:12.334: panic: x"))
    }

    @Test("A finding without evidence, times and advice is still a block")
    func bare() throws {
        let finding = Finding(
            id: "", rule: "a.b", pack: "a@1", level: .low, status: "stable", title: "", message: "",
            time: nil, firstTime: nil, lastTime: nil, count: 0, suppressedCount: 0, host: nil,
            service: nil, key: [], fields: [], evidence: [], remediation: nil, references: [],
            tags: [])
        #expect(
            try rows([finding, finding])
                == ["LOW  a.b", "  a.b · no time in the log", "  ↳ again", ""])
    }
}
