import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Groups, let, where, templates")
struct CaptureTests {
    private func captures(
        _ body: String, _ message: String, title: String = "t"
    ) -> [String: FieldValue]? {
        let plan = RuleBench.plan(body, title: title)
        let matches = RuleBench.match(plan, [("message", message), ("gc.procs", "number:8")])
        return matches.first.map { match in
            Dictionary(match.captures.map { ($0.name, $0.value) }) { first, _ in first }
        }
    }

    @Test(
        "A named group is a number when it reads as one, else text",
        arguments: [
            ("31", FieldValue.number("31")), ("-4.50", .number("-4.50")), ("0", .number("0")),
            ("0.25", .number("0.25")), ("007", .text("007")), ("C:", .text("C:")),
            ("1e5", .text("1e5")), ("+1", .text("+1")), ("1.", .text("1.")), (".5", .text(".5")),
            ("-0", .text("-0")), ("", .text("")), ("123456789012345", .number("123456789012345")),
            ("1234567890123456", .text("1234567890123456")), ("0x1f", .text("0x1f")),
        ])
    func types(text: String, value: FieldValue) {
        #expect(captures("match: {message|re: '^<(?<x>.*)>$'}", "<\(text)>")?["x"] == value)
    }

    @Test("Groups come in order of appearance, unset ones are absent, unnamed ones make none")
    func order() {
        let plan = RuleBench.plan("match: {message|re: '(?<b>b)(x)?(?<c>c)?(?<a>a)'}")
        #expect(plan.rules[0].captures == ["b", "c", "a"])
        let match = RuleBench.match(plan, [("message", "ba")])[0]
        #expect(match.captures.map(\.name) == ["b", "a"])
    }

    @Test("Alternatives may share a group; the one that held sets it")
    func alternatives() {
        let body = """
            match:
              any:
              - {message|re: '^one (?<x>\\w+)', host.name: nobody}
              - {message|re: '(?<x>\\w+)$'}
            """
        #expect(captures(body, "one two three") == ["x": .text("three")])
    }

    @Test("Long captures are cut on a character boundary")
    func long() {
        let text = "x" + String(repeating: "é", count: 3000)
        guard case .text(let kept)? = captures("match: {message|re: '(?<x>.*)'}", text)?["x"] else {
            Issue.record("no capture")
            return
        }
        #expect(kept.utf8.count == 2047)
        #expect(text.hasPrefix(kept))
    }

    @Test("A group that splits a character gives valid text")
    func invalid() {
        let value = captures("match: {message|re: '^(?<x>.)'}", "é")?["x"]
        #expect(value == .text("\u{FFFD}"))
    }

    @Test(
        "Let computes, in the order of writing, with a fixed print",
        arguments: [
            ("a + b * 2", "7"), ("(a + b) * 2", "8"), ("a - -b", "4"), ("a / b", "0.333333333333"),
            ("0.1 + 0.2", "0.3"), ("b / 2", "1.5"), ("a * 100000000000000000000", "1e+20"),
            ("10 / 4 / 5", "0.5"), ("gc.procs * 2", "16"), ("`gc.procs` / 16", "0.5"),
            ("2 - 3", "-1"), ("a - 1.25", "-0.25"), ("0.000001 * a", "0.000001"),
        ])
    func arithmetic(expression: String, printed: String) {
        let value = captures(
            "match: {message|re: '(?<a>\\d+) (?<b>\\d+)'}\nlet: {x: '\(expression)'}", "1 3")?["x"]
        #expect(value?.description == printed)
    }

    @Test(
        "A let without all its operands, or a division by zero, is absent",
        arguments: [
            "a / (b - 3)", "a + log.level", "go.frame.line * 2", "a + c",
        ])
    func absent(expression: String) {
        let found = captures(
            "match: {message|re: '(?<a>\\d+) (?<b>\\d+)(?<c>!)?'}\nlet: {x: \(expression)}", "1 3")
        #expect(found != nil)
        #expect(found?["x"] == nil)
    }

