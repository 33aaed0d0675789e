import Foundation
import Testing

@Suite("Tools of rules")
struct RulesToolTests {
    private static func pack(_ version: String, bound: Int) -> String {
        #"""
        pack: {name: tool, version: \#(version), engine: ">=0.1 <2"}
        rules:
        - id: tool.slow
          title: '{{peer}} is slow'
          level: medium
          match: {message|re: 'slow answer of (?<peer>\S+): (?<ms>\d+) ms'}
          where: {ms|gte: \#(bound)}
          tests:
          - {fires: 1, lines: ['slow answer of db: 1000 ms']}
          - {fires: 0, lines: ['slow answer of db: 9 ms']}
        """#
    }

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("old.yaml", Self.pack("1.0.0", bound: 1000))
        try folder.write("new.yaml", Self.pack("2.0.0", bound: 1000))
        try folder.write("low.yaml", Self.pack("2.0.0", bound: 500))
        try folder.write(
            "app.log",
            """
            2026-03-01T10:00:00Z slow answer of db: 1500 ms
            2026-03-01T10:00:01Z slow answer of mail: 700 ms
            2026-03-01T10:00:02Z all is well

            """)
        return folder
    }

    private func rules(_ arguments: String...) throws -> Invocation {
        let folder = try folder()
        return try withExtendedLifetime(folder) {
            try Invocation.run(["rules"] + arguments, in: folder.url)
        }
    }

    @Test("diff names what appears and vanishes; a new version alone is no difference")
    func diff() throws {
        let same = try rules("diff", "old.yaml", "new.yaml", "app.log")
        #expect(same.status == 0)
        #expect(same.text == "0 vanish, 0 appear, 1 stay\n")
        let line = "tool.slow  medium  mail is slow  app.log:2  2026-03-01T10:00:01Z\n"
        let more = try rules("diff", "old.yaml", "low.yaml", "app.log")
        #expect(more.status == 1)
        #expect(more.text == "+ " + line + "0 vanish, 1 appear, 1 stay\n")
        let fewer = try rules("diff", "low.yaml", "old.yaml", "app.log")
        #expect(fewer.status == 1)
        #expect(fewer.text == "- " + line + "1 vanish, 0 appear, 1 stay\n")
    }

    @Test("diff without a log, with stdin, a missing log or a missing pack is exit status 2")
    func badDiff() throws {
        #expect(try rules("diff", "old.yaml", "new.yaml").status == 2)
        #expect(try rules("diff", "old.yaml", "new.yaml", "-").status == 2)
        #expect(try rules("diff", "old.yaml", "new.yaml", "no.log").status == 2)
        #expect(try rules("diff", "old.yaml", "no.yaml", "app.log").status == 2)
    }

    @Test("bench counts evaluations and matches of each rule, shares add up")
    func bench() throws {
        let run = try rules("bench", "--no-default-rules", "--rules", "old.yaml", "app.log")
        #expect(run.status == 0)
        let text = run.text
            .replacing(#/[\d.]+ (ns|us|ms|s)\b/#, with: "T").replacing(#/ +/#, with: " ")
        #expect(
            text == """
                3 records, 130 B in T: T a record, T of it in rules

                rule evaluated matched each a record share
                tool.slow 2 1 T T 100.0 %

                """)
        #expect(try rules("bench", "no.log").status == 2)
        let top = try rules("bench", "--top", "1", "app.log")
        #expect(top.text.contains("more rules: --top 0 lists all"))
    }

    @Test("docs/rules is what `rules docs` prints: run `winnow rules docs --output docs/rules`")
    func pages() throws {
        let folder = try TemporaryFolder()
        let run = try Invocation.run(
            ["rules", "docs", "--output", folder.url.appendingPathComponent("rules").path])
        #expect(run.status == 0, "\(run.stderr)")
        let printed = try Self.texts(folder.url.appendingPathComponent("rules"))
        let kept = try Self.texts(Invocation.root.appendingPathComponent("docs/rules"))
        #expect(printed.keys.sorted() == kept.keys.sorted())
        for (name, page) in printed { #expect(kept[name] == page, "\(name) differs") }
    }

    private static func texts(_ folder: URL) throws -> [String: String] {
        var texts: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            texts[name] = try String(
                contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        }
        return texts
    }

    @Test("docs deletes pages of rules that are gone and leaves other files")
    func stalePages() throws {
        let folder = try folder()
        let arguments = ["rules", "docs", "--no-default-rules", "--output", "pages", "--rules"]
        _ = try Invocation.run(arguments + ["old.yaml"], in: folder.url)
        let pages = folder.url.appendingPathComponent("pages")
        try folder.write("pages/mine.md", "# Mine\n")
        try folder.write(
            "other.yaml", Self.pack("1.0.0", bound: 1000).replacing("slow\n", with: "fast\n"))
        let run = try Invocation.run(arguments + ["other.yaml"], in: folder.url)
        #expect(run.status == 0, "\(run.stderr)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: pages.path).sorted() == [
                "README.md", "mine.md", "tool.fast.md",
            ])
        let one = try Invocation.run(
            ["rules", "docs", "--no-default-rules", "--rules", "old.yaml", "tool.slow"],
            in: folder.url)
        #expect(one.text.hasPrefix("<!-- Printed"))
        #expect(one.text.contains("# `peer` is slow\n"))
        #expect(
            try Invocation.run(["rules", "docs", "no.rule"], in: folder.url).status == 2)
    }

    @Test("test --junit writes every test, failures with what was expected")
    func junit() throws {
        let folder = try folder()
        try folder.write(
            "bad.yaml",
            Self.pack("1.0.0", bound: 1000).replacing("fires: 1, lines", with: "fires: 2, lines"))
        let run = try Invocation.run(
            ["rules", "test", "bad.yaml", "--junit", "r.xml"], in: folder.url)
        #expect(run.status == 1)
        let xml = try String(
            contentsOf: folder.url.appendingPathComponent("r.xml"), encoding: .utf8)
        #expect(
            xml == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites tests="2" failures="1">
                  <testsuite name="tool" tests="2" failures="1">
                    <testcase classname="tool.slow" name="bad.yaml:9"><failure message="expected 2 findings, got 1">1 record matches</failure></testcase>
                    <testcase classname="tool.slow" name="bad.yaml:10"/>
                  </testsuite>
                </testsuites>

                """)
        #expect(
            try Invocation.run(
                ["rules", "test", "old.yaml", "--junit", "no/r.xml"], in: folder.url
            ).status == 2)
    }
}
