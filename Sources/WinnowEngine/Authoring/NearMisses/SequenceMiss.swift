import WinnowKit
import WinnowRules

/// `sequence` and `absent`: step 1 (3 died) complete, step 2 (1 full): 0 of 1 in 10m, number 1 came
/// 40s late.
struct SequenceMiss {
    let steps: [SequenceStep]
    let within: Int64
    let scene: Scene

    private var measure: SequenceMeasure { SequenceMeasure(steps) }
    private var span: String { DurationWords.text(within) }
    /// One record and a silence have no window to share.
    private var isOneRecord: Bool { steps.count == 1 && steps[0].atLeast == 1 }

    /// Most records of the first step from which a sequence is looked for; of more, so many that lie
    /// evenly between the first and the last.
    private static let maxStarts = 2000

    /// A try from one record of the first step.
    private struct Try {
        var start: Int
        /// How far it got in the window.
        var near: SequenceMeasure.Progress
        /// One behind the window's last record.
        var end: Int
    }

    /// - Parameter records: Ascending by time.
    func verdict(_ records: [Window.Entry]) -> NearMiss.Verdict? {
        guard let first = records.first else { return nil }
        let starts = starts(records)
        guard !starts.isEmpty else {
            return NearMiss.Verdict(
                rank: NearMiss.Rank(kind: .short, gap: Double(steps.count) * 2),
                words: "step 1\(total) (\(said(0))): none", from: first.time)
        }
        var complete: [Try] = []
        var best: (attempt: Try, rank: NearMiss.Rank, late: Late?)?
        for start in starts {
            let attempt = attempt(from: start, records)
            if attempt.near.ends.count == steps.count {
                complete.append(attempt)
                continue
            }
            guard complete.isEmpty else { continue }
            let late = late(attempt, records)
            let rank = rank(attempt, late)
            if best.map({ rank < $0.rank }) ?? true { best = (attempt, rank, late) }
        }
        if let last = steps.last?.silence, !complete.isEmpty {
            return SilenceMiss(
                step: steps[steps.count - 1], silence: last, within: within,
                isOneRecord: isOneRecord, scene: scene
            ).verdict(records, complete: complete.map { ($0.start, $0.near.ends.last ?? $0.start) })
        }
        if let done = complete.first {
            return NearMiss.Verdict(
                rank: NearMiss.Rank(kind: .reached, gap: 0),
                words: "all \(steps.count) steps in \(span)", from: records[done.start].time)
        }
        guard let best else { return nil }
        return NearMiss.Verdict(
            rank: best.rank, words: words(best.attempt, best.late, records),
            from: records[best.attempt.start].time)
    }

    private func starts(_ records: [Window.Entry]) -> [Int] {
        let all = records.indices.filter { records[$0].event == steps[0].event }
        guard all.count > Self.maxStarts, !isOneRecord else { return all }
        return (0..<Self.maxStarts).map { all[$0 * (all.count - 1) / (Self.maxStarts - 1)] }
    }

    private func attempt(from start: Int, _ records: [Window.Entry]) -> Try {
        if isOneRecord {
            return Try(
                start: start, near: SequenceMeasure.Progress(ends: [start], count: 0),
                end: start + 1)
        }
        let window = records[start...].prefix(measure.capacity).prefix {
            records[start].time.nanoseconds(to: $0.time) < within
        }
        return Try(start: start, near: measure.progress(window), end: window.endIndex)
    }

    // MARK: - Beyond the window

    /// The record that would have completed the step that the window left open.
    private struct Late {
        var index: Int
        /// Nanoseconds after the window's end.
        var nanoseconds: Int64
        /// How long the whole sequence would have been too late; nil where it never was complete.
        var all: Int64?
    }

    private func late(_ attempt: Try, _ records: [Window.Entry]) -> Late? {
        let open = attempt.near.ends.count
        let far = measure.progress(records[attempt.start...].prefix(2 * measure.capacity))
        guard far.ends.count > open, far.ends[open] >= attempt.end else { return nil }
        func lateness(_ index: Int) -> Int64 {
            records[attempt.start].time.nanoseconds(to: records[index].time) - within
        }
        return Late(
            index: far.ends[open], nanoseconds: lateness(far.ends[open]),
            all: far.ends.count == steps.count ? lateness(far.ends[steps.count - 1]) : nil)
    }

    private func rank(_ attempt: Try, _ late: Late?) -> NearMiss.Rank {
        if let all = late?.all { return NearMiss.Rank(kind: .late, gap: Double(all)) }
        // Steps first, then the records of the one that is open.
        let open = attempt.near.ends.count
        let part = Double(attempt.near.count) / Double(steps[open].atLeast + 1)
        return NearMiss.Rank(kind: .short, gap: Double(steps.count - open) * 2 - part)
    }

    // MARK: - Words

    private var total: String { " of \(steps.count)" }

    private func said(_ step: Int) -> String {
        "\(steps[step].atLeast) \(scene.event(steps[step].event))"
    }

    private func words(_ attempt: Try, _ late: Late?, _ records: [Window.Entry]) -> String {
        let open = attempt.near.ends.count
        var out = ""
        if open > 0 {
            let time = records[attempt.near.ends[open - 1]].time.rfc3339
            out = (open == 1 ? "step 1" : "steps 1 to \(open)") + "\(total) complete at \(time), "
        }
        out += "step \(open + 1)\(open == 0 ? total : "") (\(said(open)))"
        if let breaker = attempt.near.breaker, let silence = steps[open].silence {
            let record = records[breaker]
            return out + " came, but the silence of \(DurationWords.text(silence.nanoseconds)) "
                + "after it was broken by \(scene.event(silence.event)) at "
                + "\(record.evidence.input):\(record.evidence.line)"
        }
        out += ": \(attempt.near.count) of \(steps[open].atLeast) in \(span)"
        if let late {
            return out + ", number \(steps[open].atLeast) came " + Lateness.words(late.nanoseconds)
        }
        let after = records[attempt.start...].filter { $0.event == steps[open].event }.count
        let others = after - attempt.near.count
        return out + (others > 0 ? ", \(others) more outside of it" : ", no more after it")
    }
}
