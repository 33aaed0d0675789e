import Foundation
import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Loading packs")
struct LoaderTests {
    @Test("All of a pack's words arrive in the plan")
    func model() throws {
        let text = """
            pack: {name: model, version: 1.2.3-rc.1, engine: ">=0.1 <2", license: Apache-2.0, description: d}
            rules:
            - id: model.rule
              title: 'Disk full on {{volume}}'
              level: critical
              status: stable
              description: why
              author: somebody
              date: 2026-03-01
              tags: [disk, 2026]
              logsource: {product: go, service: gctrace, category: c}
              match: {message|re: 'full (?<volume>\\S+)'}
              suppress: 1.5h
              references: [https://example.com]
              falsepositives: [a test]
              tests:
              - fires: 1
                lines: ['full C:', "panic: x\\n\\ngoroutine 1 [running]:"]
                repeat: 3
                every: 500ms
              - fires: 0
                events:
                - provider: p
                  code: 7036
                  level: 2
                  channel: System
                  host: H
                  time: '2026-03-01T10:00:00Z'
                  record_id: 9
                  qualifiers: 16384
                  guid: '{aa}'
                  binary: 4F00
                  message: rendered
                  data: {A: 1, B: [x, y], C: }
                - {provider: p, code: 1, data: [a, '', 007]}
                - {provider: p, code: 2, user_data: {Root: {'@id': 5, Item: [a, b], Deep: {Leaf: x}}}}
            """
        let result = RuleBench.load(text)
        #expect(result.diagnostics.isEmpty)
        let pack = try #require(result.plan.packs.first)
        #expect(pack.name == "model")
        #expect(pack.version == "1.2.3-rc.1")
        #expect(pack.license == "Apache-2.0")
        #expect(pack.path == "pack.yaml")
        #expect(pack.sha256 == Digest.hex(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) }))
        let rule = try #require(result.plan.rules.first)
        #expect(rule.level == .critical)
        #expect(rule.status == "stable")
        #expect(rule.tags == ["disk", "2026"])
        #expect(rule.logsource == LogSource(product: "go", service: "gctrace", category: "c"))
        #expect(rule.title.source == "Disk full on {{volume}}")
        #expect(rule.suppress == 5_400_000_000_000)
        #expect(rule.when == nil)
        #expect(rule.line == 3)
        #expect(rule.tests.map(\.fires) == [1, 0])
        #expect(rule.tests[0].repeats == 3)
        #expect(rule.tests[0].every == 500_000_000)
        #expect(rule.tests[0].line == 17)
        guard case .line(let panic) = rule.tests[0].records[1],
            case .event(let named) = rule.tests[1].records[0],
            case .event(let unnamed) = rule.tests[1].records[1],
            case .event(let tree) = rule.tests[1].records[2]
        else {
            Issue.record("records of the wrong kind")
            return
        }
        #expect(panic.text == "panic: x\n\ngoroutine 1 [running]:")
        #expect(named.data == .named([("A", "1"), ("B", "x"), ("B", "y"), ("C", "")]))
        #expect(named.binary == "4F00")
        #expect(unnamed.data == .unnamed(["a", "", "007"]))
        let root = try #require(tree.userData)
        #expect(root.name == "Root")
        #expect(root.attributes.map(\.value) == ["5"])
        #expect(root.children.map(\.name) == ["Item", "Item", "Deep"])
        #expect(root.children[2].children[0].text == "x")
    }

