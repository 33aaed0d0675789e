import Glibc
import Testing
import WinnowKit

@testable import WinnowRules

/// One rule made from parts, and records to try it on.
enum RuleBench {
    static let tests = "  tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]\n"

    static func pack(_ rules: String, name: String = "bench") -> String {
        "pack: {name: \(name), version: 1.0.0, engine: \">=0.1 <2\"}\nrules:\n" + rules
    }

    /// A rule with the given lines under it, each indented by two blanks.
    static func rule(_ body: String, id: String = "bench.rule", title: String = "t") -> String {
        "- id: \(id)\n  title: '\(title)'\n  level: low\n"
            + body.split(separator: "\n").map { "  \($0)\n" }.joined() + tests
    }

    static func load(_ text: String) -> LoadResult {
        PackLoader.load([PackText(path: "pack.yaml", bytes: Array(text.utf8))])
    }

    /// The plan of one rule; the errors are recorded as issues.
    static func plan(_ body: String, title: String = "t") -> Plan {
        let result = load(pack(rule(body, title: title)))
        for diagnostic in result.diagnostics where diagnostic.severity == .error {
            Issue.record("\(diagnostic.rendered(color: false))")
        }
        return result.plan
    }

    /// A record: pairs of names and values; values of `number:` are numbers.
    static func fields(_ pairs: [(String, String)]) -> FieldTable {
        var table = FieldTable()
        for (name, value) in pairs {
            let isNumber = value.hasPrefix("number:")
            let text = Array((isNumber ? String(value.dropFirst(7)) : value).utf8)
            Array(name.utf8).withUnsafeBytes { name in
                text.withUnsafeBytes { text in
                    table.add(
                        prefix: "", name: name, text, type: isNumber ? .number : .text)
                }
            }
        }
        return table
    }

    /// CPU time of this thread in `body`: other tests run at the same time.
    static func cpuTime(_ body: () -> Void) -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let begin = now()
        body()
        return now() - begin
    }

    static func match(
        _ plan: Plan, _ pairs: [(String, String)], kind: String = "text"
    ) -> [Match] {
        var matches: [Match] = []
        Matcher(plan).match(fields(pairs), kind: kind) { matches.append($0) }
        return matches
    }

    /// True when a rule with this `match` meets the record.
    static func meets(
        _ match: String, _ pairs: [(String, String)], kind: String = "text"
    ) -> Bool {
        !self.match(plan("match: \(match)"), pairs, kind: kind).isEmpty
    }
}
