import WinnowKit
import WinnowRules

/// Turns signals, in order, into findings: windows, firing edges and suppression, all in event time.
///
/// The second of the three places of state. A function of the signals alone.
final class Correlator {
    /// Most keys that one rule keeps; the one not seen for longest goes, and that is counted.
    static let maxKeys = 10_000
    /// Most bytes that all windows hold together, about; keys not seen for longest go first.
    static let maxBytes = 64 << 20
    /// How far a record may come behind its time and still meet the window it belongs to.
    static let lateness: Int64 = 30 * 1_000_000_000

    /// What the correlator has to tell of a rule.
    struct Tally {
        var findings = 0
        var suppressed = 0
        var evictedKeys = 0
        var evictedRecords = 0
        /// Records that came when their windows were gone.
        var late = 0
        /// Records without any time, which no window can hold.
        var untimed = 0
    }

    private struct KeyState {
        var window = Window()
        var lastFired: Timestamp?
        var hasFired = false
        var suppressed = 0
        var lastSeen = 0
    }

    private let plan: Plan
    private var states: [[[String?]: KeyState]]
    private(set) var tallies: [Tally]
    private var clock = 0
    private var heldBytes = 0

    init(plan: Plan) {
        self.plan = plan
        self.states = Array(repeating: [:], count: plan.rules.count)
        self.tallies = Array(repeating: Tally(), count: plan.rules.count)
    }

    /// Takes one signal; gives the finding that it makes, if any.
    ///
    /// - Parameter evidence: The signal's record, its line complete.
    func take(_ signal: Signal, evidence: Evidence) -> Finding? {
        let rule = plan.rules[signal.rule]
        guard let when = rule.when else { return single(signal, evidence, rule) }
        guard when.uses(signal) else { return nil }
        guard let time = signal.time else {
            // One record fills a window of one, whenever it was.
            if case .count(_, let atLeast, _) = when, atLeast <= 1 {
                return single(signal, evidence, rule)
            }
            tallies[signal.rule].untimed += 1
            return nil
        }
        var state = takeState(signal)
        defer { states[signal.rule][signal.key] = state }
        let evictedBefore = state.window.evicted
        let costBefore = state.window.cost
        let measure = when.measure
        let change = state.window.add(
            Window.Entry(
                time: time, event: signal.event, value: signal.value, number: signal.number,
                evidence: evidence.shortened(forWindowsOf: measure.capacity),
                digest: signal.digest), within: when.within, measure: measure,
            lateness: Correlator.lateness)
        tallies[signal.rule].evictedRecords += state.window.evicted - evictedBefore
        heldBytes += state.window.cost - costBefore
        // The key at hand is out of the table and stays, whatever it holds: one window is capped.
        if heldBytes > Correlator.maxBytes { evictForSpace(keeping: state.window.cost) }
        if change.isLate { tallies[signal.rule].late += 1 }
        guard let window = change.window else { return nil }
        if change.wasTrue {
            // Still true since it fired: only the end of `suppress` makes it worth saying again.
            guard let suppress = rule.suppress, let last = state.lastFired,
                last.advanced(byNanoseconds: suppress) <= time
            else { return nil }
        }
        guard !holdBack(&state, signal, rule) else { return nil }
        let entries = state.window.entries[window]
        return finding(
            signal, rule, evidence: entries.map(\.evidence),
            digests: (entries.first?.digest ?? [], entries.last?.digest ?? []),
            suppressed: takeSuppressed(&state))
    }

    /// A rule without `when` fires at every match that `suppress` lets through.
    private func single(_ signal: Signal, _ evidence: Evidence, _ rule: Rule) -> Finding? {
        var suppressed = 0
        if rule.suppress != nil {
            var state = takeState(signal)
            defer { states[signal.rule][signal.key] = state }
            guard !holdBack(&state, signal, rule) else { return nil }
            suppressed = takeSuppressed(&state)
        }
        return finding(
            signal, rule, evidence: [evidence], digests: (signal.digest, signal.digest),
            suppressed: suppressed)
    }

    private func takeState(_ signal: Signal) -> KeyState {
        clock += 1
        var state = states[signal.rule].removeValue(forKey: signal.key) ?? KeyState()
        if states[signal.rule].count >= Correlator.maxKeys { evictKeys(signal.rule) }
        state.lastSeen = clock
        return state
    }

    /// Drops the tenth of the keys that was not seen for longest: one sort serves many new keys.
    private func evictKeys(_ rule: Int) {
        let bound = states[rule].values.map(\.lastSeen).sorted()[Correlator.maxKeys / 10]
        evict(rule, notSeenSince: bound)
    }

