import Foundation
import Testing

@testable import WinnowRules

@Suite("Default packs")
struct DefaultPackTests {
    static let packs: [PackText] = {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("rules")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            let file = folder.appendingPathComponent(name).appendingPathComponent("pack.yaml")
            return (try? Data(contentsOf: file)).map {
                PackText(path: "rules/\(name)/pack.yaml", bytes: Array($0))
            }
        }
    }()

    @Test("Every field that a decoder names is one that rules know")
    func fieldNames() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Plugins/Decoders")
        let files = FileManager.default.enumerator(atPath: folder.path)
        var count = 0
        while let file = files?.nextObject() as? String {
            guard file.hasSuffix(".swift") else { continue }
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for part in text.components(separatedBy: "FieldName(\"").dropFirst() {
                let name = String(part.prefix { $0 != "\"" })
                #expect(FieldNames.isKnown(name), "\(file): \(name)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test("They load together without a word", .enabled(if: !packs.isEmpty))
    func load() {
        let result = PackLoader.load(Self.packs)
        for diagnostic in result.diagnostics {
            Issue.record("\(diagnostic.rendered(color: false))")
        }
        #expect(result.plan.packs.count == Self.packs.count)
    }

    @Test("Titles and remediations read well where a record lacks a field")
    func absentValues() {
        // What the match of such a rule makes sure of.
        let sure = ["event.code", "event.provider"]
        let sureBeginnings = ["gc.", "sched.", "mem.", "trend."]
        for rule in PackLoader.load(Self.packs).plan.rules {
            for template in [rule.title, rule.remediation].compactMap({ $0 }) {
                let shown = template.rendered { name in
                    let isCapture = rule.captures.contains(name) && rule.events.isEmpty
                    let isSure =
                        isCapture || sure.contains(name)
                        || sureBeginnings.contains { name.hasPrefix($0) }
                    return isSure ? "1" : nil
                }
                for name in template.variables {
                    #expect(!shown.contains("<\(name)>"), "\(rule.id): \(name)")
                }
            }
        }
    }

    @Test("Lines of their own tests that fire one by one match", .enabled(if: !packs.isEmpty))
    func selfTests() {
        let plan = PackLoader.load(Self.packs).plan
        for rule in plan.rules where rule.when == nil {
            for test in rule.tests where test.fires > 0 {
                for case .line(let line) in test.records where !line.text.contains("\n") {
                    // What decoders add is not known here; rules on the message alone must match.
                    let needs = plan.program.rules[rule.index]
                    guard readsMessageOnly(plan, needs) else { continue }
                    let matches = RuleBench.match(plan, [("message", line.text)])
                    #expect(
                        matches.contains { $0.rule == rule.index }, "\(rule.id): \(line.text)")
                }
            }
        }
    }

    private func readsMessageOnly(_ plan: Plan, _ rule: Program.RuleEntry) -> Bool {
        let node = plan.program.nodes[Int(rule.match)]
        let nodes = plan.program.nodes[Int(rule.match)..<Int(node.end)]
        return nodes.filter { $0.kind == .test }.allSatisfy { node in
            switch plan.program.tests[Int(node.test)].operand {
            case .slot(let slot): slot == plan.program.screen.messageSlot
            default: false
            }
        }
    }
}
