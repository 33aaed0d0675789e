import WinnowKit

/// Applies the overlays of all packs to the rules that they name.
struct TuningResolver {
    /// Most filters that meet one rule: a record is tried against each.
    static let maxFilters = 256
    /// Most names for which the nearest id is looked up.
    private static let maxHints = 20

    /// A good rule, in the order of the plan.
    struct Target {
        var rule: RuleDraft
        /// Position of its file.
        var file: Int
    }

    /// What became of one rule.
    struct Outcome {
        var level: Level
        var suppress: Int64?
        /// Positions in `filters`.
        var unless: [Int] = []
        var tuning = RuleTuning()
        /// Where it was disabled.
        fileprivate var disabledAt: (file: Int, place: Place)?
    }

    /// For each rule, what became of it.
    private(set) var outcomes: [Outcome]
    /// What the filters keep out; each meets some rule.
    private(set) var filters: [Condition] = []

    private let files: [PackFile]
    private let targets: [Target]
    private let scope: TuningScope
    private var ids: RuleIDs
    /// Positions in `targets` by those in `ids`; nil for a rule with a fault.
    private let positions: [Int?]
    /// Ids of all rules are known: no file was left before its rules.
    private let isWhole: Bool
    private var hints = 0

    /// Applies what the files say; what is wrong with it is reported.
    init(_ files: [PackFile], _ targets: [Target], _ scope: TuningScope) {
        self.files = files
        self.targets = targets
        self.scope = scope
        outcomes = targets.map { Outcome(level: $0.rule.level, suppress: $0.rule.suppress) }
        isWhole = files.allSatisfy { $0.draft.pack != nil }
        let hasOverlays = files.contains { !$0.draft.overlay.isEmpty }
        var known: [String: Int] = [:]
        for (index, target) in targets.enumerated() where hasOverlays {
            known[target.rule.id] = index
        }
        var seen: Set<String> = []
        let all = hasOverlays ? files.flatMap { $0.draft.ids.map(\.id) } : []
        ids = RuleIDs(all.filter { seen.insert($0).inserted })
        positions = ids.ids.map { known[$0] }
        guard hasOverlays else { return }
        var pack = -1
        for (file, content) in files.enumerated() where content.draft.pack != nil {
            pack += 1
            guard apply(content.draft.overlay, of: file, pack) else { return }
        }
        if scope == .all { reportDisabledEvents() }
    }

    /// False after an error that makes the rest pointless.
    private mutating func apply(_ overlay: Overlay, of file: Int, _ pack: Int) -> Bool {
        for filter in overlay.filters {
            guard let rules = rules(filter.rules, of: file) else { return false }
            guard add(filter, to: rules, of: file, pack) else { return false }
        }
        for override in overlay.overrides {
            guard let rules = rules(override.rules, of: file) else { return false }
            let origin = RuleTuning.Origin(pack: pack, line: override.place.line)
            for rule in rules {
                let written = targets[rule].rule
                if let level = override.level {
                    outcomes[rule].level = level
                    outcomes[rule].tuning.level = .init(written: written.level, origin: origin)
                }
                if let suppress = override.suppress {
                    outcomes[rule].suppress = suppress
                    outcomes[rule].tuning.suppress = .init(
                        written: written.suppress, origin: origin)
                }
                if let isEnabled = override.isEnabled {
                    outcomes[rule].tuning.disabled = isEnabled ? nil : origin
                    outcomes[rule].disabledAt = isEnabled ? nil : (file, override.place)
                }
            }
        }
        return true
    }

