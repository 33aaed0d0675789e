import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Limits of regular expressions")
struct LimitTests {
    /// Matches one hostile message and gives the rule's counters and the time it took.
    private func run(_ pattern: String, _ message: String) -> (RuleCounters, Duration, Int) {
        let plan = RuleBench.plan("match: {message|re: '\(pattern)'}")
        let matcher = Matcher(plan)
        let fields = RuleBench.fields([("message", message)])
        var matches = 0
        let time = RuleBench.cpuTime {
            matcher.match(fields, kind: "text") { _ in matches += 1 }
        }
        return (matcher.counters[0], time, matches)
    }

    @Test(
        "A pattern that backtracks without end stops at a limit, in time, and is counted",
        arguments: [
            // Not refused at load: no short text shows what they do.
            ("(?:.{0,300}.{0,300}.{0,300}[=-])$", String(repeating: "a", count: 4096)),
            (#"^(?:.*?,){8}P"#, String(repeating: "1,", count: 2000) + "!P"),
            (#"\w+\s*\w+\s*\w+\s*[=-]"#, String(repeating: "a", count: 20_000) + "!-"),
        ])
    func catastrophic(pattern: String, message: String) {
        let (counters, time, matches) = run(pattern, message)
        #expect(matches == 0)
        #expect(counters.candidates == 1)
        #expect(counters.limitHits == 1)
        #expect(counters.firstLimit == "match limit")
        #expect(time < .seconds(1))
    }

    @Test("A pattern too deep for the stack of machine code is tried again, then counted")
    func stack() {
        let (counters, time, _) = run("^(?:a|ab)*c", String(repeating: "a", count: 60_000) + "!c")
        #expect(counters.limitHits == 1)
        #expect(counters.firstLimit != nil)
        #expect(time < .seconds(1))
    }

    @Test("Recursion on a long subject ends")
    func recursion() {
        let (counters, time, _) = run("^(a(?1)?)z", String(repeating: "a", count: 60_000) + "!z")
        #expect(counters.limitHits == 1)
        #expect(time < .seconds(1))
    }

    @Test("After a limit neither a condition nor its opposite holds")
    func negated() {
        let plan = RuleBench.plan("match: {not: {message|re: '^(?:.*?,){8}P'}}")
        let matcher = Matcher(plan)
        var matches = 0
        matcher.match(
            RuleBench.fields([("message", String(repeating: "1,", count: 2000) + "!P")]),
            kind: "text"
        ) { _ in matches += 1 }
        #expect(matches == 0)
        #expect(matcher.counters[0].limitHits == 1)
    }

    @Test("A long value is matched in its first 64 KiB, and that is counted")
    func truncated() {
        let filler = String(repeating: "x", count: (64 << 10) - 3)
        let (near, _, found) = run("abc", filler + "abc and more")
        #expect(found == 1)
        #expect(near.truncatedSubjects == 1)
        let (far, _, missed) = run("abc", filler + "xabc")
        #expect(missed == 0)
        #expect(far.truncatedSubjects == 1)
        #expect(far.limitHits == 0)
    }

    @Test(
        "Bytes that are no UTF-8 do not hide a match",
        arguments: [
            "'abc'", "'(?i)ABC'", "'äbc|abc'", #"'\p{L}bc'"#,
        ])
    func invalidUTF8(pattern: String) {
        let plan = RuleBench.plan("match: {message|re: \(pattern)}")
        var fields = FieldTable()
        fields.add(.message, bytes: [0xFF, 0x61, 0x62, 0x63, 0xC3])
        var matches = 0
        Matcher(plan).match(fields, kind: "text") { _ in matches += 1 }
        #expect(matches == 1)
    }

    @Test("Counters of two matchers add up, whatever their order")
    func counters() {
        var a = RuleCounters()
        a.hit(.match)
        a.hit(.stack)
        var b = RuleCounters()
        b.hit(.stack)
        b.candidates = 5
        var ab = a
        ab.add(b)
        var ba = b
        ba.add(a)
        #expect(ab.limitHits == 3)
        #expect(ab.firstLimit == "stack limit")
        #expect(ab.firstLimit == ba.firstLimit)
        #expect(ab.candidates == 5)
        #expect(RuleCounters().firstLimit == nil)
    }
}
