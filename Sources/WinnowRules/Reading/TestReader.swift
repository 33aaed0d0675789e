/// Reads the tests of a rule.
struct TestReader {
    static let keys = ["fires", "lines", "service", "events", "repeat", "every"]
    /// Keys of a line that is a map.
    static let lineKeys = ["text", "host", "service"]
    /// Most records that a test makes, rounds included.
    private static let maxRecords = 1_000_000

    let diagnoser: Diagnoser
    let rule: String

    init(_ diagnoser: Diagnoser, rule: String) {
        self.diagnoser = diagnoser
        self.rule = rule
    }

    /// The tests; a rule without one that fires and one that stays silent is reported.
    func tests(_ node: YAMLNode?, _ idNode: YAMLNode) -> [RuleTest] {
        guard let node else {
            reportMissing("a test that fires and one that stays silent", idNode)
            return []
        }
        guard let items = diagnoser.items(node, "`tests`") else { return [] }
        let tests = items.map(test)
        // A test that cannot be read may be the one that is missing.
        guard !tests.contains(where: { $0 == nil }) else { return [] }
        let good = tests.compactMap { $0 }
        let fires = good.contains { $0.fires > 0 }
        let isSilent = good.contains { $0.fires == 0 }
        switch (fires, isSilent) {
        case (true, true): break
        case (false, false): reportMissing("a test that fires and one that stays silent", idNode)
        case (false, true): reportMissing("a test that fires", idNode)
        case (true, false): reportMissing("a test that stays silent", idNode)
        }
        return good
    }

    private func reportMissing(_ what: String, _ node: YAMLNode) {
        diagnoser.report(
            .missingTest, at: node, "\(rule) lacks \(what)",
            help: "write `tests: [{fires: 1, lines: ['…']}, {fires: 0, lines: ['…']}]`; "
                + "the best silent test is a near miss")
    }

    private func test(_ node: YAMLNode) -> RuleTest? {
        guard let pairs = diagnoser.pairs(node, "each test") else { return nil }
        let errorsBefore = diagnoser.errorCount
        let meant = diagnoser.checkKeys(pairs, known: TestReader.keys, in: "a test")
        if pairs.value("fires") == nil, !meant.contains("fires") {
            diagnoser.report(
                .missingKey, at: node, "a test of \(rule) has no `fires`",
                help: "`fires: 1` for one finding, `fires: 0` for none")
        }
        let fires = pairs.value("fires").flatMap {
            diagnoser.whole($0, "`fires`", in: 0...Int64(TestReader.maxRecords))
        }
        let repeats = pairs.value("repeat").flatMap {
            diagnoser.whole($0, "`repeat`", in: 1...Int64(TestReader.maxRecords))
        }
        let every = pairs.value("every").flatMap { diagnoser.duration($0, "`every`") }
        let service = pairs.value("service").flatMap { diagnoser.filledText($0, "`service`") }
        var records: [TestRecord] = []
        for pair in pairs {
            switch pair.key {
            case "lines": records += lines(pair.value)
            case "events": records += events(pair.value)
            default: break
            }
        }
        if diagnoser.errorCount == errorsBefore {
            if records.isEmpty {
                diagnoser.report(
                    .badTest, at: node, "a test of \(rule) has no records",
                    help: "write `lines: ['…']` or `events: [{provider: …, code: …}]`")
            } else if records.count * (repeats ?? 1) > TestReader.maxRecords {
                diagnoser.report(
                    .badNumber, at: node,
                    "a test of \(rule) makes more than \(TestReader.maxRecords) records")
            }
        }
        guard diagnoser.errorCount == errorsBefore, let fires else { return nil }
        return RuleTest(
            fires: fires, records: records, service: service, repeats: repeats ?? 1, every: every,
            line: diagnoser.source.place(character: node.start).line)
    }

    /// Each item is text, or a map that also says whose log it stands in.
    private func lines(_ node: YAMLNode) -> [TestRecord] {
        guard let items = diagnoser.items(node, "`lines`") else { return [] }
        return items.compactMap { item in
            guard case .mapping(let pairs) = item.content else {
                return diagnoser.text(item, "each item of `lines`").map { .line(TestLine($0)) }
            }
            let meant = diagnoser.checkKeys(pairs, known: TestReader.lineKeys, in: "a line")
            if pairs.value("text") == nil, !meant.contains("text") {
                diagnoser.report(
                    .missingKey, at: item, "a line in a test of \(rule) has no `text`",
                    help: "write `{text: '…', service: gateway}`")
            }
            func text(_ key: String) -> String? {
                pairs.value(key).flatMap { diagnoser.text($0, "`\(key)`") }
            }
            let host = text("host")
            let service = text("service")
            return text("text").map {
                var line = TestLine($0)
                line.host = host
                line.service = service
                return .line(line)
            }
        }
    }

    private func events(_ node: YAMLNode) -> [TestRecord] {
        guard let items = diagnoser.items(node, "`events`") else { return [] }
        return items.compactMap { item in
            TestEventReader(diagnoser, rule: rule).event(item).map { .event($0) }
        }
    }
}
