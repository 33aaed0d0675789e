import Foundation
import Testing

@Suite("rules explain")
struct RulesExplainTests {
    private static let pack = #"""
        pack: {name: tool, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: tool.slow
          title: Slow answers of {{peer}}
          level: medium
          match: {message|re: 'slow answer of (?<peer>\S+): (?<ms>\d+) ms'}
          where: {ms|gte: 1000}
          when: {count: {gte: 5}, within: 60s, by: [peer]}
          suppress: 30m
          tests:
          - {fires: 1, lines: ['slow answer of db: 2000 ms'], repeat: 5, every: 1s}
          - {fires: 0, lines: ['slow answer of db: 200 ms'], repeat: 5, every: 1s}
        """#

    private func explain(_ log: String, _ arguments: String...) throws -> Invocation {
        let folder = try TemporaryFolder()
        try folder.write("pack.yaml", Self.pack)
        try folder.write("app.log", log)
        return try Invocation.run(
            ["rules", "explain", "--no-default-rules", "--rules", "pack.yaml"] + arguments,
            in: folder.url)
    }

    private func line(_ second: Int, _ text: String) -> String {
        "2026-03-01T10:0\(second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60)Z \(text)\n"
    }

    private static let words = #"""
        tool.slow  medium  pack.yaml:3
          Slow answers of {{peer}}
        match  message matches /slow answer of (?<peer>\S+): (?<ms>\d+) ms/
        where  ms >= 1000
        fires  at 5 matches of the same peer within 1m
        then   the next finding of the same key after 30m at the earliest

        """#

    @Test("Without files it says the rule in words")
    func words() throws {
        let run = try explain("", "tool.slow")
        #expect(run.status == 0)
        #expect(run.text == Self.words)
    }

    @Test("It names the nearest misses, the value that failed, and how late the fifth came")
    func nearMisses() throws {
        var log = [0, 10, 20, 30, 67].map { line($0, "slow answer of db: 1500 ms") }.joined()
        log += line(70, "slow answer of mail: 1500 ms")
        log += line(80, "slow answer of db: 990 ms")
        log += line(81, "slow answer of db: 2 ms")
        log += line(82, "slow answer of nobody")
        log += line(83, "all is well")
        let run = try explain(log, "tool.slow", "app.log")
        #expect(run.status == 0)
        #expect(
            run.text == Self.words + #"""

                10 records read, 6 match

                first match  app.log:1  2026-03-01T10:00:00Z
                  2026-03-01T10:00:00Z slow answer of db: 1500 ms
                  held    message matches /slow answer of (?<peer>\S+): (?<ms>\d+) ms/
                  held    where: ms >= 1000

                count  missed: 4 of 5 in 1m, number 5 came 7s late; from 2026-03-01T10:00:00Z  peer=db
                count  missed: 1 of 5 in 1m, 1 in all; from 2026-03-01T10:01:10Z  peer=mail

                near miss  app.log:7  2026-03-01T10:01:20Z
                  2026-03-01T10:01:20Z slow answer of db: 990 ms
                  held    message matches /slow answer of (?<peer>\S+): (?<ms>\d+) ms/
                  failed  where: ms >= 1000; got `990`

                near miss  app.log:8  2026-03-01T10:01:21Z
                  2026-03-01T10:01:21Z slow answer of db: 2 ms
                  held    message matches /slow answer of (?<peer>\S+): (?<ms>\d+) ms/
                  failed  where: ms >= 1000; got `2`

                near miss  app.log:9  2026-03-01T10:01:22Z
                  2026-03-01T10:01:22Z slow answer of nobody
                  failed  message matches /slow answer of (?<peer>\S+): (?<ms>\d+) ms/; got `2026-03-01T10:01:22Z slow answer of nobody`

                """#)
    }

    @Test("A fifth match exactly at the window's end is out, and said so; a full window is reached")
    func edges() throws {
        let out = [0, 1, 2, 3, 60].map { line($0, "slow answer of db: 1500 ms") }.joined()
        #expect(
            try explain(out, "tool.slow", "app.log").text.contains(
                "missed: 4 of 5 in 1m, number 5 came exactly at the window's end, which is out"))
        let full = [0, 1, 2, 3, 59].map { line($0, "slow answer of db: 1500 ms") }.joined()
        #expect(
            try explain(full, "tool.slow", "app.log").text.contains("count  reached: 5 of 5 in 1m"))
    }

    @Test("A rule of events is said event by event, with its operator in words")
    func events() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "pack.yaml",
            """
            pack: {name: tool, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: tool.both
              title: Full and dead
              level: high
              events:
                died: {message|contains: died}
                full: {message|contains: disk full}
              when: {all: [died, full], within: 10m}
              tests:
              - {fires: 1, lines: [died, disk full]}
              - {fires: 0, lines: [died, died]}
            """)
        try folder.write("app.log", "it died\ndisk fu\n")
        let run = try Invocation.run(
            [
                "rules", "explain", "--no-default-rules", "--rules", "pack.yaml", "tool.both",
                "app.log",
            ], in: folder.url)
        #expect(
            run.text == """
                tool.both  high  pack.yaml:3
                  Full and dead
                died  message contains `died`
                full  message contains `disk full`
                fires  when died and full all come within 10m

                2 records read, 1 match
                1 match without a time: no window holds them

                first match of died  app.log:1
                  it died
                  held    message contains `died`

                near miss of full  app.log:2
                  disk fu
                  failed  message contains `disk full`; got `disk fu`

                """)
    }

    @Test("A sequence with a silence is said step by step")
    func sequence() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "pack.yaml",
            """
            pack: {name: tool, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: tool.dead
              title: Dead
              level: high
              events:
                died: {message|contains: died}
                running: {message|contains: started}
              when: {sequence: [{died: {gte: 3}}, {not: running, for: 2m}], within: 10m}
              tests:
              - {fires: 1, lines: [died, died, died, end], repeat: 1, every: 3m}
              - {fires: 0, lines: [died]}
            """)
        let run = try Invocation.run(
            ["rules", "explain", "--no-default-rules", "--rules", "pack.yaml", "tool.dead"],
            in: folder.url)
        #expect(
            run.text.contains("fires  at 3 died, then no running for 2m within 10m\n"),
            "\(run.text)\(run.stderr)")
    }

    @Test("Unknown rules, missing files and bad usage are exit status 2")
    func failures() throws {
        let unknown = try explain("", "tool.slwo")
        #expect(unknown.status == 2)
        #expect(unknown.stderr.contains("did you mean `tool.slow`?"))
        let missing = try explain("", "tool.slow", "missing.log")
        #expect(missing.status == 2)
        #expect(missing.stderr.contains("missing.log"))
        #expect(try explain("", "tool.slow", "--near", "101").status == 2)
        #expect(try explain("", "tool.slow", "--manifest", "m.json").status == 2)
        #expect(try explain("").status == 2)
    }

    @Test("Control characters of records do not reach the terminal")
    func control() throws {
        let run = try explain("slow answer of \u{1B}[31mdb: 1 ms\n", "tool.slow", "app.log")
        #expect(!run.text.contains("\u{1B}"))
        #expect(run.text.contains("near miss  app.log:1"))
    }
}
