import Glibc
import WinnowKit
import WinnowRules

/// Packs and rules named on one command line: what exists as a file is a pack, what looks like an id
/// selects rules.
struct RuleSelection {
    let packs: [PackText]
    /// Those of them that are files; none where they are the built-in ones.
    let files: [PackText]
    private let ids: [String]

    /// - Throws: `ExitStatus.failed` where a pack cannot be read; stderr says why.
    init(_ arguments: [String]) throws {
        ids = arguments.filter(RuleSelection.isID)
        let paths = arguments.filter { !RuleSelection.isID($0) }
        files = paths.isEmpty ? [] : try RulePacks.read(paths)
        packs = paths.isEmpty ? RulePacks.builtin : files
    }

    /// The rules of a plan that are meant, in its order; all where none is named.
    ///
    /// - Throws: `ExitStatus.failed` for an id that no rule has; stderr names the nearest.
    func rules(of plan: Plan) throws -> [Rule] {
        guard !ids.isEmpty else { return plan.rules }
        var wanted: Set<Int> = []
        for id in ids {
            let found = plan.rules(like: id)
            if found.isEmpty {
                let hint = plan.nearestRuleID(to: id).map { "; did you mean `\($0)`?" } ?? ""
                Diagnostics.error(
                    "there is no file and no rule `\(id)`\(hint)",
                    help: "`winnow rules list` prints all ids of the built-in packs")
                throw ExitStatus.failed
            }
            wanted.formUnion(found.map(\.index))
        }
        return plan.rules.filter { wanted.contains($0.index) }
    }

    /// True for what could be an id or a part of one, and is no file.
    private static func isID(_ text: String) -> Bool {
        !text.contains("/") && !text.hasSuffix(".yaml") && !text.hasSuffix(".yml")
            && access(text, F_OK) != 0
    }
}
