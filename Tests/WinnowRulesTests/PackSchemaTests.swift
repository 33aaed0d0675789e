import Foundation
import Testing

@testable import WinnowRules

@Suite("Pack schema")
struct PackSchemaTests {
    private typealias Object = [String: Any]

    private func properties(_ path: String...) throws -> Object {
        var at = try #require(
            try JSONSerialization.jsonObject(with: Data(PackSchema.json().utf8)) as? Object)
        for key in path { at = try #require(at[key] as? Object, "\(key)") }
        return at
    }

    @Test("It knows the keys that the readers know, each with a shape, and no other")
    func keys() throws {
        let rule = ["properties", "rules", "items", "properties"]
        let test = rule + ["tests", "items", "properties"]
        let cases: [([String], [String])] = [
            (["properties"], PackReader.keys),
            (["properties", "pack", "properties"], PackReader.headerKeys),
            (["properties", "filters", "items", "properties"], OverlayReader.filterKeys),
            (["properties", "overrides", "items", "properties"], OverlayReader.overrideKeys),
            (rule, RuleReader.keys),
            (rule + ["logsource", "properties"], RuleReader.logsourceKeys),
            (test, TestReader.keys),
            (test + ["events", "items", "properties"], TestEventReader.keys),
        ]
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(PackSchema.json().utf8)) as? Object)
        for (path, keys) in cases {
            var at = root
            for key in path { at = try #require(at[key] as? Object, "\(path): \(key)") }
            #expect(at.keys.sorted() == keys.sorted())
            for (key, shape) in at {
                #expect((shape as? Object)?.isEmpty == false, "\(key) has no shape")
            }
        }
    }

    @Test("Its pattern of a selection's keys holds every modifier")
    func modifiers() throws {
        let names = try properties("$defs", "selection", "propertyNames")
        let pattern = try #require(names["pattern"] as? String)
        let expression = try Regex(pattern)
        for modifier in FieldKey.Modifier.allCases {
            #expect("message|\(modifier.rawValue)".contains(expression))
        }
        #expect(!"message|nonsense".contains(expression))
        #expect("message|re|i".contains(expression))
    }

    // MARK: - Against the loader

    private static func node(_ text: String) throws -> YAMLNode {
        let diagnoser = Diagnoser(source: SourceText(path: "p", bytes: Array(text.utf8)))
        return try #require(YAMLReader.read(diagnoser), "\(diagnoser.ordered)")
    }

    @Test("It allows every default pack", arguments: DefaultPackTests.packs.map(\.path))
    func defaultPacks(path: String) throws {
        let pack = try #require(DefaultPackTests.packs.first { $0.path == path })
        let text = String(decoding: pack.bytes, as: UTF8.self)
        #expect(try SchemaValidator().faults(Self.node(text)) == [])
    }

    /// A rule with `events` a, b and c.
    private static func pack(_ when: String) -> String {
        """
        pack: {name: p, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: p.a
          title: A
          level: low
          events:
            a: {message|re: 'a (?<n>\\d+)'}
            b: {message|contains: b}
            c: {rule: p.b}
          when: {\(when)}
          tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
        - id: p.b
          title: B
          level: low
          match: {message|contains: b}
          tests: [{fires: 1, lines: [a]}, {fires: 0, lines: [b]}]
        """
    }

    @Test(
        "What `when` may say is allowed by the loader and by the schema",
        arguments: [
            "count: {of: a, gte: 5}, within: 60s, by: [host.name, n]",
            "rate: {of: a, gte: 1.5/h}, within: 60s", "rate: {of: a, gte: 2/s}, within: 1.5h",
            "distinct: {of: a, field: n, gte: 3}, within: 500ms",
            "stat: {of: a, field: n, fn: p95, gt: 1.5}, within: 1d",
            "stat: {of: a, field: n, fn: avg, lte: -3}, within: 1d",
            "all: [a, b, c], within: 5m",
            "sequence: [a, {b: {gte: 3}}, {not: c, for: 2m}, a], within: 10m",
            "stat: {of: a, field: {since: b}, fn: max, lt: 60, points: 3}, within: 10m",
            "stat: {of: a, field: {delta: n}, fn: cv, lt: 60}, within: 10m",
            "join: {of: a, with: [b], without: [c], grace: 5s, same: n, context: b}, within: 1d",
            "sequence: [a, {not: a, for: 2m}], within: 10m", "absent: {of: a, for: 5m}",
            "absent: {of: a, for: 5m}, by: [host.name]",
            "trend: {of: a, field: n, slope: {gte: 2/min}}, within: 6h",
            "trend: {of: a, field: n, slope: {lte: -0.5/m}, points: 6, reset: b}, within: 6h",
            "trend: {of: a, field: n, slope: {gte: 2/d}, eta: {reach: 4000, lt: 2h}}, within: 6h",
        ])
    func goodWhen(when: String) throws {
        let text = Self.pack(when)
        let loaded = PackLoader.load([PackText(path: "p", bytes: Array(text.utf8))])
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        #expect(try SchemaValidator().faults(Self.node(text)) == [])
    }

    @Test(
        "What `when` may not say is refused by the loader and by the schema",
        arguments: [
            "count: {of: a, gte: 5}", "within: 60s", "count: {of: a, gte: 0}, within: 60s",
            "count: {of: a, gte: 100001}, within: 60s", "count: {of: a, gte: five}, within: 60s",
            "count: {of: a, gt: 5}, within: 60s", "count: 5, within: 60s",
            "count: {of: a, gte: 5}, all: [a, b], within: 60s",
            "count: {of: a, gte: 5}, within: sixty", "count: {of: a, gte: 5}, within: 60s, by: n",
            "count: {of: a, gte: 5}, within: 60s, per: [n]",
            "rate: {of: a, gte: 2}, within: 60s", "rate: {of: a, gte: 2/w}, within: 60s",
            "distinct: {of: a, gte: 3}, within: 60s",
            "stat: {of: a, field: n, fn: mean, gt: 1}, within: 60s",
            "stat: {of: a, field: n, fn: avg}, within: 60s",
            "stat: {of: a, field: n, fn: avg, gt: 1, lt: 5}, within: 60s",
            "stat: {of: a, field: n, fn: avg, gt: high}, within: 60s",
            "stat: {of: a, field: {before: b}, fn: max, lt: 60}, within: 10m",
            "stat: {of: a, field: n, fn: max, lt: 60, points: 0}, within: 10m",
            "join: {with: [b]}, within: 1d", "join: {of: a, with: b}, within: 1d",
            "join: {of: a, with: [b], grace: long}, within: 1d",
            "all: [a], within: 60s", "all: {a: b}, within: 60s",
            "sequence: [a, {b: {gte: 0}}], within: 60s", "sequence: [a, {not: b}], within: 60s",
            "sequence: [a, {b: {gte: 1}, c: {gte: 1}}], within: 60s",
            "absent: {of: a, for: 5m}, within: 5m", "absent: {of: a}",
            "trend: {of: a, field: n}, within: 60s",
            "trend: {of: a, field: n, slope: 2/min}, within: 60s",
            "trend: {of: a, field: n, slope: {gte: 2}}, within: 60s",
            "trend: {of: a, field: n, slope: {gte: 1/d, lte: -1/d}}, within: 60s",
            "trend: {of: a, field: n, slope: {gte: 2/d}, points: 5}, within: 60s",
            "trend: {of: a, field: n, slope: {gte: 2/d}, eta: {reach: 5}}, within: 60s",
        ])
    func badWhen(when: String) throws {
        let text = Self.pack(when)
        let loaded = PackLoader.load([PackText(path: "p", bytes: Array(text.utf8))])
        #expect(loaded.hasErrors)
        #expect(try SchemaValidator().faults(Self.node(text)) != [])
    }

    @Test("Every fixture that loads is allowed")
    func fixtures() throws {
        var count = 0
        for name in DiagnosticGoldenTests.cases {
            let file = DiagnosticGoldenTests.folder.appendingPathComponent("\(name)/pack.yaml")
            guard let bytes = try? Data(contentsOf: file) else { continue }
            let pack = PackText(path: name, bytes: Array(bytes))
            guard !PackLoader.load([pack]).hasErrors else { continue }
            count += 1
            let node = try Self.node(String(decoding: bytes, as: UTF8.self))
            #expect(try SchemaValidator().faults(node) == [], "\(name)")
        }
        #expect(count >= 5)
    }
}
