import Testing

@testable import WinnowRules

@Suite("Hostile packs")
struct HostilePackTests {
    private static let tests = "tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]"
    private static let rule = "title: t, level: low, \(tests)"

    /// Loads a pack in CPU time that a person would wait; debug builds are some ten times slower.
    private func load(_ rules: String, within limit: Duration = .seconds(20)) -> LoadResult {
        let text = "pack: {name: p, version: 1.0.0, engine: \">=0.1 <2\"}\nrules:" + rules
        var result: LoadResult?
        let time = RuleBench.cpuTime {
            result = PackLoader.load([PackText(path: "p.yaml", bytes: Array(text.utf8))])
        }
        #expect(time < limit)
        return result ?? PackLoader.load([])
    }

    private func rules(_ count: Int, _ rule: (Int) -> String) -> String {
        "\n" + (0..<count).map { "- {id: p.r\($0), \(rule($0))}\n" }.joined()
    }

    @Test("Ten thousand rules load, with texts, codes and patterns")
    func many() {
        let result = load(
            rules(10_000) {
                let pattern = $0 % 10 == 0 ? ", message|re: 'word\($0) (a|b)\\d+'" : ""
                return
                    "\(Self.rule), match: {event.code: \($0), message|contains: w\($0)\(pattern)}"
            })
        #expect(result.diagnostics.isEmpty)
        #expect(result.plan.rules.count == 10_000)
    }

    @Test("Thousands of rules in one line load, and so do their mistakes")
    func oneLine() {
        let good = (0..<2000).map {
            "{id: p.r\($0), title: 't{{x}}', level: low, \(Self.tests), "
                + "match: {message|re: 'word\($0) (?<x>\\w+)'}}"
        }
        #expect(load(" [" + good.joined(separator: ", ") + "]\n").diagnostics.isEmpty)
        let bad = (0..<3000).map { "{id: p.r\($0), titel: t, \(Self.tests), match: {a: b}}" }
        let result = load(
            " [" + bad.joined(separator: ", ")
                + ", '\(String(repeating: "x", count: 4_000_000))']\n")
        #expect(result.diagnostics.count == 1001)
        // A diagnostic keeps what it shows, not the whole line.
        #expect(result.diagnostics.allSatisfy { ($0.sourceLine ?? "").utf8.count <= 2048 })
        let last = result.diagnostics[500].rendered(color: false)
        #expect(last.contains("titel"), "\(last)")
    }

    @Test("A chain of ten thousand rules is followed, a circle of them is found")
    func chains() {
        func chained(_ first: String) -> String {
            rules(10_000) {
                $0 == 0
                    ? first
                    : "\(Self.rule), events: {e: {rule: p.r\($0 - 1)}}, "
                        + "when: {count: {gte: 1}, within: 5m}"
            }
        }
        let chain = load(chained("\(Self.rule), match: {message|contains: abc}"))
        #expect(chain.diagnostics.isEmpty)
        #expect(chain.plan.chains.allSatisfy { $0.count <= 1 })
        let circle = load(
            chained(
                "\(Self.rule), events: {e: {rule: p.r9999}}, when: {count: {gte: 1}, within: 5m}"))
        #expect(circle.diagnostics.count == 1001)
        #expect(circle.diagnostics.allSatisfy { ["W035", "W003"].contains($0.code) })
        #expect(circle.diagnostics.first?.help?.contains("more") ?? false)
    }

    @Test("Circles are told from what only leads to one")
    func circles() {
        func linked(_ id: Int, to others: [Int]) -> String {
            let events = others.map { "e\($0): {rule: p.r\($0)}" }.joined(separator: ", ")
            let all = others.map { "e\($0)" } + ["x"]
            return "\(Self.rule), events: {\(events), x: {message|contains: abc}}, "
                + "when: {all: [\(all.joined(separator: ", "))], within: 5m}"
        }
        // 0 → 1 → 2 → 1, 3 → 3, 4 → 0, 5 alone.
        let links = [[1], [2], [1], [3], [0], []]
        let result = load(
            rules(6) {
                links[$0].isEmpty
                    ? "\(Self.rule), match: {message|contains: abc}" : linked($0, to: links[$0])
            })
        let said = result.diagnostics.filter { $0.code == "W035" }.map(\.message)
        #expect(said == ["p.r1", "p.r2", "p.r3"].map { "rule `\($0)` waits for itself" })
    }

    @Test("Thousands of unknown names are told in time")
    func unknown() {
        let result = load(
            rules(3000) {
                "\(Self.rule), events: {e: {rule: p.zz\($0)}}, when: {count: {gte: 1}, within: 5m}"
            })
        #expect(result.diagnostics.count == 1001)
        let keys = (0..<30_000).map { "k\($0): 1" }.joined(separator: ", ")
        #expect(load("\n- {\(keys)}\n").diagnostics.count == 1001)
    }

