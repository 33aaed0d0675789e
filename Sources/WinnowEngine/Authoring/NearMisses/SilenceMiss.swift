import WinnowKit
import WinnowRules

/// The silence at the end of a sequence, and `absent`: silence of 5m after a.log:3 broken by a.log:12
/// 20s before its end.
struct SilenceMiss {
    let step: SequenceStep
    let silence: SequenceStep.Silence
    let within: Int64
    let isOneRecord: Bool
    let scene: Scene

    /// What became of one silence.
    private enum Fate {
        case kept
        /// Nanoseconds before its end, and the record.
        case broken(Int64, by: Int)
        /// Nanoseconds before its end.
        case carried(Int64)
    }

    /// - Parameters:
    ///   - records: Ascending by time.
    ///   - complete: Where sequences begin, and where their last step is complete.
    func verdict(
        _ records: [Window.Entry], complete: [(start: Int, end: Int)]
    ) -> NearMiss.Verdict? {
        let breakers = records.indices.filter { records[$0].event == silence.event }
        var best: (begin: Int, start: Int, fate: Fate, rank: NearMiss.Rank)?
        for (start, end) in complete {
            for begin in begins(from: start, end, records) {
                let fate = fate(of: begin, records, breakers)
                let rank = rank(fate)
                if best.map({ isNearer(rank, than: $0.rank) }) ?? true {
                    best = (begin, start, fate, rank)
                }
            }
        }
        guard let best else { return nil }
        let record = records[best.begin].evidence
        let length = DurationWords.text(silence.nanoseconds)
        var words =
            (isOneRecord ? "" : "all steps complete; ")
            + "no \(scene.events.isEmpty ? "further match" : scene.event(silence.event)) for \(length) after \(record.input):\(record.line)"
        switch best.fate {
        case .kept: break
        case .broken(let early, let breaker):
            let place = records[breaker].evidence
            words +=
                " was broken by \(place.input):\(place.line)"
                + (early == 0 ? " at its last moment" : " \(DurationWords.text(early)) too early")
        case .carried(let early):
            words +=
                " is open: the inputs end "
                + (early == 0 ? "with it" : "\(DurationWords.text(early)) before it does")
                + ", and `scan --final` would call it kept"
        }
        return NearMiss.Verdict(
            rank: best.rank, words: words, from: records[best.start].time)
    }

    /// Kept ones first; then those that were kept longest.
    private func isNearer(_ a: NearMiss.Rank, than b: NearMiss.Rank) -> Bool {
        let (isA, isB) = (a.kind == .reached, b.kind == .reached)
        return isA == isB ? a < b : isA
    }

    /// Every further record of the last step begins a silence of its own while the window lasts.
    private func begins(from start: Int, _ end: Int, _ records: [Window.Entry]) -> [Int] {
        if isOneRecord { return [end] }
        return records[end...].prefix(SequenceMeasure([step]).capacity).prefix {
            records[start].time.nanoseconds(to: $0.time) < within
        }.indices.filter { records[$0].event == step.event }
    }

    private func fate(of begin: Int, _ records: [Window.Entry], _ breakers: [Int]) -> Fate {
        let end = records[begin].time.advanced(byNanoseconds: silence.nanoseconds)
        // The first that is later than the beginning, by bisection.
        var low = 0
        var high = breakers.count
        while low < high {
            let middle = (low + high) / 2
            if records[breakers[middle]].time <= records[begin].time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low < breakers.count, records[breakers[low]].time <= end {
            let index = breakers[low]
            return .broken(records[index].time.nanoseconds(to: end), by: index)
        }
        guard let last = scene.end, last <= end else { return .kept }
        return .carried(last.nanoseconds(to: end))
    }

    private func rank(_ fate: Fate) -> NearMiss.Rank {
        switch fate {
        case .kept: NearMiss.Rank(kind: .reached, gap: 0)
        case .broken(let early, _), .carried(let early):
            NearMiss.Rank(kind: .late, gap: Double(early))
        }
    }
}
