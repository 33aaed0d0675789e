import WinnowKit

/// A pack file as the caller read it.
public struct PackText: Sendable {
    /// The file as the user named it.
    public let path: String
    /// Its bytes.
    public let bytes: [UInt8]
    /// True for a pack of the product itself: one of the same name that the user gives replaces it.
    public let isDefault: Bool

    /// Makes a pack text.
    public init(path: String, bytes: [UInt8], isDefault: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isDefault = isDefault
    }
}

/// For which rules the filters and overrides of a pack count.
public enum TuningScope: Sendable {
    /// For all rules that they name: what a scan does.
    case all
    /// For rules of the same pack: what the tests of rules are run with, so that an overlay breaks
    /// no test of another pack.
    case ownRules
}

/// What came of loading packs.
public struct LoadResult: Sendable {
    /// The rules that are good; callers do not run it when there is an error among `diagnostics`.
    public let plan: Plan
    /// All errors and warnings of all packs, in file order.
    public let diagnostics: [Diagnostic]
    /// True when a pack has filters or overrides.
    public let hasOverlays: Bool

    /// True when there is an error among `diagnostics`.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Warnings about filters and overrides that do not do what they say with these packs: unlike
    /// other warnings they depend on which packs are loaded together.
    public var overlayWarnings: [Diagnostic] {
        let codes = [DiagnosticCode.unmetName, .idleFilter, .disabledEvent].map(\.rawValue)
        return diagnostics.filter { codes.contains($0.code) }
    }
}

/// A pack file, read, with what is wrong with it.
struct PackFile {
    var diagnoser: Diagnoser
    var draft: PackReader.Draft
    var isDefault: Bool

    /// The file as the user named it.
    var path: String { diagnoser.source.path }
}

/// Turns pack texts into a plan.
public enum PackLoader {
    /// Most bytes of all packs together.
    static let maxTotalBytes = 64_000_000

    /// Loads packs; everything that is wrong with any of them is in the result.
    ///
    /// Wrong syntax ends the reading of its file; everything else is found in one go. Filters and
    /// overrides count for rules of earlier and of later packs; the last override of a rule wins.
    public static func load(_ packs: [PackText], tuning scope: TuningScope = .all) -> LoadResult {
        let patterns = PatternStore()
        var files: [PackFile] = []
        var totalBytes = 0
        for text in packs {
            totalBytes += text.bytes.count
            let diagnoser = Diagnoser(source: SourceText(path: text.path, bytes: text.bytes))
            var draft = PackReader.Draft()
            if totalBytes <= maxTotalBytes {
                let sha256 = Digest.hex(text.bytes.withUnsafeBytes { Digest.sha256($0) })
                draft = PackReader(diagnoser, patterns, sha256: sha256).read()
            } else {
                diagnoser.report(
                    .tooLarge, at: Place(line: 1, column: 1),
                    "all packs together have more than \(maxTotalBytes) bytes")
            }
            files.append(PackFile(diagnoser: diagnoser, draft: draft, isDefault: text.isDefault))
        }
        PackPrecedence.replaceDefaults(&files)
        let isTaken = PackPrecedence.reportDuplicates(&files)
        ChainResolver.report(files)
        let plan = plan(files, isTaken, scope)
        return LoadResult(
            plan: plan, diagnostics: files.flatMap { $0.diagnoser.ordered },
            hasOverlays: files.contains { !$0.draft.overlay.isEmpty })
    }

    /// - Parameter later: Places of rules that are there already.
    static func plan(_ files: [PackFile], _ later: Set<String>, _ scope: TuningScope) -> Plan {
        var packs: [Pack] = []
        var targets: [TuningResolver.Target] = []
        var packOfFile: [Int: Int] = [:]
        for (file, content) in files.enumerated() {
            guard let pack = content.draft.pack else { continue }
            packOfFile[file] = packs.count
            packs.append(pack)
            for rule in content.draft.rules
            where !later.contains(PackPrecedence.key(file, rule.place)) {
                targets.append(TuningResolver.Target(rule: rule, file: file))
            }
        }
        let tuned = TuningResolver(files, targets, scope)
        var rules: [Rule] = []
        var logic: [RuleLogic] = []
        for (target, outcome) in zip(targets, tuned.outcomes) {
            for var event in target.rule.logic {
                event.rule = rules.count
                event.isEnabled = outcome.tuning.disabled == nil
                event.unless = outcome.unless
                logic.append(event)
            }
            rules.append(
                target.rule.rule(
                    index: rules.count, pack: packOfFile[target.file] ?? 0, outcome))
        }
        let chains = ChainResolver.chains(targets.map(\.rule), &logic) { rules[$0].isEnabled }
        return Plan(
            packs: packs, rules: rules, chains: chains,
            program: ProgramBuilder.build(logic, filters: tuned.filters))
    }
}
