import Foundation
import Testing

@Suite("Overlays on the command line")
struct OverlayCommandTests {
    private static let pack = #"""
        pack: {name: shop, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: shop.slow
          title: '{{peer}} is slow'
          level: medium
          match: {message|re: 'slow answer of (?<peer>\S+)'}
          tests:
          - {fires: 1, lines: ['slow answer of db']}
          - {fires: 0, lines: ['slow']}
        - id: shop.noise
          title: Noise
          level: low
          match: {message|contains: noise}
          tests:
          - {fires: 1, lines: [noise]}
          - {fires: 0, lines: [silence]}
        """#
    private static let site = #"""
        pack: {name: site, version: 1.2.0, engine: ">=0.1 <2", description: our machines}
        filters:
        - rules: [shop.slow, shop.slwo]
          unless: {message|contains: of mail}
        overrides:
        - {rules: shop.*, level: high}
        - {rules: shop.noise, enabled: false}
        """#

    private func run(_ arguments: String...) throws -> Invocation {
        let folder = try TemporaryFolder()
        try folder.write("shop.yaml", Self.pack)
        try folder.write("site.yaml", Self.site)
        try folder.write("both/a.yaml", Self.site)
        try folder.write("both/b.yaml", Self.pack)
        try folder.write("old/b.yaml", Self.pack)
        try folder.write(
            "default.yaml",
            #"""
            pack: {name: site, version: 1.0.0, engine: ">=0.1 <2"}
            filters: [{rules: err.too-many-files, unless: {message|contains: receipt}}]
            overrides: [{rules: 'av.*', enabled: false}]
            """#)
        try folder.write(
            "nssm.yaml",
            Self.pack.replacing("name: shop, version: 1", with: "name: nssm, version: 9"))
        try folder.write(
            "app.log",
            """
            2026-03-01T10:00:00Z slow answer of db
            2026-03-01T10:00:01Z slow answer of mail
            2026-03-01T10:00:02Z noise
            2026-03-01T10:00:03Z open data/receipt-1.txt: too many open files

            """)
        return try withExtendedLifetime(folder) {
            try Invocation.run(arguments, in: folder.url)
        }
    }

    private static let warning = """
        warning[W041]: there is no rule `shop.slwo`
         --> site.yaml:3:22
          |
        3 | - rules: [shop.slow, shop.slwo]
          |                      ^
          = help: did you mean `shop.slow`?

        """

    @Test("A scan obeys overlays that come before their packs, and says what they do not do")
    func scan() throws {
        let run = try run(
            "scan", "--no-default-rules", "--rules", "site.yaml", "--rules", "shop.yaml",
            "--format", "ndjson", "app.log")
        #expect(run.status == 1)
        let findings = try run.objects()
        #expect(findings.map { $0["title"] as? String } == ["db is slow"])
        #expect(findings.map { $0["level"] as? String } == ["high"])
        #expect(findings.map { $0["pack"] as? String } == ["shop@1.0.0"])
        #expect(
            run.stderr == Self.warning
                + "winnow: 1 input, 173 B, 4 records, 1 matched; 1 finding\n"
                + "winnow: 1 rule disabled; `winnow rules list` names them\n")
    }

    @Test("list shows levels as they are now, and disabled rules as such")
    func list() throws {
        let run = try run(
            "rules", "list", "--no-default-rules", "--rules", "site.yaml", "--rules", "shop.yaml")
        #expect(
            run.text == """
                shop.slow   high           {{peer}} is slow
                shop.noise  disabled       Noise

                """)
        #expect(run.stderr == Self.warning)
    }

    @Test(
        "explain names the pack that set a level, filters or disables, and shows what it kept out")
    func explain() throws {
        let slow = try run(
            "rules", "explain", "shop.slow", "--no-default-rules", "--rules", "site.yaml",
            "--rules", "shop.yaml", "app.log")
        #expect(
            slow.text == #"""
                shop.slow  high  shop.yaml:3
                  {{peer}} is slow
                match  message matches /slow answer of (?<peer>\S+)/
                fires  at every match
                level  high instead of medium (site 1.2.0, site.yaml:6)
                unless  (site 1.2.0, site.yaml:3)
                  message contains `of mail`

                4 records read, 1 match

                first match  app.log:1  2026-03-01T10:00:00Z
                  2026-03-01T10:00:00Z slow answer of db
                  held    message matches /slow answer of (?<peer>\S+)/
                  held    filter: not message contains `of mail`

                near miss  app.log:2  2026-03-01T10:00:01Z
                  2026-03-01T10:00:01Z slow answer of mail
                  held    message matches /slow answer of (?<peer>\S+)/
                  failed  filter: not message contains `of mail`

                """#)
        let noise = try run(
            "rules", "explain", "shop.noise", "--no-default-rules", "--rules", "site.yaml",
            "--rules", "shop.yaml")
        #expect(
            noise.text.hasSuffix(
                """
                disabled  no scan runs the rule (site 1.2.0, site.yaml:7)
                level  high instead of low (site 1.2.0, site.yaml:6)

                """))
    }

    @Test("check takes overlays as a scan would: beside the built-in packs")
    func check() throws {
        let good = try run("rules", "check", "default.yaml")
        #expect(good.text == "1 pack, 0 rules: 0 errors, 0 warnings\n")
        #expect(good.stderr == "")
        #expect(good.status == 0)
        let alone = try run("rules", "check", "default.yaml", "--no-default-rules")
        #expect(alone.text == "1 pack, 0 rules: 0 errors, 2 warnings\n")
        #expect(alone.status == 1)
        let typo = try run("rules", "check", "site.yaml", "shop.yaml")
        #expect(typo.text == "2 packs, 2 rules: 0 errors, 1 warning\n")
        #expect(typo.stderr == Self.warning)
    }

    @Test("test runs the tests of rules without overlays of other packs")
    func test() throws {
        let run = try run("rules", "test", "site.yaml", "shop.yaml")
        #expect(run.text == "4 passed, 0 failed (2 rules)\n")
        #expect(run.stderr == "")
        #expect(try self.run("rules", "test", "site.yaml").text == "0 passed, 0 failed (0 rules)\n")
    }

    @Test("diff shows what an overlay changes: of packs in two folders, and of the default ones")
    func diff() throws {
        let packs = try run("rules", "diff", "old", "both", "app.log")
        #expect(packs.status == 1)
        #expect(
            packs.text == """
                - shop.slow  medium  db is slow  app.log:1  2026-03-01T10:00:00Z
                - shop.slow  medium  mail is slow  app.log:2  2026-03-01T10:00:01Z
                - shop.noise  low  Noise  app.log:3  2026-03-01T10:00:02Z
                + shop.slow  high  db is slow  app.log:1  2026-03-01T10:00:00Z
                3 vanish, 1 appear, 1 stay

                """)
        let defaults = try run("rules", "diff", "default", "default.yaml", "app.log")
        #expect(
            defaults.text == """
                - err.too-many-files  critical  Too many open files  app.log:4  2026-03-01T10:00:03Z
                1 vanish, 0 appear, 0 stay

                """)
        #expect(defaults.stderr == "")
    }

    @Test("The overlay in docs/rule-language.md is one for the default packs, without a warning")
    func documentation() throws {
        let page = try String(
            contentsOf: Invocation.root.appendingPathComponent("docs/rule-language.md"),
            encoding: .utf8)
        let block = try #require(
            page.split(separator: "```yaml\n").first { $0.hasPrefix("pack: {name: site-tuning") })
        let overlay = try #require(block.split(separator: "```").first)
        let folder = try TemporaryFolder()
        try folder.write("site-tuning.yaml", String(overlay))
        let run = try Invocation.run(["rules", "check", "site-tuning.yaml"], in: folder.url)
        #expect(run.text == "1 pack, 0 rules: 0 errors, 0 warnings\n", "\(run.stderr)")
    }

    @Test("A pack given with --rules replaces the default one of its name, and this is said")
    func replacement() throws {
        let note = /winnow: pack nssm 9\.0\.0 of nssm\.yaml replaces the default one \([\d.]+\)\n/
        let list = try run("rules", "list", "--rules", "nssm.yaml")
        #expect(list.status == 0)
        #expect(list.text.contains("\nshop.slow ") && list.text.contains("\nscm."))
        #expect(!list.text.contains("\nnssm."))
        #expect(list.stderr.wholeMatch(of: note) != nil, "\(list.stderr)")
        let scan = try run("scan", "--rules", "nssm.yaml", "app.log")
        #expect(scan.stderr.contains(note))
        let quiet = try run("scan", "--quiet", "--rules", "nssm.yaml", "app.log")
        #expect(quiet.stderr == "")
        let twice = try run("rules", "list", "--rules", "shop.yaml", "--rules", "shop.yaml")
        #expect(twice.status == 2)
        #expect(twice.stderr.contains("error[W030]: the pack `shop` is there twice"))
    }
}
