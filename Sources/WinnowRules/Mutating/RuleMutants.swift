import WinnowKit

/// The rules of some packs, and the mutants that can be made of them.
///
/// A mutant is read by the readers that read packs, so it is what an author might have written. None
/// is made of which it is known that it finds the same.
public struct RuleMutants: Sendable {
    private struct Entry: Sendable {
        var file: Int
        var draft: RuleDraft
        var node: YAMLNode
    }

    private let sources: [SourceText]
    /// Without their rules.
    private let packs: [PackReader.Draft]
    private var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    /// Reads packs that load without an error; rules of others are left out.
    public init(_ packs: [PackText]) {
        sources = packs.map { SourceText(path: $0.path, bytes: $0.bytes) }
        let patterns = PatternStore()
        var headers: [PackReader.Draft] = []
        for (file, source) in sources.enumerated() {
            let diagnoser = Diagnoser(source: source)
            let draft = PackReader(diagnoser, patterns, sha256: "").read()
            var header = draft
            header.rules = []
            headers.append(header)
            guard draft.pack != nil, let root = YAMLReader.read(Diagnoser(source: source)) else {
                continue
            }
            let rules = Dictionary(
                draft.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for node in root.pairs.value("rules")?.items ?? [] {
                guard let id = node.pairs.value("id")?.scalar?.text, positions[id] == nil,
                    let rule = rules[id]
                else { continue }
                positions[id] = entries.count
                entries.append(Entry(file: file, draft: rule, node: node))
            }
        }
        self.packs = headers
    }

    /// All mutants of a rule, in the order of their places.
    public func mutants(of rule: String) -> [Mutant] {
        guard let position = positions[rule] else { return [] }
        let entry = entries[position]
        let source = sources[entry.file]
        let variants = RuleMutants.variants(of: entry.node, source)
        return variants.sorted { $0.place < $1.place }.map { variant in
            Mutant(
                rule: rule, path: source.path, line: variant.place.line,
                column: variant.place.column, change: variant.change, file: entry.file,
                node: variant.make)
        }
    }

    /// A plan of the changed rule and of the rules whose findings are its events; nil where what came
    /// of it is no rule.
    public func plan(of mutant: Mutant) -> Plan? {
        let diagnoser = Diagnoser(source: sources[mutant.file])
        guard var reader = RuleReader(mutant.node(), diagnoser, PatternStore()),
            let draft = reader.read()
        else { return nil }
        return plan(draft, file: mutant.file)
    }

    /// Filters and overrides count as they do for the tests of rules.
    private func plan(_ draft: RuleDraft, file: Int) -> Plan {
        var files = zip(sources, packs).map { source, pack in
            PackFile(diagnoser: Diagnoser(source: source), draft: pack, isDefault: false)
        }
        files[file].draft.rules.append(draft)
        var seen: Set<String> = [draft.id]
        var open = draft.links
        while let link = open.popLast() {
            guard seen.insert(link.id).inserted, let position = positions[link.id] else { continue }
            let entry = entries[position]
            files[entry.file].draft.rules.append(entry.draft)
            open += entry.draft.links
        }
        return PackLoader.plan(files, [], .ownRules)
    }

    private static func variants(of rule: YAMLNode, _ source: SourceText) -> [NodeVariant] {
        let selections = SelectionMutator(source: source)
        return rule.pairs.enumerated().flatMap { index, pair -> [NodeVariant] in
            let drop = NodeVariant(
                node: rule.dropping(pair: index),
                place: source.place(character: pair.keyNode.start), change: "drop `\(pair.key)`")
            switch pair.key {
            case "match": return rule.varying(pair: index, selections.variants(pair.value))
            case "events":
                let deciding = WhenMutator.decidingEvents(rule.pairs.value("when"))
                return pair.value.pairs.enumerated().flatMap { at, event -> [NodeVariant] in
                    guard deciding?.contains(event.key) ?? true else { return [] }
                    return rule.varying(
                        pair: index,
                        pair.value.varying(pair: at, selections.variants(event.value)))
                }
            case "where":
                return [drop] + rule.varying(pair: index, selections.variants(pair.value))
            case "when":
                let mutator = WhenMutator(
                    source: source, isSuppressed: rule.pairs.value("suppress") != nil)
                // Events without `when` are no rule; without a key, `suppress` alone is the same as
                // a count of one with it.
                let isNeeded =
                    !mutator.isWindowNeedless(pair.value) || pair.value.pairs.value("by") != nil
                return (rule.pairs.value("events") == nil && isNeeded ? [drop] : [])
                    + rule.varying(pair: index, mutator.variants(pair.value))
            case "suppress":
                let text = pair.value.scalar?.text ?? ""
                return Shift.durations(text).map { span in
                    NodeVariant(
                        node: rule.replacing(pair: index, by: pair.value.with(plain: span)),
                        place: source.place(character: pair.value.start),
                        change: "suppress \(text) → \(span)")
                }
            default: return []
            }
        }
    }
}