    @Test(
        "Packs of ten million bytes load or are refused, in time",
        arguments: [
            "\n- {id: p.r, \(rule), description: \"" + String(repeating: "x", count: 9_000_000)
                + "\", match: {message|contains: abc}}\n",
            "\n#" + String(repeating: "#", count: 9_000_000) + "\n- {id: p.r, \(rule), "
                + "match: {message|contains: abc}}\n",
            "\n- {id: p.r, \(rule), match: {message|contains: [\n"
                + (0..<100_000).map { " word\($0),\n" }.joined() + "]}}\n",
            "\n- {id: p.r, \(rule), match: {any: [\n"
                + (0..<20_000).map { " {message|contains: word\($0)},\n" }.joined() + "]}}\n",
        ])
    func large(rules: String) {
        #expect(load(rules).plan.rules.count == 1)
    }

    @Test(
        "Windows that are no windows are refused",
        arguments: [
            "0s", "-1s", "365d", "1y", "99999999999d", "9999999999999999999999d", "1e9d", "nans",
            "infs", "30.0001d", "''", "[1s]", "{a: b}", "null", "true", "0x10s",
        ])
    func windows(within: String) {
        for part in [
            "when: {count: {gte: 2}, within: \(within)}", "suppress: \(within)",
            "when: {absent: {for: \(within)}}",
        ] {
            let result = load(
                "\n- {id: p.r, \(Self.rule), match: {message|contains: abc}, \(part)}\n")
            #expect(result.hasErrors, "\(part)")
            #expect(result.plan.rules.isEmpty)
        }
    }

    @Test(
        "Wrong types are said where they stand, at every level",
        arguments: [
            "pack", "name", "id", "title", "level", "status", "tags", "logsource", "match",
            "let", "where", "when", "suppress", "remediation", "references", "tests", "fires",
            "lines", "within", "by", "count", "gte",
        ])
    func types(key: String) {
        let pack = """
            pack: {name: p, version: 1.0.0, engine: ">=0.1 <2"}
            rules:
            - id: p.r
              title: t
              level: low
              status: test
              tags: [a]
              logsource: {product: go}
              match: {message|re: 'took (?<ms>\\d+)'}
              let: {s: ms / 1000}
              where: {s|gte: 1}
              when: {count: {gte: 2}, within: 5m, by: [ms]}
              suppress: 5m
              remediation: r
              references: [a]
              tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
            """
        func load(_ text: String) -> LoadResult {
            PackLoader.load([PackText(path: "p.yaml", bytes: Array(text.utf8))])
        }
        #expect(!load(pack).hasErrors)
        // A list of a map of a list fits nowhere.
        let pattern = "\(key): "
        guard let range = pack.firstRange(of: "\n\(pattern)") ?? pack.firstRange(of: pattern) else {
            Issue.record("no \(key)")
            return
        }
        let wrong = pack[..<range.upperBound] + "[{x: [y]}] #" + pack[range.upperBound...]
        let result = load(String(wrong))
        #expect(result.hasErrors)
        let line = pack[..<range.upperBound].split(
            separator: "\n", omittingEmptySubsequences: false
        ).count
        #expect(result.diagnostics.contains { $0.line >= line - 1 && $0.line <= line + 1 })
    }

    @Test("A merge key is no key of a pack; aliases of maps are")
    func merge() {
        let result = load(
            "\n- &base {id: p.a, \(Self.rule), match: {message|contains: abc}}\n"
                + "- {<<: *base, id: p.b}\n")
        #expect(result.diagnostics.first?.message == "unknown key `<<` in rule `p.b`")
        #expect(result.plan.rules.map(\.id) == ["p.a"])
    }

    @Test(
        "Bytes that are no text are refused with a place",
        arguments: [
            [0x00], Array(repeating: 0, count: 1000), [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01, 0, 0],
            [0x80, 0x80, 0x41, 0x0A, 0x42], [0xFF, 0xFE, 0x61, 0x00], [0x61, 0x3A, 0x20, 0xC3],
            [0xEF, 0xBB], [0xEF, 0xBB, 0xBF, 0x80], [0x1F, 0x8B, 0x08, 0x00],
            (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) },
        ] as [[UInt8]])
    func binary(bytes: [UInt8]) {
        let result = PackLoader.load([PackText(path: "p.yaml", bytes: bytes)])
        #expect(result.hasErrors)
        for diagnostic in result.diagnostics {
            #expect(diagnostic.line >= 1 && diagnostic.column >= 1)
            #expect(!diagnostic.rendered(color: false).isEmpty)
        }
    }
}
