import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Explainer")
struct ExplainerTests {
    @Test("It says of every random record what the matcher says, and names a failure if it is no")
    func sameVerdict() {
        let plan = MatcherTests.plan()
        let matcher = Matcher(plan)
        let records = MatcherTests.records()
        for rule in plan.rules.indices {
            var explainer = RuleExplainer(plan, rule: rule)
            for record in records {
                var isMatch = false
                matcher.match(record.fields, kind: record.kind) {
                    if $0.rule == rule { isMatch = true }
                }
                let verdict = explainer.verdict(record.fields, kind: record.kind)
                #expect(verdict.isMatch == isMatch)
                #expect(!verdict.isEligible || (verdict.distance == 0) == isMatch)
                guard verdict.isEligible else { continue }
                let outcomes = explainer.outcomes(record.fields, kind: record.kind)
                #expect(outcomes.allSatisfy(\.holds) == isMatch)
            }
        }
    }

    @Test("With `let` and `where` the verdict is the matcher's too")
    func filters() {
        let plan = RuleBench.plan(
            #"""
            match: {message|re: 'a=(?<a>\d+) b=(?<b>\d+)'}
            let: {sum: a + b}
            where: {any: [{sum|gte: 10}, {a: 7}]}
            """#, title: "{{sum}}")
        var explainer = RuleExplainer(plan, rule: 0)
        for a in 0..<12 {
            for b in 0..<4 {
                let pairs = [("message", "a=\(a) b=\(b)")]
                let verdict = explainer.verdict(RuleBench.fields(pairs), kind: "text")
                #expect(verdict.isMatch == !RuleBench.match(plan, pairs).isEmpty)
                #expect(verdict.isNear == !verdict.isMatch)
            }
        }
        let near = explainer.outcomes(RuleBench.fields([("message", "a=6 b=3")]), kind: "text")
        #expect(near.map(\.part) == ["match", "where"])
        #expect(near.last?.wanted == "sum >= 10")
        #expect(near.last?.got == "`9`")
    }

    @Test("Of a rule of events it says the events that the matcher says, and the nearest of them")
    func events() {
        let plan = RuleBench.plan(
            """
            events:
              open: {message|contains: open}
              closed: {message|contains: [closed, open twice], event.code|gte: 5}
            when: {all: [open, closed], within: 1m, by: [host.name]}
            """)
        var explainer = RuleExplainer(plan, rule: 0)
        for message in ["open", "closed", "open twice", "clos", ""] {
            for code in ["4", "5"] {
                let pairs = [("message", message), ("event.code", code), ("host.name", "h")]
                let verdict = explainer.verdict(RuleBench.fields(pairs), kind: "text")
                let matches = RuleBench.match(plan, pairs)
                #expect(verdict.matches.map(\.event) == matches.map(\.event))
                #expect(verdict.matches.map(\.key) == matches.map(\.key))
            }
        }
        let near = RuleBench.fields([("message", "closed"), ("event.code", "4")])
        let verdict = explainer.verdict(near, kind: "text")
        #expect(verdict.isNear)
        #expect(verdict.nearestEvent == 1)
        let outcomes = explainer.outcomes(near, kind: "text", event: 1)
        #expect(outcomes.map(\.holds) == [true, false])
        #expect(explainer.outcomes(near, kind: "text", event: 7).isEmpty)
    }

    @Test("A number just below its bound is nearer than one far below, and no text is farthest")
    func nearness() {
        let plan = RuleBench.plan("match: {event.code: 7, winlog.event_data.size|gte: 100}")
        var explainer = RuleExplainer(plan, rule: 0)
        func distance(_ pairs: [(String, String)]) -> Double {
            explainer.verdict(RuleBench.fields(pairs), kind: "text").distance
        }
        let list = [
            distance([("event.code", "7"), ("winlog.event_data.size", "100")]),
            distance([("event.code", "7"), ("winlog.event_data.size", "99")]),
            distance([("event.code", "7"), ("winlog.event_data.size", "1")]),
            distance([("event.code", "7")]),
            distance([]),
        ]
        #expect(list == list.sorted())
        #expect(Set(list).count == list.count)
        #expect(list[0] == 0)
    }

    @Test("Conditions are said in words")
    func words() {
        let plan = RuleBench.plan(
            #"""
            match:
              message|contains: [open, closed]
              message|re|i: 'a.c'
              host.name|startswith: 'web*1'
              source.ip|cidr: [10.0.0.0/8, 'fe80::/10']
              event.code|neq: 5
              any: [{a|exists: false}, {b|lt: 2.5}, {c|fieldref: d}, {e|cased: X}]
              not: {f: null}
            """#)
        #expect(
            RuleExplainer(plan, rule: 0).matchLines.first?.lines == [
                "all of", "  message contains `open` or `closed`", "  message matches /a.c/i",
                "  host.name fits `web*1*`",
                "  source.ip lies in 10.0.0.0/8 or fe80:0:0:0:0:0:0:0/10",
                "  event.code is there and never = 5", "  any of",
                "    winlog.event_data.a is absent",
                "    winlog.event_data.b < 2.5",
                "    winlog.event_data.c is the value of winlog.event_data.d",
                "    winlog.event_data.e is in this case `X`", "  not",
                "    winlog.event_data.f is absent or empty",
            ])
    }

    @Test(
        "Durations are said as rules write them",
        arguments: [
            (60_000_000_000, "1m"), (7_000_000_000, "7s"), (1_500_000_000, "1.5s"),
            (500_000_000, "500ms"), (600_000_000_000, "10m"), (5_400_000_000_000, "90m"),
            (67_000_000_000, "67s"), (7_261_000_000_000, "2h1m1s"), (0, "0s"), (10, "<1ms"),
        ] as [(Int64, String)])
    func durations(nanoseconds: Int64, text: String) {
        #expect(DurationWords.text(nanoseconds) == text)
    }
}
