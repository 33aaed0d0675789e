import WinnowKit

/// What a pack file says about rules, its own or of other packs, without being a rule.
struct Overlay {
    /// Records that some rules shall not see.
    struct Filter {
        var rules: [RuleName]
        /// What these records meet.
        var unless: Condition
        /// Where it stands.
        var place: Place
    }

    /// What some rules shall have instead of what they say; nil leaves it as it is.
    struct Override {
        var rules: [RuleName]
        var level: Level?
        var isEnabled: Bool?
        /// Nanoseconds.
        var suppress: Int64?
        /// Where it stands.
        var place: Place
    }

    var filters: [Filter] = []
    var overrides: [Override] = []

    var isEmpty: Bool { filters.isEmpty && overrides.isEmpty }
}
