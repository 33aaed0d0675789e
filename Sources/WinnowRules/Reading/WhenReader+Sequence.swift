/// `sequence` and `absent`; nil after a report.
extension WhenReader {
    /// Most steps: each look at a window walks over them.
    static let maxSteps = 32
    /// How many records of an event a step can ask for: a window keeps this many of a sequence.
    static let stepRange: ClosedRange<Int64> = 1...1000
    /// Keys of a silence; both are required.
    static let silenceKeys = ["not", "for"]
    /// Keys of a step with a number; required.
    static let stepKeys = ["gte"]

    mutating func sequence(_ node: YAMLNode, within: Int64) -> When? {
        guard let items = diagnoser.items(node, "`when.sequence`") else { return nil }
        guard items.count <= WhenReader.maxSteps else {
            diagnoser.report(
                .tooLarge, at: node,
                "`when.sequence` of \(rule) has more than \(WhenReader.maxSteps) steps")
            return nil
        }
        let errorsBefore = diagnoser.errorCount
        var steps: [SequenceStep] = []
        for (index, item) in items.enumerated() {
            let pairs = diagnoser.optionalPairs(item)
            guard pairs.value("not") != nil || pairs.value("for") != nil else {
                if let step = step(item) { steps.append(step) }
                continue
            }
            let silence = silence(pairs, item)
            if index == 0 || diagnoser.optionalPairs(items[index - 1]).value("not") != nil {
                diagnoser.report(
                    .badEvent, at: item, "a `not` in `when.sequence` of \(rule) follows no event",
                    help: "its `for` begins at the last record of the step before it")
            } else if !steps.isEmpty {
                steps[steps.count - 1].silence = silence
            }
        }
        guard diagnoser.errorCount == errorsBefore else { return nil }
        guard steps.count > 1 || steps.first?.silence != nil else {
            diagnoser.report(
                .badEvent, at: node, "`when.sequence` of \(rule) needs two steps or more",
                help: "for one event there is `count`")
            return nil
        }
        return .sequence(steps, within: within)
    }

    mutating func absent(_ node: YAMLNode) -> When? {
        guard let pairs = operands(node, "absent") else { return nil }
        let event = of(pairs, node, "`when.absent`")
        let span = pairs.value("for").flatMap { diagnoser.duration($0, "`when.absent.for`") }
        guard let event, let span else { return nil }
        let silence = SequenceStep.Silence(event: event, nanoseconds: span)
        return .sequence([SequenceStep(event: event, atLeast: 1, silence: silence)], within: span)
    }

    /// `name`, or `name: {gte: n}`.
    private mutating func step(_ item: YAMLNode) -> SequenceStep? {
        guard case .mapping(let pairs) = item.content else {
            return event(item, "each step of `when.sequence`").map {
                SequenceStep(event: $0, atLeast: 1)
            }
        }
        guard pairs.count == 1, let pair = pairs.first else {
            diagnoser.report(
                .badEvent, at: item, "a step of `when.sequence` names \(pairs.count) events",
                help: "write a step for each: `[died, {full: {gte: 3}}]`")
            return nil
        }
        let event = self.event(pair.keyNode, "a step of `when.sequence`")
        guard let counts = diagnoser.pairs(pair.value, "`\(pair.key)` in `when.sequence`") else {
            return nil
        }
        let meant = diagnoser.checkKeys(counts, known: WhenReader.stepKeys, in: "`\(pair.key)`")
        guard let value = counts.value("gte") else {
            if meant.isEmpty {
                diagnoser.report(
                    .missingKey, at: pair.value, "`\(pair.key)` in `when.sequence` has no `gte`")
            }
            return nil
        }
        let atLeast = diagnoser.whole(
            value, "`when.sequence.\(pair.key).gte`", in: WhenReader.stepRange)
        guard let event, let atLeast else { return nil }
        return SequenceStep(event: event, atLeast: atLeast)
    }

    /// `not: name, for: 2m`.
    private mutating func silence(_ pairs: [YAMLPair], _ item: YAMLNode) -> SequenceStep.Silence? {
        let meant = diagnoser.checkKeys(
            pairs, known: WhenReader.silenceKeys, in: "a `not` of `when.sequence`")
        for key in WhenReader.silenceKeys where pairs.value(key) == nil && !meant.contains(key) {
            diagnoser.report(
                .missingKey, at: item, "a `not` of `when.sequence` has no `\(key)`",
                help: "write `{not: running, for: 2m}`")
        }
        let event = pairs.value("not").flatMap { self.event($0, "`not`") }
        let span = pairs.value("for").flatMap { diagnoser.duration($0, "`for`") }
        guard let event, let span else { return nil }
        return SequenceStep.Silence(event: event, nanoseconds: span)
    }
}
