public import WinnowKit

/// What filters and overrides of packs made of a rule.
public struct RuleTuning: Sendable {
    /// The filter or override that did it.
    public struct Origin: Sendable, Equatable {
        /// Position of its pack in `Plan.packs`.
        public let pack: Int
        /// 1-based line in the pack file.
        public let line: Int
    }

    /// A value that an override set.
    public struct Change<Value: Sendable>: Sendable {
        /// What the rule itself says.
        public let written: Value
        /// Where the override stands.
        public let origin: Origin
    }

    /// The rule's own level, and what changed it; nil where nothing did.
    public internal(set) var level: Change<Level>?
    /// The rule's own `suppress` in nanoseconds, and what changed it; nil where nothing did.
    public internal(set) var suppress: Change<Int64?>?
    /// What disabled the rule; nil for a rule that runs.
    public internal(set) var disabled: Origin?
    /// The filters that keep records from it, in the order of the packs.
    public internal(set) var filters: [Origin] = []

    /// True when no filter and no override met the rule.
    public var isEmpty: Bool {
        level == nil && suppress == nil && disabled == nil && filters.isEmpty
    }
}
