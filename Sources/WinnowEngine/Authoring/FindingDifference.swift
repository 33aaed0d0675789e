public import WinnowKit
public import WinnowRules

/// A finding as two versions of a pack can be compared by it: the id of a finding holds the pack's
/// version and is of no use there.
public struct ComparedFinding: Hashable, Sendable {
    /// Rule id.
    public let rule: String
    /// Level.
    public let level: Level
    /// Title with its values.
    public let title: String
    /// Event time.
    public let time: Timestamp?
    /// Input and line of the first record that it rests on.
    public let place: String
    /// Values of `by`.
    let key: [String?]

    init(_ finding: Finding) {
        rule = finding.rule
        level = finding.level
        title = finding.title
        time = finding.time
        place = finding.evidence.first.map { "\($0.input):\($0.line)" } ?? ""
        key = finding.key.map(\.value)
    }
}

/// What changes in the findings when one plan takes the place of another.
public struct FindingDifference: Sendable {
    /// Findings of the old plan only, in their order.
    public let vanished: [ComparedFinding]
    /// Findings of the new plan only, in their order.
    public let appeared: [ComparedFinding]
    /// Findings of both.
    public let kept: Int
    /// Inputs that could not be read, or not to their end.
    public let errors: [InputError]
    /// Why the engine could not run, or nil.
    public let engineError: String?

    /// Runs both plans over the sources.
    public init(
        old: Plan, new: Plan, sources: [Source], decoders: [any Decoder], options: RunOptions
    ) {
        let before = FindingList.run(old, sources, decoders, options)
        let after = FindingList.run(new, sources, decoders, options)
        vanished = FindingDifference.rest(of: before.findings, without: after.findings)
        appeared = FindingDifference.rest(of: after.findings, without: before.findings)
        kept = before.findings.count - vanished.count
        errors = before.errors
        engineError = before.engineError ?? after.engineError
    }

    /// Those of `list` that `other` does not have, as often as it does not.
    private static func rest(
        of list: [ComparedFinding], without other: [ComparedFinding]
    ) -> [ComparedFinding] {
        var left: [ComparedFinding: Int] = [:]
        for finding in other { left[finding, default: 0] += 1 }
        return list.filter { finding in
            guard let count = left[finding], count > 0 else { return true }
            left[finding] = count - 1
            return false
        }
    }
}

/// Keeps the findings of a run.
private final class FindingList: RunReceiver {
    var findings: [ComparedFinding] = []

    static func run(
        _ plan: Plan, _ sources: [Source], _ decoders: [any Decoder], _ options: RunOptions
    ) -> (findings: [ComparedFinding], errors: [InputError], engineError: String?) {
        let list = FindingList()
        let report = Pipeline.run(
            sources: sources, decoders: decoders, plan: plan, options: options, receiver: list)
        return (list.findings, report.inputs.compactMap(\.error), report.engineError)
    }

    func take(_ finding: Finding) { findings.append(ComparedFinding(finding)) }
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
