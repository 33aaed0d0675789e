/// `trend`; nil after a report.
extension WhenReader {
    /// Points without which the test of significance can say nothing, and most that are kept.
    static let pointRange: ClosedRange<Int64> = 6...1000
    private static let defaultPoints = 10

    mutating func trend(_ node: YAMLNode, within: Int64) -> When? {
        guard let pairs = operands(node, "trend") else { return nil }
        let errorsBefore = diagnoser.errorCount
        let reset = pairs.value("reset").flatMap { self.event($0, "`when.trend.reset`") }
        let event: Int?
        if let reset, pairs.value("of") == nil, let events, events.count == 2 {
            // Of two events one is the reset, so the other is meant.
            event = 1 - reset
            usedEvents.insert(events[1 - reset])
        } else {
            event = of(pairs, node, "`when.trend`")
        }
        if let event, event == reset, let resetNode = pairs.value("reset") {
            diagnoser.report(
                .badEvent, at: resetNode, "`when.trend` resets at the event that it measures")
        }
        let measured = measured(pairs, "trend")
        let slope = pairs.value("slope").flatMap(slope)
        let points = pairs.value("points").map {
            diagnoser.whole($0, "`when.trend.points`", in: WhenReader.pointRange)
        }
        let span = pairs.value("span").flatMap { leastSpan($0, within: within) }
        let limit = pairs.value("eta").flatMap(limit)
        guard diagnoser.errorCount == errorsBefore, let event, let measured, let slope
        else { return nil }
        return .trend(
            Trend(
                event: event, reset: reset, relation: slope.relation, slope: slope.perSecond,
                unit: slope.unit, points: (points ?? nil) ?? WhenReader.defaultPoints,
                span: span ?? 0, limit: limit, derivation: measured.derivation), within: within)
    }

    /// How long the points must go on: less than the window, which is half-open.
    private func leastSpan(_ node: YAMLNode, within: Int64) -> Int64? {
        guard let span = diagnoser.duration(node, "`when.trend.span`") else { return nil }
        guard span < within else {
            diagnoser.report(
                .badDuration, at: node,
                "`when.trend.span` of \(rule) is not shorter than `within`",
                help: "points of one window never cover the whole of it")
            return nil
        }
        return span
    }

    private func slope(
        _ node: YAMLNode
    ) -> (relation: Statistic.Relation, perSecond: Double, unit: Trend.Unit)? {
        guard let pairs = operands(node, "trend.slope") else { return nil }
        guard pairs.count == 1, let pair = pairs.first,
            let relation = Statistic.Relation(rawValue: pair.key)
        else {
            diagnoser.report(
                .missingKey, at: node, "`when.trend.slope` needs one of `gte` and `lte`",
                help: "`slope: {gte: 2/min}` rises, `slope: {lte: -2/min}` falls")
            return nil
        }
        guard let text = diagnoser.text(pair.value, "`when.trend.slope.\(pair.key)`") else {
            return nil
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Number(String(parts[0]))?.double,
            abs(number) <= 1e300, number > 0 ? relation == .gte : number < 0 && relation == .lte,
            let unit = Trend.Unit(rawValue: parts[1] == "m" ? "min" : String(parts[1]))
        else {
            diagnoser.report(
                .badNumber, at: pair.value, "`when.trend.slope.\(pair.key)` is no slope: `\(text)`",
                help: "a number other than 0 and a unit (s, min, h, d), `gte: 2/min` for values "
                    + "that rise, `lte: -2/min` for values that fall")
            return nil
        }
        return (relation, number / unit.seconds, unit)
    }

    private func limit(_ node: YAMLNode) -> Trend.Limit? {
        guard let pairs = operands(node, "trend.eta") else { return nil }
        let reach = pairs.value("reach").flatMap { number($0, "`when.trend.eta.reach`") }
        let span = pairs.value("lt").flatMap { diagnoser.duration($0, "`when.trend.eta.lt`") }
        guard let reach, let span else { return nil }
        return Trend.Limit(reach: reach, nanoseconds: span)
    }
}