    @Test(
        "Where sees groups, let values and fields; an absent value meets nothing",
        arguments: [
            ("{a|gte: 1}", true), ("{a|gt: 1}", false), ("{s|gte: 4}", true), ("{s|gt: 4}", false),
            ("{gc.procs: 8}", true), ("{a: '1'}", true), ("{none|gt: 0}", false),
            ("{none|exists: false}", true), ("{any: [{a|gt: 5}, {b|gt: 2}]}", true),
            ("{not: {a: 1}}", false), ("{a|fieldref: b}", false), ("{b|re: '^3$'}", true),
        ])
    func filter(condition: String, meets: Bool) {
        let found = captures(
            """
            match: {message|re: '(?<a>\\d+) (?<b>\\d+)'}
            let: {s: a + b, none: a / 0}
            where: \(condition)
            """, "1 3")
        #expect((found != nil) == meets)
    }

    @Test(
        "Pauses of the collector are summed and judged",
        arguments: [
            ("gc 7 @1.2s 31%: 0.018+1.3+0.027 ms clock, 0.1+0/1/2+0.2 ms cpu", true),
            ("gc 7 @1.2s 5%: 30+1.3+20.5 ms clock", true),
            ("gc 7 @1.2s 5%: 30+1.3+19.9 ms clock", false),
            ("gc 7 @1.2s 5%: . +1.3+20.5 ms clock", false),
        ])
    func collector(message: String, meets: Bool) {
        let found = captures(
            #"""
            match: {message|re: '^gc \d+ @\S+ (?<cpu>\d+)%: (?<a>[\d.]+)\+[\d.]+\+(?<b>[\d.]+) ms clock'}
            let: {stw: a + b}
            where: {any: [{cpu|gte: 25}, {stw|gte: 50}]}
            """#, message, title: "{{cpu}}% of the CPU, {{stw}} ms paused")
        #expect((found != nil) == meets)
        if message.contains("31%") { #expect(found?["stw"] == .number("0.045")) }
    }

    @Test("A match hands over key and variables")
    func handover() {
        let plan = RuleBench.plan(
            """
            match: {message|re: 'disk (?<volume>\\S+)'}
            when: {count: {gte: 2}, within: 60s, by: [host.name, volume, service.name]}
            remediation: 'free {{volume}} on {{host.name}}, {{service.name}}'
            """, title: "Disk {{volume}}, kind {{event.kind}}")
        let rule = plan.rules[0]
        #expect(rule.by == ["host.name", "volume", "service.name"])
        #expect(rule.when == .count(of: 0, gte: 2, within: 60_000_000_000))
        let match = RuleBench.match(plan, [("message", "disk C:"), ("host.name", "H")])[0]
        #expect(match.key == ["H", "C:", nil])
        #expect(match.variables == ["volume": "C:", "host.name": "H", "event.kind": "text"])
        #expect(rule.title.rendered { match.variables[$0] } == "Disk C:, kind text")
        #expect(
            rule.remediation?.rendered { match.variables[$0] } == "free C: on H, <service.name>")
    }

    @Test("Braces that name nothing stay as they are")
    func templates() {
        let template = Template("a {b} {{ c d }} }} {{e")
        #expect(template.variables == ["c d"])
        #expect(template.unclosed == "{{e")
        #expect(template.rendered { _ in "X" } == "a {b} X }} {{e")
        #expect(Template("@{LogName='System'}").variables.isEmpty)
    }

    @Test("A value that is missing or empty shows as its default, and only then")
    func defaults() {
        let template = Template("{{ a | default:  no | b: c }} in {{b}}, {{a|default: none}}")
        #expect(template.variables == ["a", "b"])
        #expect(template.badFilters.isEmpty)
        #expect(template.rendered { _ in nil } == "no | b: c in <b>, none")
        #expect(template.rendered { _ in "" } == "no | b: c in , none")
        #expect(template.rendered { $0 + "1" } == "a1 in b1, a1")
        #expect(template.outline == "{{a}} in {{b}}, {{a}}")
    }

    @Test(
        "What follows a bar is a default with a text, or a fault",
        arguments: [
            "default:", "default: ", "default", "Default: x", "x", "",
        ])
    func badFilters(written: String) {
        #expect(Template("{{a|\(written)}}").badFilters.count == 1)
    }
}
