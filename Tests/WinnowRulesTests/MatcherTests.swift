import Foundation
import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Matcher")
struct MatcherTests {
    /// Rules of all kinds of needs.
    static let rules: [String] = [
        "match: {message|contains: [handle, socket]}", "match: {message|re: 'code (?<c>\\d+)'}",
        "match: {message|re: '\\d{4}'}", "match: {event.code: [1000, 1001], event.provider: app}",
        "match: {event.code: '7036'}",
        "match: {any: [{event.code: 1000}, {message|contains: panic}]}",
        "match: {any: [{event.code: 1000}, {event.code: 1001, message|contains: panic}]}",
        "match: {not: {message|contains: panic}}", "match: {event.kind: go.crash}",
        "match: {event.kind: [text, go.crash], message|re: 'panic|fatal'}",
        "match: {message|contains|all: [open, files]}", "match: {message|startswith: 'open*files'}",
        "match: {event.code|gt: 1000}", "match: {event.code|neq: 1000}", "match: {message: null}",
        "match: {message|re|i: 'größe|PANIC'}", "match: {host.name|exists: true}",
        "logsource: {product: windows}\nmatch: {message|contains: panic}",
        "match: {message|endswith: [files, panic]}", "match: {message|re: 'a|handle'}",
    ]

    static func plan() -> Plan {
        let text = RuleBench.pack(
            rules.enumerated().map { RuleBench.rule($1, id: "bench.r\($0)") }.joined())
        let result = RuleBench.load(text)
        #expect(!result.hasErrors)
        return result.plan
    }

    static func records() -> [(fields: FieldTable, kind: String)] {
        var random = SeededNumbers("records")
        let words = [
            "handle", "HANDLE", "socket", "code 12", "Panic", "fatal", "open", "files", "2026", "a",
            "größe", "GRÖSSE", "GRÖßE", "pani", "hand", "soc", "xyz",
        ]
        let codes = [
            "number:1000", "number:1001", "7036", "1000.0", "07036", "text", "number:1002",
        ]
        return (0..<2000).map { _ in
            var pairs: [(String, String)] = []
            for _ in 0..<random.next(3) {
                pairs.append(
                    (
                        "message",
                        (0..<random.next(5)).map { _ in words[random.next(words.count)] }
                            .joined(separator: random.next(2) == 0 ? " " : "")
                    ))
            }
            for _ in 0..<random.next(3) {
                pairs.append(("event.code", codes[random.next(codes.count)]))
            }
            if random.next(2) == 0 { pairs.append(("event.provider", "App")) }
            if random.next(4) == 0 { pairs.append(("host.name", "h")) }
            let kind = ["text", "go.crash", "windows.event", "GO.crash"][random.next(4)]
            return (RuleBench.fields(pairs), kind)
        }
    }

    private static func found(_ matcher: Matcher, _ record: (fields: FieldTable, kind: String))
        -> [Int]
    {
        var rules: [Int] = []
        matcher.match(record.fields, kind: record.kind) { rules.append($0.rule) }
        return rules
    }

    @Test("Pruning never changes the result")
    func pruning() {
        let plan = Self.plan()
        let matcher = Matcher(plan)
        var evaluator = Evaluator(plan.program)
        var pruned = 0
        for record in Self.records() {
            var expected: [Int] = []
            record.fields.arena.withUnsafeBytes { arena in
                evaluator.values.begin(
                    arena, record.fields.entries, kind: Array(record.kind.utf8),
                    names: plan.program.slots)
                for (index, rule) in plan.program.rules.enumerated() {
                    let isWindows = record.kind.hasPrefix("windows.")
                    if plan.rules[index].logsource?.product == "windows", !isWindows { continue }
                    if evaluator.matches(rule) { expected.append(index) }
                }
            }
            let before = matcher.counters.reduce(0) { $0 + $1.candidates }
            #expect(Self.found(matcher, record) == expected)
            pruned +=
                plan.rules.count - (matcher.counters.reduce(0) { $0 + $1.candidates } - before)
        }
        #expect(pruned > 2000 * plan.rules.count / 3)
    }

    @Test("Two threads with one plan find what one finds")
    func threads() async {
        let plan = Self.plan()
        let expected = {
            let matcher = Matcher(plan); return Self.records().map { Self.found(matcher, $0) }
        }()
        let all = await withTaskGroup(of: [[Int]].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let matcher = Matcher(plan)
                    return Self.records().map { Self.found(matcher, $0) }
                }
            }
            return await group.reduce(into: [[[Int]]]()) { $0.append($1) }
        }
        #expect(all.count == 2)
        #expect(all.allSatisfy { $0 == expected })
    }

    @Test("The order of records does not matter")
    func order() {
        let plan = Self.plan()
        let records = Self.records()
        let forward = Matcher(plan)
        let backward = Matcher(plan)
        let first = records.map { Self.found(forward, $0) }
        let second = records.reversed().map { Self.found(backward, $0) }
        #expect(first == second.reversed())
        #expect(forward.counters.map(\.matches) == backward.counters.map(\.matches))
        #expect(forward.counters.map(\.candidates) == backward.counters.map(\.candidates))
    }

    @Test("A plan without rules matches nothing")
    func empty() {
        let plan = PackLoader.load([]).plan
        #expect(RuleBench.match(plan, [("message", "a")]).isEmpty)
    }

    @Test("A record of fifty thousand fields is matched in time")
    func manyFields() {
        let plan = RuleBench.plan("match: {message: none, a: x}")
        let fields = RuleBench.fields((0..<50_000).map { ("winlog.event_data.a", "v\($0)") })
        let time = RuleBench.cpuTime {
            Matcher(plan).match(fields, kind: "text") { _ in Issue.record("no match expected") }
        }
        #expect(time < .seconds(2))
    }

    @Test("Of thousands of long texts each selects its own rule")
    func manyLiterals() {
        let texts: [String] = (0..<1200).map { (i: Int) -> String in
            let numbers: [String] = (0..<60).map { (j: Int) -> String in
                String((i * 7919 + j * 104_729) % 999_983)
            }
            return "'" + numbers.joined() + "'"
        }
        let rules = stride(from: 0, to: 1200, by: 40).map { at in
            RuleBench.rule(
                "match: {message|contains: [\(texts[at..<at + 40].joined(separator: ", "))]}",
                id: "bench.r\(at)")
        }
        let plan = RuleBench.load(RuleBench.pack(rules.joined())).plan
        #expect(plan.rules.count == 30)
        for at in [0, 41, 1199] {
            let message = String(texts[at].dropFirst().dropLast())
            #expect(
                RuleBench.match(plan, [("message", "<" + message + ">")]).map(\.rule) == [at / 40])
            #expect(RuleBench.match(plan, [("message", String(message.dropLast()))]).isEmpty)
        }
    }
}