    @Test("A test event is XML as Windows writes it, escaped")
    func xml() {
        var event = TestEvent(provider: "P & 'Q'", code: 7036)
        event.time = "2026-03-01T10:00:00Z"
        event.qualifiers = 16384
        event.guid = "{g}"
        event.binary = "00"
        event.message = "a\r\n<b>"
        event.data = .named([("Thre'at", "1 < 2 & \"3\"")])
        #expect(
            event.xml()
                == "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
                + "<Provider Name='P &amp; &apos;Q&apos;' Guid='{g}'/>"
                + "<EventID Qualifiers='16384'>7036</EventID><Version>0</Version><Level>4</Level>"
                + "<Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>"
                + "<TimeCreated SystemTime='2026-03-01T10:00:00Z'/><EventRecordID>1</EventRecordID>"
                + "<Correlation/><Execution ProcessID='0' ThreadID='0'/>"
                + "<Channel>Application</Channel><Computer>WEB01</Computer><Security/></System>"
                + "<EventData><Data Name='Thre&apos;at'>1 &lt; 2 &amp; &quot;3&quot;</Data>"
                + "<Binary>00</Binary></EventData><RenderingInfo Culture='en-US'>"
                + "<Message>a&#13;&#10;&lt;b&gt;</Message></RenderingInfo></Event>")
        event.userData = TestEvent.Element(
            name: "Root", attributes: [("id", "5")],
            children: [TestEvent.Element(name: "A", text: "x")])
        #expect(event.xml().contains("<UserData><Root id='5'><A>x</A></Root></UserData>"))
        #expect(!event.xml().contains("<EventData>"))
    }

    @Test("Every mistake of a pack is reported at its line, in one go")
    func allMistakes() {
        let tests = "  tests: [{fires: 1, lines: [abc]}, {fires: 0, lines: [xyz]}]\n"
        func rule(_ id: String, _ body: String, _ rest: String = tests) -> String {
            "- id: \(id)\n  title: t\n  level: low\n\(body)\n\(rest)"
        }
        let match = "  match: {message|contains: abc}"
        let text = RuleBench.pack(
            rule("bad.key", "  tilte: a typo   # BAD\n\(match)")
                + "- id: bad.level\n  title: t\n  level: hihg   # BAD\n\(match)\n\(tests)"
                + rule("bad.regex", "  match: {message|re: 'a(bc'}   # BAD")
                + rule("bad.modifier", "  match: {message|containz: abc}   # BAD")
                + rule("bad.time", "\(match)\n  when: {count: {gte: 2}, within: 5parsecs}   # BAD")
                + rule("bad.tests   # BAD", match, "") + rule("bad.key   # BAD", match))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains("# BAD") }.map { $0.offset + 1 }
        let result = RuleBench.load(text)
        #expect(result.diagnostics.map(\.line) == lines)
        #expect(result.diagnostics.allSatisfy { $0.column > 1 })
        #expect(result.plan.rules.isEmpty)
    }

    @Test("Good rules beside bad ones are in the plan, in order")
    func goodRules() {
        let result = RuleBench.load(
            RuleBench.pack(
                RuleBench.rule("match: {message: a}", id: "r.one")
                    + RuleBench.rule("match: {}", id: "r.two")
                    + RuleBench.rule("match: {message: a}", id: "r.three")))
        #expect(result.hasErrors)
        #expect(result.plan.rules.map(\.id) == ["r.one", "r.three"])
        #expect(result.plan.rules.map(\.index) == [0, 1])
        #expect(RuleBench.match(result.plan, [("message", "a")]).map(\.rule) == [0, 1])
    }

    @Test("An alias stands for its value, and a fault in it is said once")
    func aliases() {
        let good = RuleBench.load(
            RuleBench.pack(
                "- id: r.one\n  title: t\n  level: low\n  match: &m {message: a}\n  tests: &t [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]\n"
                    + "- id: r.two\n  title: t\n  level: low\n  match: {any: [*m]}\n  tests: *t\n"))
        #expect(good.diagnostics.isEmpty)
        #expect(RuleBench.match(good.plan, [("message", "a")]).count == 2)
        let bad = RuleBench.load(
            RuleBench.pack(
                "- id: r.one\n  title: t\n  level: low\n  match: &m {message|x: a}\n\(RuleBench.tests)"
                    + "- id: r.two\n  title: t\n  level: low\n  match: *m\n\(RuleBench.tests)"))
        #expect(bad.diagnostics.count == 1)
        #expect(bad.plan.rules.isEmpty)
    }

    @Test("Files over the limits are refused before they are read")
    func sizes() {
        func code(_ bytes: [UInt8]) -> [String] {
            PackLoader.load([PackText(path: "p", bytes: bytes)]).diagnostics.map(\.code)
        }
        #expect(code([UInt8](repeating: 0x20, count: 10_000_001)) == ["W003"])
        let rules = (0...10_000).map { "- {id: a.b\($0)}\n" }.joined()
        #expect(code(Array(RuleBench.pack(rules).utf8)) == ["W003"])
    }

    @Test("A file wrong in more ways than are listed says how many more")
    func manyMistakes() {
        let text = RuleBench.pack((0..<1500).map { "- {id: a.b\($0), xyz: 1}\n" }.joined())
        let diagnostics = RuleBench.load(text).diagnostics
        #expect(diagnostics.count == 1001)
        #expect(diagnostics.last?.message == "6500 more like these are not listed")
    }

    @Test(
        "Hostile YAML is refused in time",
        arguments: [
            String(repeating: "[", count: 200_000), String(repeating: "{", count: 200_000),
            String(repeating: "- ", count: 200_000), String(repeating: "? ", count: 200_000),
            String(repeating: "'", count: 200_000), String(repeating: "a: 1\n", count: 20_000),
            "a: &a [x]\n" + (0..<20_000).map { "- &b\($0) [*b\($0 - 1)]\n" }.joined(),
            "? &a [x, x]\n: 1\n" + (0..<64).map { "? &c\($0) [*c\($0), *a]\n: 1\n" }.joined(),
            "\u{FEFF}\u{FEFF}a", "%YAML 3.0\n---\na", "%TAG ! tag:x,1:\n--- !a b", "--- |\n", "&",
            "*", "!",
            "a: !!binary aGk=", "a: \"\\ud800\"", "a: \"\\U00110000\"",
            "\u{85}\u{2028}a: \u{2029}b: c",
        ])
    func hostile(text: String) {
        let time = RuleBench.cpuTime { #expect(RuleBench.load(text).hasErrors) }
        #expect(time < .seconds(10))
    }

    @Test("Packs with bytes changed at random never stop the loader")
    func mutations() {
        let seed = Array(
            (RuleBench.pack(
                RuleBench.rule(
                    """
                    match:
                      any: [{message|re: 'a(?<x>\\d+)'}, {event.code: [1, "2"], not: {a|cidr: 10.0.0.0/8}}]
                      message|windash|contains: ['-é', "\\u00e9\\n"]
                    let: {y: (x + 1) * 2}
                    where: {y|gt: 3}
                    when: {count: {gte: 2}, within: 60s, by: [x]}
                    remediation: |-
                      do {{x}} {{y}}
                    """)
            ) + "filters: [{rules: [bench.*, '*'], unless: {any: [{a|re|i: b}]}}]\n"
                + "overrides: [{rules: bench.rule, level: low, enabled: true, suppress: 5m}]\n")
                .utf8)
        var random = SeededNumbers("mutations")
        let alphabet = Array("[]{}:,-?*&!|>'\"%@` \n\t#\\(|)+*0aé\u{0}".utf8)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0...random.next(4) {
                let at = random.next(bytes.count)
                switch random.next(4) {
                case 0: bytes[at] = alphabet[random.next(alphabet.count)]
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(alphabet[random.next(alphabet.count)], at: at)
                default: bytes.insert(contentsOf: seed[..<min(at, 40)], at: at)
                }
            }
            let result = PackLoader.load([PackText(path: "p", bytes: bytes)])
            for diagnostic in result.diagnostics {
                #expect(diagnostic.line >= 1 && diagnostic.column >= 1)
                #expect(!diagnostic.rendered(color: false).isEmpty)
            }
            _ = RuleBench.match(result.plan, [("message", "-éa12"), ("event.code", "1")])
        }
    }

    @Test(
        "Plain scalars are what the core schema says, quoted ones are text",
        arguments: [
            ("no", YAMLScalar.Value.text), ("yes", .text), ("true", .bool(true)),
            ("False", .bool(false)),
            ("tRUE", .text), ("null", .null), ("~", .null), ("", .null), ("12", .int(12)),
            ("-7", .int(-7)), ("+7", .int(7)), ("0o17", .int(15)), ("0x1F", .int(31)),
            ("007", .int(7)),
            ("1.5", .float(1.5)), ("1e3", .float(1000)), (".5", .float(0.5)), ("1.", .float(1)),
            ("1.2.3", .text), ("2026-03-01", .text), ("60s", .text), ("1_000", .text),
            ("0b1", .text),
            ("9223372036854775808", .float(9_223_372_036_854_775_808)), ("-", .text), (".", .text),
        ])
    func scalars(text: String, value: YAMLScalar.Value) {
        #expect(YAMLScalar(text: text, style: .plain, forcedText: false).value == value)
        #expect(YAMLScalar(text: text, style: .singleQuoted, forcedText: false).value == .text)
    }

    @Test(
        "Durations have a unit, are more than zero and at most 30 days",
        arguments: [
            ("500ms", 500_000_000 as Int64?), ("60s", 60_000_000_000), ("5m", 300_000_000_000),
            ("2h", 7_200_000_000_000), ("30d", 2_592_000_000_000_000), ("0.5s", 500_000_000),
            ("30.1d", nil), ("0s", nil), ("0.0000001ms", nil), ("-1s", nil), ("5", nil), ("s", nil),
            ("5 s", nil), ("5S", nil), (".5s", nil), ("5.s", nil), ("1e3s", nil), ("٣s", nil),
            ("1..5s", nil),
        ])
    func durations(text: String, nanoseconds: Int64?) {
        #expect((try? DurationText.nanoseconds(text)) == nanoseconds)
    }

    @Test("Versions compare as semver says, ranges hold all their bounds")
    func versions() throws {
        let order = [
            "0.1.0-alpha", "0.1.0-alpha.1", "0.1.0-alpha.beta", "0.1.0-beta.2", "0.1.0-beta.11",
            "0.1.0", "0.2.0", "0.10.0", "1.0.0+build",
        ]
        let versions = try order.map { try #require(SemanticVersion($0)) }
        for (a, b) in zip(versions, versions.dropFirst()) { #expect(a < b && !(b < a)) }
        for bad in [
            "1", "1.0", "01.0.0", "1.0.0-", "1.0.0+", "1.0.0.0", "v1.0.0", "1.0.x", "1.0.-1",
        ] {
            #expect(SemanticVersion(bad) == nil)
        }
        let current = try #require(SemanticVersion("0.1.0"))
        for (range, holds) in [
            (">=0.1 <2", true), (">=0.1.1", false), ("0.1.0", true), ("0", false),
            ("=0.1", true), ("<=0.1", true), ("<0.1", false), (">0.0.9 <1", true),
        ] {
            #expect(VersionRange(range)?.contains(current) == holds)
        }
        for bad in ["", "about one", "~0.1", ">=", ">=0.1,<2", "0.1.0.0", ">= 0.1"] {
            #expect(VersionRange(bad) == nil)
        }
    }

    @Test(
        "The nearest name is the one with few edits, or none",
        arguments: [
            ("tilte", "title" as String?), ("hihg", nil), ("levle", "level"), ("Match", "match"),
            ("xyzzy", nil), ("", nil), ("mach", "match"),
        ])
    func nearest(name: String, expected: String?) {
        #expect(NearestName.nearest(to: name, in: ["title", "level", "match"]) == expected)
    }

    @Test(
        "Addresses are read strictly",
        arguments: [
            ("10.0.0.0/8", true), ("10.0.0.1", true), ("::", true), ("::/0", true), ("1::", true),
            ("::ffff:1.2.3.4/128", true), ("1:2:3:4:5:6:7:8", true), ("10.0.0/8", false),
            ("10.0.0.0/33", false), ("10.0.0.0/-1", false), ("10.0.0.0/08", false),
            ("256.0.0.1", false),
            ("1:", false), (":1", false), (":::", false), ("1::2::3", false),
            ("1:2:3:4:5:6:7:8:9", false),
            ("12345::", false), ("", false), ("a", false), ("1.2.3.4:80", false),
        ])
    func networks(text: String, isGood: Bool) {
        #expect((Network(text) != nil) == isGood)
    }
}