    /// Positions in `targets` of the rules that some names meet, each once; nil after an error.
    private mutating func rules(_ names: [RuleName], of file: Int) -> [Int]? {
        var met: [Int] = []
        var seen: Set<Int> = []
        for name in names {
            guard let found = ids.found(name) else {
                files[file].diagnoser.report(
                    .tooLarge, at: name.place,
                    "the globs of all packs are tried against ids more than "
                        + "\(RuleIDs.maxTrials) times",
                    help: "write whole ids, or globs that begin with more of the id")
                return nil
            }
            if found.isEmpty, scope == .all, isWhole { reportUnmet(name, of: file) }
            for position in found {
                guard let rule = positions[position],
                    scope == .all || targets[rule].file == file, seen.insert(rule).inserted
                else { continue }
                met.append(rule)
            }
        }
        return met
    }

    /// False after an error.
    private mutating func add(
        _ filter: Overlay.Filter, to rules: [Int], of file: Int, _ pack: Int
    ) -> Bool {
        // Findings are no records: a rule of nothing but `rule:` is filtered by filtering those.
        let met = rules.filter { !targets[$0].rule.logic.isEmpty }
        if met.count < rules.count, scope == .all { reportIdle(filter, rules, of: file) }
        guard !met.isEmpty else { return true }
        let position = filters.count
        filters.append(filter.unless)
        for rule in met {
            guard outcomes[rule].unless.count < TuningResolver.maxFilters else {
                files[file].diagnoser.report(
                    .tooLarge, at: filter.place,
                    "more than \(TuningResolver.maxFilters) filters meet the rule "
                        + "`\(targets[rule].rule.id)`",
                    help: "write what several of them say into one: `unless: {any: […]}`")
                return false
            }
            outcomes[rule].unless.append(position)
            outcomes[rule].tuning.filters.append(
                RuleTuning.Origin(pack: pack, line: filter.place.line))
        }
        return true
    }

    // MARK: - Warnings

    private mutating func reportUnmet(_ name: RuleName, of file: Int) {
        let diagnoser = files[file].diagnoser
        var nearest: String?
        if hints < TuningResolver.maxHints {
            hints += 1
            nearest = ids.nearest(to: name)
        }
        diagnoser.report(
            .unmetName, at: name.place,
            name.isGlob ? "no rule has an id as `\(name.text)`" : "there is no rule `\(name.text)`",
            help: nearest.map { "did you mean `\($0)`?" }
                ?? "its pack must be loaded with this one; `winnow rules list` prints all ids")
    }

    /// One warning a filter: a glob may meet thousands of such rules.
    private func reportIdle(_ filter: Overlay.Filter, _ rules: [Int], of file: Int) {
        let met = Set(rules.map { targets[$0].rule.id })
        var idle = 0
        var first: (id: String, others: [String])?
        for rule in rules.map({ targets[$0].rule }) where rule.logic.isEmpty {
            let others = rule.links.map(\.id).filter { !met.contains($0) }
            guard !others.isEmpty else { continue }
            idle += 1
            if first == nil { first = (rule.id, others) }
        }
        guard let first else { return }
        let more = idle > 1 ? " and \(idle - 1) more" : ""
        files[file].diagnoser.report(
            .idleFilter, at: filter.place,
            "the filter does nothing to rule `\(first.id)`\(more), whose events are findings",
            help: "filter the rules that make them: "
                + first.others.prefix(3).map { "`\($0)`" }.joined(separator: ", "))
    }

    private func reportDisabledEvents() {
        var disabled: [String: (file: Int, place: Place)] = [:]
        for (target, outcome) in zip(targets, outcomes) {
            if let at = outcome.disabledAt { disabled[target.rule.id] = at }
        }
        guard !disabled.isEmpty else { return }
        for (target, outcome) in zip(targets, outcomes) where outcome.disabledAt == nil {
            for link in target.rule.links {
                guard let at = disabled[link.id] else { continue }
                files[at.file].diagnoser.report(
                    .disabledEvent, at: at.place,
                    "rule `\(target.rule.id)` waits for findings of `\(link.id)`, which is "
                        + "disabled here",
                    help: "disable `\(target.rule.id)` as well, or give `\(link.id)` a low "
                        + "`level` instead")
            }
        }
    }
}
