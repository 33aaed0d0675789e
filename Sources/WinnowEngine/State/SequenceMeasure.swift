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

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool {
        walk(entries) { _ in } == nil
    }

    /// How far the steps get in some records.
    struct Progress {
        /// The records at which steps are complete, in their order.
        var ends: [Int]
        /// Records of the first step that is not.
        var count: Int
        /// The last record that broke the silence after it, or nil.
        var breaker: Int?
    }

    /// The same walk for people who ask what is missing.
    func progress(_ entries: ArraySlice<Window.Entry>) -> Progress {
        var ends: [Int] = []
        let open = walk(entries) { ends.append($0) }
        return Progress(ends: ends, count: open?.count ?? 0, breaker: open?.breaker)
    }

    /// A step that is not complete.
    private struct Open {
        var count = 0
        var breaker: Int?
    }

    /// The earliest end of each step leaves most room to the next, so no choice is ever undone.
    ///
    /// - Returns: nil where all steps are complete.
    private func walk(_ entries: ArraySlice<Window.Entry>, _ onEnd: (Int) -> Void) -> Open? {
        var from = entries.startIndex
        var silentUntil: Timestamp?
        for (number, step) in steps.enumerated() {
            let silence = number < steps.count - 1 ? step.silence : nil
            var open = Open()
            guard
                let end = SequenceMeasure.end(
                    of: step, silence, in: entries[from...], after: silentUntil, &open)
            else { return open }
            onEnd(end)
            silentUntil = silence.map { entries[end].time.advanced(byNanoseconds: $0.nanoseconds) }
            from = end + 1
        }
        return nil
    }

    /// Where enough records of a step have come, and its silence follows.
    private static func end(
        of step: SequenceStep, _ silence: SequenceStep.Silence?,
        in entries: ArraySlice<Window.Entry>, after: Timestamp?, _ open: inout Open
    ) -> Int? {
        // The first record that may break the silence; it only moves forward.
        var breaker = entries.startIndex
        for index in entries.indices {
            let entry = entries[index]
            guard entry.event == step.event, after.map({ entry.time > $0 }) ?? true else {
                continue
            }
            open.count += 1
            guard open.count >= step.atLeast else { continue }
            guard let silence else { return index }
            while breaker < entries.endIndex,
                entries[breaker].event != silence.event || entries[breaker].time <= entry.time
            {
                breaker += 1
            }
            let until = entry.time.advanced(byNanoseconds: silence.nanoseconds)
            if breaker == entries.endIndex || entries[breaker].time > until { return index }
            open.breaker = breaker
        }
        return nil
    }
}
