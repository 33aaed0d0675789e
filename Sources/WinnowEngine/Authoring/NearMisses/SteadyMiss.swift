import WinnowKit
import WinnowRules

/// A measure that more records never undo, so that the shortest run of records that meets it can be
/// found beyond the window as well.
protocol SteadyMeasure: Measure {
    /// How much of it there is in some records, which are those that were added.
    func amount(_ entries: ArraySlice<Window.Entry>) -> Int
    /// How much there must be.
    var wanted: Int { get }
}

/// The near miss of such an operator: how far the best window got, and how late the rest came.
protocol SteadyMiss {
    associatedtype Condition: SteadyMeasure
    var measure: Condition { get }
    /// What the window holds, as `4 of 5 in 1m`.
    func held(_ window: ArraySlice<Window.Entry>, _ amount: Int, _ span: String, _ scene: Scene)
        -> String
    /// What came too late, as `number 5`.
    func late(_ last: Window.Entry, _ scene: Scene) -> String
    /// What never came.
    func lacking(
        _ window: ArraySlice<Window.Entry>, all: ArraySlice<Window.Entry>, _ scene: Scene
    ) -> String
}

extension SteadyMiss {
    /// - Parameter records: Ascending by time.
    /// - Complexity: O(*n*) steps of the measure.
    func verdict(
        _ records: [Window.Entry], _ within: Int64, _ scene: Scene
    ) -> NearMiss.Verdict? {
        let span = DurationWords.text(within)
        if let run = shortest(records) {
            let first = records[run.lowerBound].time
            let last = records[run.upperBound - 1]
            let late = first.nanoseconds(to: last.time) - within
            let window = records[run.lowerBound...].prefix {
                first.nanoseconds(to: $0.time) < within
            }
            let words = held(window, amount(window), span, scene)
            if late < 0 {
                return NearMiss.Verdict(
                    rank: NearMiss.Rank(kind: .reached, gap: 0), words: words, from: first)
            }
            return NearMiss.Verdict(
                rank: NearMiss.Rank(kind: .late, gap: Double(late)),
                words: words + ", " + self.late(last, scene) + " came " + Lateness.words(late),
                from: first)
        }
        guard let (window, amount) = fullest(records, within), let first = window.first else {
            return nil
        }
        return NearMiss.Verdict(
            rank: NearMiss.Rank(kind: .short, gap: Double(measure.wanted - amount)),
            words: held(window, amount, span, scene) + ", "
                + lacking(window, all: records[...], scene),
            from: first.time)
    }

    private func amount(_ window: ArraySlice<Window.Entry>) -> Int {
        var measure = measure
        for entry in window { measure.add(entry) }
        return measure.amount(window)
    }

    /// The records that meet the condition in the shortest time, of equal ones the first.
    private func shortest(_ records: [Window.Entry]) -> Range<Int>? {
        var measure = measure
        var best: (run: Range<Int>, span: Int64)?
        var start = 0
        for end in records.indices {
            measure.add(records[end])
            while start <= end, measure.holds(records[start..<end + 1]) {
                let span = records[start].time.nanoseconds(to: records[end].time)
                if span < best?.span ?? .max { best = (start..<end + 1, span) }
                measure.remove(records[start])
                start += 1
            }
        }
        return best?.run
    }

    /// The window that holds most, of equal ones the first.
    private func fullest(
        _ records: [Window.Entry], _ within: Int64
    ) -> (window: ArraySlice<Window.Entry>, amount: Int)? {
        var measure = measure
        var best: (window: ArraySlice<Window.Entry>, amount: Int)?
        var start = 0
        for end in records.indices {
            measure.add(records[end])
            while records[start].time.nanoseconds(to: records[end].time) >= within {
                measure.remove(records[start])
                start += 1
            }
            let amount = measure.amount(records[start...end])
            if amount > best?.amount ?? -1 { best = (records[start...end], amount) }
        }
        return best
    }
}
