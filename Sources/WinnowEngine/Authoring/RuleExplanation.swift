public import WinnowKit
public import WinnowRules

/// A record that came near to a rule, or met it.
public struct ExplainedRecord: Sendable {
    /// What findings call its input.
    public let input: String
    /// 1-based line.
    public let line: Int
    /// Its time, own or inherited.
    public let time: Timestamp?
    /// What it says.
    public let text: String
    /// How much is missing; 0 for a match.
    public let distance: Double
    /// The event that it is or came nearest to, a position in `Rule.events`.
    public let event: Int
    /// What held and what failed.
    public let outcomes: [ConditionOutcome]
}

/// What one rule made of some inputs, and how near it came.
public struct RuleExplanation: Sendable {
    /// Records read.
    public private(set) var records = 0
    /// Records that the rule's `logsource` leaves out.
    public private(set) var ineligible = 0
    /// Records that meet `match` and `where`.
    public private(set) var matches = 0
    /// Matches without a time, which no window can hold.
    public private(set) var untimed = 0
    /// Records whose verdict a limit of the regular expressions left open.
    public private(set) var limitHits = 0
    /// The first match.
    public private(set) var firstMatch: ExplainedRecord?
    /// The records that came nearest without meeting the rule, nearest first.
    public private(set) var nearest: [ExplainedRecord] = []
    /// For a rule with `count`: how near each key came, nearest first; keys that reached it last.
    public private(set) var counts: [CountMiss] = []
    /// Inputs that could not be read, or not to their end.
    public private(set) var errors: [InputError] = []

    /// Most times of matches that are held for `counts`.
    private static let maxTimes = 1_000_000

    /// Times of matches by event and key.
    private var times: [Int: [[String?]: [Timestamp]]] = [:]
    private var heldTimes = 0

    private init() {}

    /// Reads all sources and judges each record.
    ///
    /// - Parameters:
    ///   - rule: Position in `Plan.rules`.
    ///   - limit: Most records in `nearest`.
    public init(
        plan: Plan, rule: Int, sources: [Source], decoders: [any Decoder], options: RunOptions,
        limit: Int
    ) {
        var explainer = RuleExplainer(plan, rule: rule)
        var result = RuleExplanation()
        let found = RecordWalk.run(sources: sources, decoders: decoders, options: options) {
            result.take($0, &explainer, limit: limit)
        }
        self = result
        errors = found
        if case .count(let event, let count, let within)? = plan.rules[rule].when {
            let misses = times[event, default: [:]].map { key, times in
                CountMiss(key: key, times: times.sorted(), atLeast: count, within: within)
            }
            counts = misses.sorted { CountMiss.order($0) < CountMiss.order($1) }
        }
        times = [:]
    }

    private mutating func take(
        _ record: WalkedRecord, _ explainer: inout RuleExplainer, limit: Int
    ) {
        records += 1
        let verdict = explainer.verdict(record.fields, kind: record.kind)
        if !verdict.isEligible { ineligible += 1 }
        if verdict.hitLimit { limitHits += 1 }
        if verdict.isMatch {
            matches += 1
            if firstMatch == nil { firstMatch = explained(record, &explainer, verdict) }
            if let time = record.time {
                for (event, key) in verdict.matches where heldTimes < RuleExplanation.maxTimes {
                    heldTimes += 1
                    times[event, default: [:]][key, default: []].append(time)
                }
            } else {
                untimed += 1
            }
        } else if verdict.isNear {
            if nearest.count == limit, let last = nearest.last, verdict.distance >= last.distance {
                return
            }
            let at = nearest.firstIndex { $0.distance > verdict.distance } ?? nearest.count
            nearest.insert(explained(record, &explainer, verdict), at: at)
            if nearest.count > limit { nearest.removeLast() }
        }
    }

    private func explained(
        _ record: WalkedRecord, _ explainer: inout RuleExplainer, _ verdict: RecordVerdict
    ) -> ExplainedRecord {
        ExplainedRecord(
            input: record.input, line: record.line, time: record.time, text: record.text(),
            distance: verdict.distance, event: verdict.nearestEvent,
            outcomes: explainer.outcomes(
                record.fields, kind: record.kind, event: verdict.nearestEvent))
    }
}

extension CountMiss {
    /// Sorts: missed by little, missed by much, too few at all, reached; then by the key.
    fileprivate static func order(_ miss: CountMiss) -> (Int, Int64, Int, String) {
        let key = miss.key.map { $0 ?? "" }.joined(separator: "\u{0}")
        if miss.isReached { return (2, 0, 0, key) }
        if let late = miss.late { return (0, late, -miss.inWindow, key) }
        return (1, 0, -miss.inWindow, key)
    }
}