    /// Drops keys of all rules, those not seen for longest first, until half the space is free.
    private func evictForSpace(keeping kept: Int) {
        let ages = states.flatMap { $0.values.map { (seen: $0.lastSeen, cost: $0.window.cost) } }
            .sorted { $0.seen < $1.seen }
        var excess = heldBytes - max(Correlator.maxBytes / 2, kept)
        guard
            let last = ages.first(where: {
                excess -= $0.cost
                return excess <= 0
            }) ?? ages.last
        else { return }
        for rule in states.indices { evict(rule, notSeenSince: last.seen) }
    }

    private func evict(_ rule: Int, notSeenSince bound: Int) {
        let before = states[rule].count
        states[rule] = states[rule].filter {
            if $0.value.lastSeen > bound { return true }
            heldBytes -= $0.value.window.cost
            return false
        }
        tallies[rule].evictedKeys += before - states[rule].count
    }

    /// True when `suppress` holds the finding back; it is counted then.
    private func holdBack(_ state: inout KeyState, _ signal: Signal, _ rule: Rule) -> Bool {
        if let suppress = rule.suppress, state.hasFired,
            isSuppressed(signal.time, since: state.lastFired, suppress)
        {
            state.suppressed += 1
            tallies[signal.rule].suppressed += 1
            return true
        }
        state.hasFired = true
        state.lastFired = signal.time
        return false
    }

    /// Within `suppress` of the last finding, to either side: an export may be newest first.
    /// Without times there is no end to it.
    private func isSuppressed(_ time: Timestamp?, since last: Timestamp?, _ suppress: Int64) -> Bool
    {
        guard let time, let last else { return time == nil && last == nil }
        return time < last.advanced(byNanoseconds: suppress)
            && last < time.advanced(byNanoseconds: suppress)
    }

    private func takeSuppressed(_ state: inout KeyState) -> Int {
        defer { state.suppressed = 0 }
        return state.suppressed
    }

    private func finding(
        _ signal: Signal, _ rule: Rule, evidence: [Evidence],
        digests: (first: [UInt8], last: [UInt8]), suppressed: Int
    ) -> Finding {
        tallies[signal.rule].findings += 1
        let pack = plan.packs[rule.pack]
        let count = evidence.count
        // One line each: a value must not look like another line of advice.
        let lookup: (String) -> String? = { name in
            let value =
                signal.variables[name]
                ?? signal.captures.first { $0.name == name }?.value.description
            return value.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        }
        let key = zip(rule.by, signal.key).map { (name: $0, value: $1) }
        let shown =
            count <= Correlator.maxEvidence
            ? evidence : Array(evidence.prefix(5)) + Array(evidence.suffix(5))
        return Finding(
            id: identity(rule, pack, key, shown.first, shown.last, digests), rule: rule.id,
            pack: "\(pack.name)@\(pack.version)", level: rule.level, status: rule.status,
            title: rule.title.rendered(lookup), message: signal.message, time: signal.time,
            firstTime: evidence.first?.time, lastTime: evidence.last?.time, count: count,
            suppressedCount: suppressed, host: signal.host, service: signal.service, key: key,
            fields: signal.captures, evidence: shown,
            remediation: rule.remediation?.rendered(lookup), references: rule.references,
            tags: rule.tags)
    }

    /// Most records that a finding shows.
    static let maxEvidence = 10

    /// The finding's id: no path and no input name goes in, so that a file, its renamed rotation and
    /// the same bytes on stdin give the same one.
    private func identity(
        _ rule: Rule, _ pack: Pack, _ key: [(name: String, value: String?)], _ first: Evidence?,
        _ last: Evidence?, _ digests: (first: [UInt8], last: [UInt8])
    ) -> String {
        let digest = Digest()
        digest.update(rule.id)
        digest.update(pack.version)
        for (name, value) in key {
            digest.update(name)
            digest.update(value == nil ? "absent" : "present")
            digest.update(value ?? "")
        }
        for (evidence, bytes) in [(first, digests.first), (last, digests.last)] {
            digest.update(number: UInt64(evidence?.offset ?? 0))
            digest.update(evidence?.time?.rfc3339 ?? "")
            digest.update(bytes)
        }
        return Digest.hex(digest.finish().prefix(16))
    }
}

extension Evidence {
    /// Windows of many records keep the beginnings of their texts only: most are never shown.
    fileprivate func shortened(forWindowsOf capacity: Int) -> Evidence {
        guard capacity > Window.maxEntries, text.utf8.count > 256 else { return self }
        var short = self
        short.text = EvidenceText.cut(text, to: 256)
        return short
    }
}
