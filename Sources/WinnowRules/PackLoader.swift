import WinnowKit

/// A pack file as the caller read it.
public struct PackText: Sendable {
    /// The file as the user named it.
    public let path: String
    /// Its bytes.
    public let bytes: [UInt8]

    /// Makes a pack text.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// What came of loading packs.
public struct LoadResult: Sendable {
    /// The rules that are good; callers do not run it when there is an error among `diagnostics`.
    public let plan: Plan
    /// All errors and warnings of all packs, in file order.
    public let diagnostics: [Diagnostic]

    /// True when there is an error among `diagnostics`.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Turns pack texts into a plan.
public enum PackLoader {
    /// Most bytes of all packs together.
    static let maxTotalBytes = 64_000_000

    /// Loads packs; everything that is wrong with any of them is in the result.
    ///
    /// Wrong syntax ends the reading of its file; everything else is found in one go.
    public static func load(_ packs: [PackText]) -> LoadResult {
        let patterns = PatternStore()
        var files: [(diagnoser: Diagnoser, draft: PackReader.Draft)] = []
        var totalBytes = 0
        for text in packs {
            totalBytes += text.bytes.count
            let diagnoser = Diagnoser(source: SourceText(path: text.path, bytes: text.bytes))
            guard totalBytes <= maxTotalBytes else {
                diagnoser.report(
                    .tooLarge, at: Place(line: 1, column: 1),
                    "all packs together have more than \(maxTotalBytes) bytes")
                files.append((diagnoser, PackReader.Draft()))
                continue
            }
            let sha256 = Digest.hex(text.bytes.withUnsafeBytes { Digest.sha256($0) })
            let draft = PackReader(diagnoser, patterns, sha256: sha256).read()
            files.append((diagnoser, draft))
        }
        let isTaken = reportDuplicates(&files)
        ChainResolver.report(files)
        return LoadResult(
            plan: plan(files.map(\.draft), isTaken),
            diagnostics: files.flatMap { $0.diagnoser.ordered })
    }

    /// Reports packs and rules that are there twice; gives the places of the later ones.
    private static func reportDuplicates(
        _ files: inout [(diagnoser: Diagnoser, draft: PackReader.Draft)]
    ) -> Set<String> {
        var packs: [String: String] = [:]
        var ids: [String: String] = [:]
        var later: Set<String> = []
        for index in files.indices {
            let (diagnoser, draft) = files[index]
            let path = diagnoser.source.path
            if let name = draft.pack?.name, let place = draft.namePlace {
                if let first = packs[name] {
                    // Its rules would all be there twice as well: one cause, one message.
                    diagnoser.report(
                        .duplicatePack, at: place, "the pack `\(name)` is there twice",
                        label: "the first is \(first)",
                        help: "rename one, or leave the default packs out: `--no-default-rules`")
                    files[index].draft = PackReader.Draft()
                    continue
                }
                packs[name] = path
            }
            for (id, place) in draft.ids {
                if let first = ids[id] {
                    diagnoser.report(
                        .duplicateID, at: place, "the rule id `\(id)` is there twice",
                        label: "the first is \(first)",
                        help: "an id is for one rule, in all packs, for ever")
                    later.insert(key(index, place))
                } else {
                    ids[id] = "\(path):\(place.line)"
                }
            }
        }
        return later
    }

    private static func key(_ file: Int, _ place: Place) -> String {
        "\(file) \(place.line) \(place.column)"
    }

    private static func plan(_ drafts: [PackReader.Draft], _ later: Set<String>) -> Plan {
        var packs: [Pack] = []
        var rules: [Rule] = []
        var logic: [RuleLogic] = []
        for (file, draft) in drafts.enumerated() {
            guard let pack = draft.pack else { continue }
            packs.append(pack)
            for rule in draft.rules where !later.contains(key(file, rule.place)) {
                for var event in rule.logic {
                    event.rule = rules.count
                    logic.append(event)
                }
                rules.append(rule.rule(index: rules.count, pack: packs.count - 1))
            }
        }
        let kept = drafts.enumerated().flatMap { file, draft in
            draft.pack == nil
                ? [] : draft.rules.filter { !later.contains(key(file, $0.place)) }
        }
        let chains = ChainResolver.chains(kept, &logic)
        return Plan(
            packs: packs, rules: rules, chains: chains, program: ProgramBuilder.build(logic))
    }
}
