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

    struct KeyState {
        var window = Window()
        var silence = Silence()
        var gathering = Gathering()
        /// The earliest end, of a silence or of what is gathered, that stands in `deadlines`.
        var deadline: Timestamp?
        var lastFired: Timestamp?
        var hasFired = false
        var suppressed = 0
        var lastSeen = 0

        /// Bytes of memory of the key, and of what the tables hold for any key, about.
        var keyCost = 0

        /// Bytes of memory, about.
        var cost: Int { keyCost + window.cost + gathering.cost + silence.cost }
    }

    let plan: Plan
    let when: [When?]
    var states: [[[String?]: KeyState]]
    var tallies: [Tally]
    private var deadlines = Deadlines()
    private var clock = 0
    var heldBytes = 0
    /// How far event time has come.
    var passed: Timestamp?
    /// True while findings are made whose time has come: what they begin in turn is not too late.
    private(set) var isExpiring = false
    /// Sees every signal that comes to a rule, with its record, before it is judged; for tools that
    /// explain.
    var watch: ((Signal, Evidence) -> Void)?
    /// The key whose state is out of the table for the moment.
    private var taken: [String?] = []

    /// - Parameter when: The operators by rule, where they are not the plan's.
    init(plan: Plan, when: [When?]? = nil) {
        self.plan = plan
        self.when = when ?? plan.rules.map(\.when)
        self.states = Array(repeating: [:], count: plan.rules.count)
        self.tallies = Array(repeating: Tally(), count: plan.rules.count)
    }

    /// A finding and what it was made of.
    struct Fired {
        var finding: Finding
        var signal: Signal
        var digest: [UInt8]
    }

    /// Takes one signal; gives the finding that it makes, and those of rules of which that finding is
    /// an event.
    ///
    /// - Parameter evidence: The signal's record, its line complete.
    func take(_ signal: Signal, evidence: Evidence) -> [Finding] {
        guard let fired = judge(signal, evidence) else { return [] }
        return follow(fired)
    }

    /// A finding, and all that come of it: the chains of rules have no cycles.
    func follow(_ first: Fired) -> [Finding] {
        var open = [first]
        var at = 0
        while at < open.count {
            let fired = open[at]
            at += 1
            guard let evidence = fired.finding.evidence.last else { continue }
            for link in plan.chains[fired.signal.rule] {
                let next = chained(fired, link)
                if let further = judge(next, evidence) { open.append(further) }
            }
        }
        return open.map(\.finding)
    }

    /// The signal that a finding is for a rule of which it is an event: its key and values are those
    /// of the record at which it fired.
    private func chained(_ fired: Fired, _ link: ChainedEvent) -> Signal {
        let rule = plan.rules[link.rule]
        var signal = fired.signal
        let lookup: (String) -> String? = { name in
            fired.signal.variables[name]
                ?? fired.signal.captures.first { $0.name == name }?.value.description
        }
        signal.rule = link.rule
        signal.event = link.event
        signal.time = fired.finding.time
        signal.digest = fired.digest
        signal.key = rule.by.map(lookup)
        signal.value = rule.field.flatMap(lookup)
        signal.number = signal.value.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
        return signal
    }

    private func judge(_ signal: Signal, _ evidence: Evidence) -> Fired? {
        watch?(signal, evidence)
        let rule = plan.rules[signal.rule]
        guard let when = when[signal.rule] else { return single(signal, evidence, rule) }
        guard when.uses(signal) else { return nil }
        guard let time = signal.time else {
            // One record fills a window of one, whenever it was.
            if case .count(_, let atLeast, _) = when, atLeast <= 1 {
                return single(signal, evidence, rule)
            }
            tallies[signal.rule].untimed += 1
            return nil
        }
        if let join = when.join { return gather(signal, evidence, time, join, when.within) }
        var state = takeState(signal)
        defer { keep(state, signal.rule, signal.key) }
        let evictedBefore = state.window.evicted
        let measure = when.measure
        let change = state.window.add(
            Window.Entry(
                time: time, event: signal.event, value: signal.value, number: signal.number,
                evidence: evidence.shortened(forWindowsOf: measure.capacity),
                digest: signal.digest), within: when.within, measure: measure,
            lateness: Correlator.lateness)
        tallies[signal.rule].evictedRecords += state.window.evicted - evictedBefore
        if change.isLate { tallies[signal.rule].late += 1 }
        if let last = when.lastStep {
            wait(for: last, after: change, signal, time, &state)
            return nil
        }
        guard let window = change.window else { return nil }
        if change.wasTrue {
            // Still true since it fired: only the end of `suppress` makes it worth saying again.
            guard let suppress = rule.suppress, let last = state.lastFired,
                last.advanced(byNanoseconds: suppress) <= time
            else { return nil }
        }
        guard !holdBack(&state, signal, rule) else { return nil }
        let counted = measure.counted(state.window.entries[window])
        var signal = signal
        signal.tell(measure.fields(counted))
        return finding(signal, rule, Trace(counted), suppressed: takeSuppressed(&state))
    }

    // MARK: - Silences

    /// The first end that is waited for.
    var nextDeadline: Timestamp? { deadlines.first?.time }

    /// How many silences are waited for.
    var openSilences: Int {
        states.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.silence.waiting.count } }
    }

    /// Lets event time pass: gives the findings of the silences that ended before `time`, in the order
    /// of their ends; of all of them where `time` is nil.
    ///
    /// Nothing but signals changes what is waited for, so it does not matter how often it is called
    /// between two of them.
    func advance(to time: Timestamp?) -> [Finding] {
        if let time { passed = max(passed ?? time, time) }
        return expire(before: time)
    }

    /// Gives the findings of what ended before `time`, which the clock on the wall may say.
    func expire(before time: Timestamp?) -> [Finding] {
        var findings: [Finding] = []
        isExpiring = true
        defer { isExpiring = false }
        while let due = deadlines.pop(before: time) {
            // Out of the table while it changes: a copy of its arrays would cost more than the rest.
            guard states[due.rule][due.key]?.deadline == due.time,
                var state = states[due.rule].removeValue(forKey: due.key)
            else { continue }
            heldBytes -= state.cost
            state.deadline = nil
            var fired: Fired?
            if state.silence.waiting.first?.end == due.time {
                fired = complete(due.rule, &state)
            } else if state.gathering.next?.end == due.time {
                fired = close(due.rule, &state)
            }
            schedule(&state, due.rule, due.key)
            keep(state, due.rule, due.key)
            if let fired { findings += follow(fired) }
        }
        return findings
    }

    private func complete(_ index: Int, _ state: inout KeyState) -> Fired? {
        let rule = plan.rules[index]
        guard let event = when[index]?.lastStep?.silence?.event,
            let done = state.silence.complete(event: event, entries: state.window.entries)
        else { return nil }
        var signal = done.signal
        signal.time = done.end
        guard !holdBack(&state, signal, rule) else { return nil }
        return finding(signal, rule, done.trace, suppressed: takeSuppressed(&state))
    }

    /// Breaks the silences that the signal breaks, and waits for the one that it begins.
    private func wait(
        for step: SequenceStep, after change: Window.Change, _ signal: Signal, _ time: Timestamp,
        _ state: inout KeyState
    ) {
        guard let silence = step.silence else { return }
        if signal.event == silence.event { state.silence.breakAt(time) }
        if let window = change.window,
            let last = state.window.entries[window].lastIndex(where: { $0.event == step.event })
        {
            let begin = state.window.entries[last]
            let end = begin.time.advanced(byNanoseconds: silence.nanoseconds)
            let isBroken = state.window.entries[last...].contains {
                $0.event == silence.event && $0.time > begin.time && $0.time <= end
            }
            // A record before it may only have come to a sequence that was complete already.
            if begin.time >= time, !isBroken {
                let isKept = state.silence.add(
                    Silence.Waiting(
                        begin: begin.time, end: end, serial: begin.serial,
                        isContinued: change.wasTrue, signal: signal,
                        trace: Trace(state.window.entries[window.lowerBound...last])))
                if !isKept { tallies[signal.rule].evictedRecords += 1 }
            }
        }
        schedule(&state, signal.rule, signal.key)
    }

    /// Sees to it that the first end that the key waits for stands among the deadlines.
    func schedule(_ state: inout KeyState, _ rule: Int, _ key: [String?]) {
        let silence = state.silence.waiting.first.map { (end: $0.end, signal: $0.signal) }
        guard let first = silence ?? state.gathering.next else { return }
        if let deadline = state.deadline, deadline <= first.end { return }
        state.deadline = first.end
        deadlines.push(
            Deadlines.Entry(
                time: first.end, rule: rule, rank: first.signal.rank,
                position: first.signal.position, key: key))
    }

    // MARK: - Keys and suppression

    /// A rule without `when` fires at every match that `suppress` lets through.
    private func single(_ signal: Signal, _ evidence: Evidence, _ rule: Rule) -> Fired? {
        var suppressed = 0
        if rule.suppress != nil {
            var state = takeState(signal)
            defer { keep(state, signal.rule, signal.key) }
            guard !holdBack(&state, signal, rule) else { return nil }
            suppressed = takeSuppressed(&state)
        }
        return finding(
            signal, rule, Trace(evidence, digest: signal.digest), suppressed: suppressed)
    }

    func takeState(_ signal: Signal) -> KeyState {
        clock += 1
        taken = signal.key
        var state = states[signal.rule].removeValue(forKey: signal.key) ?? KeyState()
        if state.keyCost == 0 {
            state.keyCost = signal.key.reduce(768) { $0 + 2 * ($1?.utf8.count ?? 0) }
        } else {
            heldBytes -= state.cost
        }
        if states[signal.rule].count >= Correlator.maxKeys { evictKeys(signal.rule) }
        state.lastSeen = clock
        return state
    }

    /// Puts the state of a key back; when all together hold too much, others go for it.
    func keep(_ state: KeyState, _ rule: Int, _ key: [String?]) {
        states[rule][key] = state
        heldBytes += state.cost
        if heldBytes > Correlator.maxBytes { evictForSpace() }
    }

    /// Drops the tenth of the keys that was not seen for longest: one sort serves many new keys.
    private func evictKeys(_ rule: Int) {
        let bound = states[rule].values.map(\.lastSeen).sorted()[Correlator.maxKeys / 10]
        evict(rule, notSeenSince: bound)
    }

    /// Drops keys of all rules, those not seen for longest first, until half the space is free. The
    /// key at hand stays, whatever it holds: one window is capped.
    private func evictForSpace() {
        let ages = states.flatMap { $0.values.map { (seen: $0.lastSeen, cost: $0.cost) } }
            .filter { $0.seen < clock }.sorted { $0.seen < $1.seen }
        var excess = heldBytes - Correlator.maxBytes / 2
        guard
            let last = ages.first(where: {
                excess -= $0.cost
                return excess <= 0
            }) ?? ages.last
        else { return }
        for rule in states.indices { evict(rule, notSeenSince: last.seen) }
    }

    private func evict(_ rule: Int, notSeenSince bound: Int) {
        // Few go and many stay, so those that go are taken out one by one.
        let gone = states[rule].lazy.filter { $0.value.lastSeen <= bound }.map(\.key)
        var isWaited = false
        for key in Array(gone) {
            guard let state = states[rule].removeValue(forKey: key) else { continue }
            heldBytes -= state.cost
            tallies[rule].evictedKeys += 1
            if state.deadline != nil { isWaited = true }
        }
        guard isWaited else { return }
        let held = states[rule]
        deadlines.remove(rule: rule) { held[$0] != nil || $0 == taken }
    }

    /// True when `suppress` holds the finding back; it is counted then.
    func holdBack(_ state: inout KeyState, _ signal: Signal, _ rule: Rule) -> Bool {
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

    func takeSuppressed(_ state: inout KeyState) -> Int {
        defer { state.suppressed = 0 }
        return state.suppressed
    }

    func finding(
        _ signal: Signal, _ rule: Rule, _ trace: Trace, suppressed: Int
    ) -> Fired {
        tallies[signal.rule].findings += 1
        return Fired(
            finding: Finding(signal, rule, plan.packs[rule.pack], trace, suppressed: suppressed),
            signal: signal, digest: trace.last)
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
