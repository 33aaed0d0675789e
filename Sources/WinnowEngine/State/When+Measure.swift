import WinnowRules

/// The operators of `when` and what they keep; one line an operator.
extension When {
    /// The length of the window, in nanoseconds.
    var within: Int64 {
        switch self {
        case .count(_, _, let within), .distinct(_, _, let within), .stat(_, _, let within),
            .all(_, let within), .sequence(_, let within), .trend(_, let within),
            .join(_, let within):
            within
        }
    }

    /// The condition on a window, without any record in it.
    var measure: any Measure {
        switch self {
        case .count(_, let atLeast, _): Count(atLeast: atLeast)
        case .distinct(_, let atLeast, _): Distinct(atLeast: atLeast)
        case .stat(let event, let statistic, _):
            derived(StatisticMeasure(statistic), of: event, statistic.derivation)
        case .all(let events, _): AllEvents(events)
        case .sequence(let steps, _): SequenceMeasure(steps)
        case .trend(let trend, _):
            derived(
                TrendMeasure(trend), of: trend.event, trend.derivation, reset: trend.reset)
        // A join keeps its records itself.
        case .join: Count(atLeast: .max)
        }
    }

    private func derived(
        _ base: some Measure, of event: Int, _ derivation: Derivation?, reset: Int? = nil
    ) -> any Measure {
        guard let derivation else { return base }
        return DerivedMeasure(event: event, derivation: derivation, reset: reset, base: base)
    }

    /// What is gathered around a record, or nil for the other operators.
    var join: Join? {
        guard case .join(let join, _) = self else { return nil }
        return join
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
        uses(event: signal.event, value: signal.value, number: signal.number)
    }

    /// The same for what a signal would be made of.
    func uses(event: Int, value: String?, number: Double?) -> Bool {
        func measures(_ measured: Int, _ derivation: Derivation?) -> Bool {
            if case .since(let other) = derivation { return event == measured || event == other }
            return event == measured
                && number.map { abs($0) <= StatisticMeasure.greatest } ?? false
        }
        return switch self {
        case .count(let counted, _, _): event == counted
        case .distinct(let counted, _, _): event == counted && value != nil
        case .stat(let measured, let statistic, _): measures(measured, statistic.derivation)
        case .all(let events, _): events.contains(event)
        case .sequence(let steps, _):
            steps.contains { $0.event == event || $0.silence?.event == event }
        case .trend(let trend, _):
            event == trend.reset || measures(trend.event, trend.derivation)
        case .join(let join, _):
            event == join.event || join.with.contains(event) || join.without.contains(event)
        }
    }
}
