import Foundation
import Testing

@Suite("rules new")
struct RulesNewTests {
    private static let good = """
        2026-03-01T10:00:00Z starting worker 1
        2026-03-01T10:00:01Z job 17 done in 12 ms by worker 1
        2026-03-01T10:00:02Z job 18 failed over to host "db2"

        """
    private static let bad = """
        2026-03-02T10:00:00Z starting worker 2
        2026-03-02T10:00:01Z job 99 done in 1.5 ms by worker 2
        2026-03-02T10:00:02Z job 100 failed: can't open "C:\\data\\a.db" (handle 0x1f4)
        2026-03-02T10:00:03Z job 101 failed: can't open "C:\\data\\b.db" (handle 0x2a0)
        2026-03-02T10:00:04Z shutting down

        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("good.log", Self.good)
        try folder.write("bad.log", Self.bad)
        return folder
    }

    private func expectGood(_ pack: String, in folder: TemporaryFolder) throws {
        try folder.write("new.yaml", pack)
        let check = try Invocation.run(["rules", "check", "new.yaml"], in: folder.url)
        #expect(check.status == 0, "\(check.stderr)")
        let test = try Invocation.run(["rules", "test", "new.yaml"], in: folder.url)
        #expect(test.status == 0, "\(test.text)")
    }

    @Test("The scaffold loads without a warning and passes its tests")
    func scaffold() throws {
        let folder = try folder()
        let run = try Invocation.run(["rules", "new", "web.slow-answers"], in: folder.url)
        #expect(run.status == 0)
        #expect(run.text.contains("- id: web.slow-answers\n"))
        try expectGood(run.text, in: folder)
    }

    @Test("--from drafts a rule from what only the bad log has, with both tests")
    func draft() throws {
        let folder = try folder()
        let run = try Invocation.run(
            ["rules", "new", "job.failed", "--from", "good.log", "bad.log"], in: folder.url)
        #expect(run.status == 0, "\(run.stderr)")
        #expect(
            run.text == #"""
                pack:
                  name: job
                  version: 0.1.0
                  engine: ">=0.1 <2"
                  license: Apache-2.0
                  description: One sentence about what these rules have in common.

                rules:
                - id: job.failed
                  title: 'job … failed: can''t open … (handle 0x…)'
                  description: >-
                    Drafted from 2 lines that only the bad log has. Say why that matters.
                  level: medium
                  status: experimental
                  match:
                    message|re: 'job \d+(?:\.\d+)* failed: can''t open "[^"]*" \(handle 0x[0-9a-fA-F]+\)$'
                  tests:
                  - fires: 1
                    lines: ['job 100 failed: can''t open "C:\data\a.db" (handle 0x1f4)']
                  - fires: 0                       # the line of the good log that is most like it
                    lines: ['job 18 failed over to host "db2"']
                # Only the bad log has these as well:
                # 1 line: shutting down

                """#)
        try expectGood(run.text, in: folder)
        let scan = ["scan", "--no-default-rules", "--rules", "new.yaml"]
        #expect(try Invocation.run(scan + ["good.log"], in: folder.url).status == 0)
        #expect(try Invocation.run(scan + ["bad.log"], in: folder.url).lines.count == 2)
    }

    @Test("A draft of hostile lines loads, or none is made")
    func hostile() throws {
        let lines = [
            "error {{x}} }} ''\" \\E ^$.|?*+()[]{}# & <b>", "fail \u{1B}[31m red \u{7}",
            "fatal \u{FEFF} \u{2028} \u{202E} ü 漢字", "error: - [a, b]: {c: d} # e",
            "error " + String(repeating: "1.", count: 4000),
            "denied " + String(repeating: "\"", count: 500), "exception   ", "% timeout @ `",
        ]
        for line in lines {
            let folder = try folder()
            try folder.write("bad.log", line + "\n")
            let run = try Invocation.run(
                ["rules", "new", "x.y", "--from", "good.log", "bad.log"], in: folder.url)
            #expect(run.status == 0 || run.status == 1, "\(line): \(run.stderr)")
            if run.status == 0 { try expectGood(run.text, in: folder) }
        }
    }

    @Test("The same log twice gives no rule and exit status 1; bad usage is 2")
    func failures() throws {
        let folder = try folder()
        func status(_ arguments: String...) throws -> Int32 {
            try Invocation.run(["rules", "new"] + arguments, in: folder.url).status
        }
        #expect(try status("a.b", "--from", "good.log", "good.log") == 1)
        #expect(try status("a.b", "--from", "good.log") == 2)
        #expect(try status("a.b", "--from", "good.log", "no.log") == 2)
        #expect(try status("A b") == 2)
        #expect(try status() == 2)
    }
}
