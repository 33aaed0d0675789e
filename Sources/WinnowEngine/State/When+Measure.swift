import WinnowRules

/// The operators of `when` and what they keep; one line an operator.
extension When {
    /// The length of the window, in nanoseconds.
    var within: Int64 {
        switch self {
        case .count(_, _, let within), .distinct(_, _, let within), .stat(_, _, let within),
            .all(_, let within), .sequence(_, let within):
            within
        }
    }

    /// The condition on a window, without any record in it.
    var measure: any Measure {
        switch self {
        case .count(_, let atLeast, _): Count(atLeast: atLeast)
        case .distinct(_, let atLeast, _): Distinct(atLeast: atLeast)
        case .stat(_, let statistic, _): StatisticMeasure(statistic)
        case .all(let events, _): AllEvents(events)
        case .sequence(let steps, _): SequenceMeasure(steps)
        }
    }

    /// The last step of a sequence that waits for a silence after it, or nil.
    var lastStep: SequenceStep? {
        guard case .sequence(let steps, _) = self, let last = steps.last, last.silence != nil else {
            return nil
        }
        return last
    }

    /// False for a signal that the operator has no place for: another event, or a field that it
    /// lacks.
    func uses(_ signal: Signal) -> Bool {
        switch self {
        case .count(let event, _, _): signal.event == event
        case .distinct(let event, _, _): signal.event == event && signal.value != nil
        case .stat(let event, _, _):
            signal.event == event
                && signal.number.map { abs($0) <= StatisticMeasure.greatest } ?? false
        case .all(let events, _): events.contains(signal.event)
        case .sequence(let steps, _):
            steps.contains { $0.event == signal.event || $0.silence?.event == signal.event }
        }
    }
}
