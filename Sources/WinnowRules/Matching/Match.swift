public import WinnowKit

/// A record that met a rule's condition, with all that a finding will need of it.
public struct Match {
    /// Position of the rule in `Plan.rules`.
    public let rule: Int
    /// Position of the event in `Rule.events`; 0 for a rule of `match`.
    public let event: Int
    /// Named groups and `let` values that have a value, in the order of `Rule.captures`.
    public let captures: [(name: String, value: FieldValue)]
    /// The values of `Rule.by`; nil where the record has none.
    public let key: [String?]
    /// The value of the field that the operator of `when` looks at, or nil.
    public let value: String?
    /// The same as a number, where it is one.
    public let number: Double?
    /// The values of the variables in title and remediation, as far as the record has them.
    public let variables: [String: String]
}

/// What happened to one rule, as far as one matcher saw it.
public struct RuleCounters: Sendable {
    /// Records for which the condition was evaluated.
    public var candidates = 0
    /// Records that met it.
    public var matches = 0
    /// Matches of a regular expression that ended at a limit, so that nobody knows their result.
    public var limitHits = 0
    /// Values longer than a regular expression looks at; only their beginning was matched.
    public var truncatedSubjects = 0
    /// Time spent in the condition, estimated from samples.
    public var nanoseconds = 0
    /// Limit hits by reason, in the order of `LimitReason.allCases`.
    var reasons = [Int](repeating: 0, count: LimitReason.allCases.count)

    /// The most frequent reason of `limitHits`, or nil where there are none.
    ///
    /// Not the first in time, which would depend on how blocks met workers.
    public var firstLimit: String? {
        guard let most = reasons.max(), most > 0, let at = reasons.firstIndex(of: most) else {
            return nil
        }
        return LimitReason.allCases[at].text
    }

    /// Adds what another matcher saw.
    public mutating func add(_ other: RuleCounters) {
        candidates += other.candidates
        matches += other.matches
        limitHits += other.limitHits
        truncatedSubjects += other.truncatedSubjects
        nanoseconds += other.nanoseconds
        for i in reasons.indices { reasons[i] += other.reasons[i] }
    }

    mutating func hit(_ reason: LimitReason) {
        limitHits += 1
        reasons[reason.rawValue] += 1
    }
}

/// Why a regular expression gave no answer.
enum LimitReason: Int, CaseIterable, Sendable {
    case match
    case depth
    case heap
    case stack
    case other

    var text: String {
        switch self {
        case .match: "match limit"
        case .depth: "depth limit"
        case .heap: "heap limit"
        case .stack: "stack limit"
        case .other: "internal error"
        }
    }
}
