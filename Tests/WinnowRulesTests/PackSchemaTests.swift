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
}
