import WinnowKit
import WinnowRules

/// `sequence`: records of its steps one after the other, silences between them kept.
///
/// The silence after the last step lies beyond the window; `Silence` waits for it.
struct SequenceMeasure: Measure {
    let steps: [SequenceStep]

    init(_ steps: [SequenceStep]) { self.steps = steps }

    /// Less than of other operators: each look walks over the window once a step.
    var capacity: Int { max(1024, steps.reduce(0) { $0 + $1.atLeast }) }

    var lookahead: Int64 { steps.last?.silence?.nanoseconds ?? 0 }

    /// The earliest end of each step leaves most room to the next, so no choice is ever undone.
    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool {
        var from = entries.startIndex
        var silentUntil: Timestamp?
        for (number, step) in steps.enumerated() {
            let silence = number < steps.count - 1 ? step.silence : nil
            guard
                let end = SequenceMeasure.end(
                    of: step, silence, in: entries[from...], after: silentUntil)
            else { return false }
            silentUntil = silence.map { entries[end].time.advanced(byNanoseconds: $0.nanoseconds) }
            from = end + 1
        }
        return true
    }

    /// Where enough records of a step have come, and its silence follows.
    private static func end(
        of step: SequenceStep, _ silence: SequenceStep.Silence?,
        in entries: ArraySlice<Window.Entry>, after: Timestamp?
    ) -> Int? {
        var count = 0
        // The first record that may break the silence; it only moves forward.
        var breaker = entries.startIndex
        for index in entries.indices {
            let entry = entries[index]
            guard entry.event == step.event, after.map({ entry.time > $0 }) ?? true else {
                continue
            }
            count += 1
            guard count >= step.atLeast else { continue }
            guard let silence else { return index }
            while breaker < entries.endIndex,
                entries[breaker].event != silence.event || entries[breaker].time <= entry.time
            {
                breaker += 1
            }
            let until = entry.time.advanced(byNanoseconds: silence.nanoseconds)
            if breaker == entries.endIndex || entries[breaker].time > until { return index }
        }
        return nil
    }
}
