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

/// What other rules, whose findings are an event of the one explained, made of the inputs.
public struct FeedingRules: Sendable {
    /// The event, a position in `Rule.events`.
    public let event: Int
    /// The rules' ids.
    public fileprivate(set) var rules: [String]
    /// Their findings that came as events.
    public fileprivate(set) var findings = 0
    /// The input, line and time of the first of them.
    public fileprivate(set) var first: (input: String, line: Int, time: Timestamp?)?
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
    /// For a rule with `when`: how near each key came, nearest first; keys that reached it last.
    public private(set) var nearMisses: [NearMiss] = []
    /// The rules whose findings are events of this one; empty when the sources can be read only
    /// once.
    public private(set) var feeding: [FeedingRules] = []
    /// Matches that `nearMisses` leaves out because there were too many.
    public private(set) var unheld = 0
    /// Inputs that could not be read, or not to their end.
    public private(set) var errors: [InputError] = []

    /// Most matches that are held for `nearMisses`: some 60 MB.
    private static let maxHeld = 200_000

    private var windows: [[String?]: [Window.Entry]] = [:]
    private var held = 0
    /// The latest time of all records.
    private var end: Timestamp?

    private init() {}

    /// Reads all sources and judges each record.
    ///
    /// - Parameters:
    ///   - rule: Position in `Plan.rules`.
    ///   - limit: Most records in `nearest`.
    ///   - isRereadable: False for sources that can be read once only, as stdin; then nothing is
    ///     known of the rules whose findings are events of this one, nor of names that services have
    ///     beside those in their records.
    public init(
        plan: Plan, rule: Int, sources: [Source], decoders: [any Decoder], options: RunOptions,
        limit: Int, isRereadable: Bool
    ) {
        let when = plan.rules[rule].when
        var explainer = RuleExplainer(plan, rule: rule)
        var result = RuleExplanation()
        let found = RecordWalk.run(sources: sources, decoders: decoders, options: options) {
            result.take($0, &explainer, isRereadable ? nil : when, limit: limit)
        }
        if isRereadable, when != nil { result.run(plan, rule, sources, decoders, options) }
        self = result
        errors += found
        guard let when else { return }
        let scene = Scene(
            events: plan.rules[rule].events, field: plan.rules[rule].field ?? "a field", end: end)
        nearMisses = windows.compactMap { key, entries in
            // Equal times stay in the order in which they came.
            let ordered = entries.enumerated()
                .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
                .map(\.element)
            return NearMiss(key: key, records: ordered, of: when, in: scene)
        }.sorted(by: NearMiss.isBefore)
        windows = [:]
    }

    private mutating func take(
        _ record: WalkedRecord, _ explainer: inout RuleExplainer, _ when: When?, limit: Int
    ) {
        records += 1
        if let time = record.time { end = max(end ?? time, time) }
        let verdict = explainer.verdict(record.fields, kind: record.kind)
        if !verdict.isEligible { ineligible += 1 }
        if verdict.hitLimit { limitHits += 1 }
        if verdict.isMatch {
            matches += 1
            if firstMatch == nil { firstMatch = explained(record, &explainer, verdict) }
            guard let time = record.time else {
                untimed += 1
                return
            }
            guard let when else { return }
            for match in verdict.matches {
                guard when.uses(event: match.event, value: match.value, number: match.number)
                else { continue }
                hold(
                    match.key,
                    Window.Entry(
                        time: time, event: match.event, value: match.value, number: match.number,
                        evidence: Evidence(
                            input: record.input, line: record.line, offset: 0, length: 0,
                            recordID: nil, time: time, text: ""), digest: []))
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

    private mutating func hold(_ key: [String?], _ entry: Window.Entry) {
        guard held < RuleExplanation.maxHeld else {
            unheld += 1
            return
        }
        held += 1
        windows[key, default: []].append(entry)
    }

    /// Lets the whole plan run over the sources, and takes all that comes to the rule.
    private mutating func run(
        _ plan: Plan, _ rule: Int, _ sources: [Source], _ decoders: [any Decoder],
        _ options: RunOptions
    ) {
        var feeding: [FeedingRules] = []
        for feeder in plan.feeders(of: rule) {
            let id = plan.rules[feeder.rule].id
            if let index = feeding.firstIndex(where: { $0.event == feeder.event }) {
                feeding[index].rules.append(id)
            } else {
                feeding.append(FeedingRules(event: feeder.event, rules: [id]))
            }
        }
        var explanation = self
        let report = Pipeline.run(
            sources: sources, decoders: decoders, plan: plan, options: options,
            receiver: Unheard()
        ) { signal, evidence in
            guard signal.rule == rule else { return }
            if let index = feeding.firstIndex(where: { $0.event == signal.event }) {
                feeding[index].findings += 1
                if feeding[index].first == nil {
                    feeding[index].first = (evidence.input, evidence.line, signal.time)
                }
            }
            guard let time = signal.time, plan.rules[rule].when?.uses(signal) ?? false else {
                return
            }
            var place = evidence
            place.text = ""
            explanation.hold(
                signal.key,
                Window.Entry(
                    time: time, event: signal.event, value: signal.value, number: signal.number,
                    evidence: place, digest: []))
        }
        self = explanation
        self.feeding = feeding
        if let error = report.engineError { errors.append(InputError(input: "-", message: error)) }
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
