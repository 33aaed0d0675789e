import WinnowKit
import WinnowRules

/// `join`: what is there around a record is gathered, and told when its time is over.
extension Correlator {
    /// Takes a record of a join; gives the finding of one that had to close for it.
    func gather(
        _ signal: Signal, _ evidence: Evidence, _ time: Timestamp, _ join: Join, _ within: Int64
    ) -> Fired? {
        var state = takeState(signal)
        defer { keep(state, signal.rule, signal.key) }
        let item = Gathering.Item(time: time, signal: signal, evidence: evidence)
        var fired: Fired?
        if signal.event == join.event {
            // How far time has come beyond a finding's own depends on where blocks are cut.
            let passed = isExpiring ? nil : passed
            if !state.gathering.begin(item, join, passed: passed) {
                // Its time is not over; that something may be missing in it is counted.
                tallies[signal.rule].evictedRecords += 1
                let closed = state.gathering.closeEarliest(join, within: within)
                fired = closed.flatMap { finding($0, signal.rule, &state, join) }
            }
        } else {
            state.gathering.add(item)
        }
        schedule(&state, signal.rule, signal.key)
        return fired
    }

    /// Closes the next record of a key.
    func close(_ index: Int, _ state: inout KeyState) -> Fired? {
        guard let when = when[index], let join = when.join else { return nil }
        let closed = state.gathering.closeNext(join, within: when.within)
        return closed.flatMap { finding($0, index, &state, join) }
    }

    private func finding(
        _ closed: Gathering.Closed, _ index: Int, _ state: inout KeyState, _ join: Join
    ) -> Fired? {
        let rule = plan.rules[index]
        let signal = closed.signal(rule)
        guard !holdBack(&state, signal, rule) else { return nil }
        return finding(
            signal, rule, closed.trace(join.context), suppressed: takeSuppressed(&state))
    }

    /// Closes all that is open at the end of the inputs: nothing more can belong to it.
    func closeAll() -> [Finding] {
        var findings: [Finding] = []
        // A finding may open another rule's record; the chains of rules have no cycles.
        while true {
            var open: [(signal: Signal, rule: Int, key: [String?])] = []
            for (rule, keys) in states.enumerated() where when[rule]?.join != nil {
                for (key, state) in keys {
                    if let signal = state.gathering.held { open.append((signal, rule, key)) }
                }
            }
            guard !open.isEmpty else { return findings }
            open.sort { a, b in
                if let s = a.signal.time, let t = b.signal.time, s != t { return s < t }
                return (a.rule, a.signal.rank, a.signal.position)
                    < (b.rule, b.signal.rank, b.signal.position)
            }
            for item in open {
                guard var state = states[item.rule].removeValue(forKey: item.key) else { continue }
                heldBytes -= state.cost
                let fired = close(item.rule, &state)
                keep(state, item.rule, item.key)
                if let fired { findings += follow(fired) }
            }
        }
    }
}
