import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("Records gathered around another")
struct JoinTests {
    private static let events = """
        events: {died: {message|contains: died}, crash: {message|re: 'panic: (?<what>\\w+)'}, report: {message|contains: wer}}

        """
    private static let join =
        events
        + "when: {join: {of: died, with: [crash, report], same: what, context: crash}, within: 1m}"
    private static let lost = """
        events: {died: {message|contains: died}, crash: {message|contains: panic}}
        when: {join: {of: died, without: [crash]}, within: 1m}
        """

    /// Findings as `second: what was joined`.
    private func found(_ rule: String, _ lines: [(Int, String)]) -> [String] {
        found(EventRuleTests.plan(rule), [EventRuleTests.log(lines)])
    }

    private func found(_ plan: Plan, _ sources: [Source], blockSize: Int = 1 << 18) -> [String] {
        EngineFixture.findings(sources, plan: plan) { $0.blockSize = blockSize }
            .ndjson.split(separator: "\n").map { line in
                let time = line.firstMatch(of: #/"time":"2026-01-01T10:(\d\d):(\d\d)/#)
                let joined = line.firstMatch(of: #/"join.found":"([^"]*)"/#)
                let seconds = time.flatMap { match in
                    Int(match.1).flatMap { minutes in Int(match.2).map { minutes * 60 + $0 } }
                }
                return "\(seconds ?? -1): \(joined?.1 ?? "")"
            }
    }

    @Test("What belongs to a death came since the one before, within the span, up to its grace")
    func span() {
        let lines = [
            (0, "panic: a"), (10, "died"), (12, "wer"), (20, "died"), (81, "panic: b"),
            (140, "died"), (146, "wer"), (300, "panic: c"), (361, "died"), (365, "panic: d"),
            (500, "end"),
        ]
        #expect(
            found(Self.join, lines) == [
                "10: crash, report", "20: ", "140: crash", "361: crash",
            ])
    }

    @Test("Exactly `within` before is outside, exactly at the end of the grace is inside")
    func edges() {
        #expect(found(Self.join, [(0, "panic: a"), (60, "died"), (99, "end")]) == ["60: "])
        #expect(found(Self.join, [(1, "panic: a"), (60, "died"), (99, "end")]) == ["60: crash"])
        #expect(found(Self.join, [(60, "died"), (65, "wer"), (99, "end")]) == ["60: report"])
        #expect(found(Self.join, [(60, "died"), (66, "wer"), (99, "end")]) == ["60: "])
    }

    @Test("A death in the grace of another takes what comes between them")
    func burst() {
        let lines = [(10, "died"), (11, "panic: a"), (12, "died"), (12, "wer"), (99, "end")]
        #expect(found(Self.join, lines) == ["10: ", "12: crash, report"])
    }

    @Test("Joins of joins are the same whatever the block size")
    func chained() {
        let plan = EngineFixture.plan(
            """
            pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: fixture.inner
              title: Inner
              level: low
              events: {died: {message|contains: died}, crash: {message|contains: panic}}
              when: {join: {of: died, with: [crash], grace: 5s}, within: 1h}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            - id: fixture.outer
              title: Outer
              level: low
              events: {death: {rule: fixture.inner}, report: {message|contains: wer}}
              when: {join: {of: death, with: [report], grace: 30s}, within: 1h}
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            """)
        let lines = stride(from: 0, to: 1200, by: 100).flatMap { start in
            [(start, "died"), (start + 3, "panic"), (start + 20, "wer")]
                + stride(from: 40, to: 90, by: 2).map { (start + $0, "other") }
        }
        let source = EventRuleTests.log(lines)
        let whole = found(plan, [source])
        #expect(whole.prefix(2) == ["0: crash", "0: report"])
        #expect(found(plan, [source], blockSize: 64) == whole)
    }

    @Test("The end of the inputs closes what is open")
    func end() {
        #expect(found(Self.join, [(0, "panic: a"), (10, "died")]) == ["10: crash"])
    }

    @Test("An export that is newest first is joined as one that is not")
    func newestFirst() {
        let lines = [
            (0, "panic: a"), (10, "died"), (12, "wer"), (30, "panic: b"), (40, "died"),
            (90, "died"), (200, "end"),
        ]
        let expected = ["10: crash, report", "40: crash", "90: "]
        #expect(found(Self.join, lines) == expected)
        #expect(found(Self.join, lines.reversed()).sorted() == expected)
    }

    @Test("Nothing is found where what must not be there is there")
    func without() {
        let lines = [
            (0, "panic: a"), (10, "died"), (30, "died"), (33, "panic: b"), (50, "died"),
            (56, "panic"), (99, "end"),
        ]
        #expect(found(Self.lost, lines) == ["50: "])
    }

    @Test("A finding says how often it was the same, and shows the lines before")
    func dossier() {
        let lines = [
            (0, "one"), (1, "two"), (2, "three"), (3, "four"), (4, "five"), (5, "panic: a"),
            (6, "died"), (20, "panic: b"), (21, "died"), (40, "panic: a"), (41, "died"),
        ]
        let plan = EventRuleTests.plan(Self.join)
        let source = EventRuleTests.log(lines)
        let text = EngineFixture.findings([source], plan: plan).ndjson
        let occurrences = text.matches(of: #/"join.occurrence":(\d)/#).map { String($0.1) }
        #expect(occurrences == ["1", "1", "2"])
        let first = text.split(separator: "\n")[0]
        let evidence = first.matches(of: #/"line":(\d+),.*?"text":"\S+ ([^"]*)"/#).map {
            "\($0.1) \($0.2)"
        }
        #expect(
            evidence == ["2 two", "3 three", "4 four", "5 five", "6 panic: a", "7 died"])
        #expect(first.contains(#""count":2"#))
        #expect(first.contains(#""what":"a""#))
        for size in [1, 7, 60, 200] {
            let again = EngineFixture.findings([source], plan: plan) { $0.blockSize = size }
            #expect(again.ndjson == text, "block size \(size)")
        }
    }

    @Test("Deaths and reports without end hold little memory and lose no finding")
    func flood() {
        let lines = (0..<400).flatMap { [(0, "panic: x\($0)"), (0, "died"), (0, "wer")] }
        #expect(found(Self.join, lines).count == 400)
    }

    // MARK: - Reference

    private static func naive(
        _ records: [OperatorFixture.Record], within: Int, grace: Int, without: Bool
    ) -> [String] {
        let deaths = records.filter { $0.event == 0 }.map(\.second)
        return deaths.indices.compactMap { index in
            let time = deaths[index]
            let before = deaths.filter { $0 < time }.max()
            let isFollowed = deaths.enumerated().contains {
                $0.offset != index && time <= $0.element && $0.element <= time + grace
            }
            let beforeEnd = before.map { $0 + grace >= time ? $0 : $0 + grace }
            let start = max(time - within, beforeEnd ?? Int.min)
            let end = isFollowed ? time : time + grace
            // Deaths of one time share what is there: the first that closes takes it.
            let isFirst = deaths.firstIndex(of: time) == index
            let names = Set(
                records.filter { $0.event > 0 && $0.second > start && $0.second <= end }
                    .map { $0.event })
            if without { return names.contains(1) && isFirst ? nil : "\(time)" }
            return "\(time) \(isFirst ? names.sorted() : [])"
        }
    }

    @Test("A join agrees with its reference on 10,000 random series")
    func property() throws {
        for seed in 0..<10_000 {
            var random = SplitMix(state: UInt64(seed))
            let within = Int.random(in: 1...40, using: &random)
            let grace = Int.random(in: 1...12, using: &random)
            let without = seed % 2 == 0
            var records = OperatorFixture.series(&random, kind: 0, events: 3)
            // At most as many as are kept, and a death at most once a second.
            records = Array(records.prefix(Gathering.maxItems))
            var seen: Set<Int> = []
            records.removeAll { $0.event == 0 && !seen.insert($0.second).inserted }
            let join = Join(
                event: 0, with: without ? [2] : [1, 2], without: without ? [1] : [],
                grace: Int64(grace) * OperatorFixture.second, context: nil)
            let when = When.join(join, within: Int64(within) * OperatorFixture.second)
            let expected = Self.naive(records, within: within, grace: grace, without: without)
            for isReversed in [false, true] {
                let series = isReversed ? Array(records.reversed()) : records
                let found = Self.fired(series, when, without: without)
                try #require(
                    found.sorted() == expected.sorted(), "seed \(seed), reversed \(isReversed)")
            }
        }
    }

    private static func fired(
        _ records: [OperatorFixture.Record], _ when: When, without: Bool
    ) -> [String] {
        let correlator = Correlator(
            plan: EventRuleTests.plan(
                "events: {e0: {message: a}, e1: {message: b}, e2: {message: c}}\n"
                    + "when: {all: [e0, e1, e2], within: 1s}"), when: [when])
        var findings: [Finding] = []
        var newest: Timestamp?
        for (index, record) in records.enumerated() {
            let entry = record.entry
            newest = max(newest ?? entry.time, entry.time)
            findings += correlator.advance(to: newest)
            findings += correlator.take(
                OperatorFixture.signal(record, at: index), evidence: entry.evidence)
        }
        findings += correlator.closeAll()
        return findings.compactMap { finding in
            guard let time = finding.time.map({ Int($0.seconds) }) else { return nil }
            if without { return "\(time)" }
            let names = finding.fields.first { $0.name == "join.found" }?.value.description ?? ""
            return "\(time) \(names.split(separator: ", ").compactMap { Int($0.dropFirst()) })"
        }
    }
}
