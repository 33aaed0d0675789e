public import WinnowKit
import WinnowRules

/// How near the matches of one key came to the operator of their rule.
///
/// Of all windows the one that is nearest counts. Times decide, not the order in which records came:
/// that a record was too late for a window that is held no more is said by the summary of a scan.
public struct NearMiss: Sendable {
    /// The operator, as rules write it.
    public let name: String
    /// The key's values.
    public let key: [String?]
    /// True when the operator's condition was met.
    public let isReached: Bool
    /// How near, as `4 of 5 in 1m, number 5 came 7s late`.
    public let words: String
    /// The time of the first record of that window.
    public let from: Timestamp
    let rank: Rank

    /// How near: a time that was missed, then what else is missing; what was reached comes last.
    struct Rank: Comparable {
        enum Kind: Int {
            case late
            case short
            case reached
        }

        var kind: Kind
        /// Nanoseconds, records, or the distance to a bound: the less, the nearer.
        var gap: Double

        static func < (a: Rank, b: Rank) -> Bool {
            (a.kind.rawValue, a.gap) < (b.kind.rawValue, b.gap)
        }
    }

    /// What an operator says of the records of a key.
    struct Verdict {
        var rank: Rank
        var words: String
        var from: Timestamp
    }

    /// - Parameter records: At least one.
    init?(key: [String?], records: [Window.Entry], of when: When, in scene: Scene) {
        let verdict: Verdict? =
            switch when {
            case .count(_, let atLeast, let within):
                CountMiss(measure: Count(atLeast: atLeast)).verdict(records, within, scene)
            case .distinct(_, let atLeast, let within):
                DistinctMiss(measure: Distinct(atLeast: atLeast)).verdict(records, within, scene)
            case .all(let events, let within):
                AllMiss(measure: AllEvents(events)).verdict(records, within, scene)
            case .stat(_, let statistic, let within):
                StatisticMiss(when: when, statistic: statistic).verdict(records, within)
            case .sequence(let steps, let within):
                SequenceMiss(steps: steps, within: within, scene: scene).verdict(records)
            case .trend(let trend, let within):
                TrendMiss(when: when, trend: trend, within: within).verdict(records)
            case .join(let join, let within):
                JoinMiss(join: join, within: within, scene: scene).verdict(records)
            }
        guard let verdict else { return nil }
        name = when.name
        self.key = key
        isReached = verdict.rank.kind == .reached
        words = verdict.words
        from = verdict.from
        rank = verdict.rank
    }

    /// Nearest first; equals by their keys.
    static func isBefore(_ a: NearMiss, _ b: NearMiss) -> Bool {
        guard a.rank == b.rank else { return a.rank < b.rank }
        return a.key.map { $0 ?? "" }.lexicographicallyPrecedes(b.key.map { $0 ?? "" })
    }
}

/// What the words about a near miss need beside its records.
struct Scene {
    /// Names of `Rule.events`; none for a rule of `match`.
    var events: [String]
    /// The field that the operator looks at.
    var field: String
    /// The latest time of all records that were read.
    var end: Timestamp?

    func event(_ index: Int) -> String {
        events.indices.contains(index) ? events[index] : "matches"
    }
}

extension When {
    /// The operator as rules write it; a rate is a count by now.
    fileprivate var name: String {
        switch self {
        case .count: "count"
        case .distinct: "distinct"
        case .stat: "stat"
        case .all: "all"
        case .sequence(let steps, _):
            steps.count == 1 && steps[0].silence?.event == steps[0].event ? "absent" : "sequence"
        case .trend: "trend"
        case .join: "join"
        }
    }
}

/// How late a record came for a window.
enum Lateness {
    /// In words; zero is the window's end.
    static func words(_ nanoseconds: Int64) -> String {
        nanoseconds == 0
            ? "exactly at the window's end, which is out"
            : DurationWords.text(nanoseconds) + " late"
    }
}
