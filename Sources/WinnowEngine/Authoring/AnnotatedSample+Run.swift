import WinnowKit
import WinnowRules

extension RuleTester {
    /// Runs all rules of the plan over a sample and compares what they find with its remarks.
    ///
    /// A finding stands where its last record begins. One of a rule that the sample wants somewhere
    /// must be wanted where it is; other rules may find what they like.
    ///
    /// - Returns: One result for each rule of each remark, and one for each finding that is not
    ///   wanted, in the order of lines.
    public func run(_ sample: AnnotatedSample) -> [RuleTestResult] {
        let receiver = FindingList()
        let report = Pipeline.run(
            sources: [RuleTester.source(sample.name, sample.log)], decoders: decoders, plan: plan,
            options: RuleTester.options, receiver: receiver)
        if let error = report.inputs.compactMap(\.error).first {
            return [result(sample, 1, "-", "cannot be read: \(error.message)")]
        }
        let found = receiver.findings.compactMap { finding in
            finding.evidence.last.flatMap { evidence in
                evidence.line >= 1 && evidence.line <= sample.lines.count
                    ? (finding: finding, at: sample.lines[evidence.line - 1]) : nil
            }
        }
        var results: [(line: Int, result: RuleTestResult)] = []
        var strict: Set<String> = []
        var judged: Set<String> = []
        for (index, region) in sample.regions.enumerated() {
            for remark in region.remarks {
                if remark.ids.isEmpty {
                    results.append(
                        (remark.line, result(sample, remark.line, "-", "the remark names no rule")))
                }
                for id in remark.ids {
                    let rules = Set(plan.rules(like: id).map(\.id))
                    let hits = found.filter {
                        $0.at.region == index && rules.contains($0.finding.rule)
                    }
                    if remark.isWanted { strict.formUnion(rules) }
                    for rule in rules { judged.insert("\(index) \(rule)") }
                    var outcome = result(sample, remark.line, id, nil)
                    if rules.isEmpty {
                        let hint = plan.nearestRuleID(to: id).map { "; did you mean `\($0)`?" }
                        outcome = result(
                            sample, remark.line, id, "there is no such rule" + (hint ?? ""))
                    } else if remark.isWanted, hits.isEmpty {
                        outcome = result(
                            sample, remark.line, id, "expected a finding in what follows, got none")
                        outcome.reason = rules.count == 1 ? missing(id, in: region) : nil
                    } else if !remark.isWanted, let hit = hits.first {
                        outcome = result(
                            sample, hit.at.number, id, "expected no finding, got \(hits.count)")
                        outcome.reason = TestReason.tooMany(hit.finding)
                    }
                    results.append((remark.line, outcome))
                }
            }
        }
        for (finding, at) in found
        where strict.contains(finding.rule) && !judged.contains("\(at.region) \(finding.rule)") {
            var outcome = result(
                sample, at.number, finding.rule, "a finding that no `want` asks for")
            outcome.reason = TestReason.tooMany(finding)
            results.append((at.number, outcome))
        }
        guard !results.isEmpty else {
            return [result(sample, 1, "-", "has no `# want: RULE-ID` and no `# ok: RULE-ID`")]
        }
        return results.sorted { $0.line < $1.line }.map(\.result)
    }

    /// A result; it passes where there is no message.
    private func result(
        _ sample: AnnotatedSample, _ line: Int, _ rule: String, _ message: String?
    ) -> RuleTestResult {
        RuleTestResult(
            rule: rule, place: "\(sample.name):\(line)", passed: message == nil,
            message: message ?? "")
    }

    private func missing(_ id: String, in region: AnnotatedSample.Region) -> String? {
        plan.rules.first { $0.id == id }.map { rule in
            TestReason.tooFew(
                rule,
                RuleExplanation(
                    plan: plan, rule: rule.index,
                    sources: [RuleTester.source("lines", region.bytes)], decoders: decoders,
                    options: RuleTester.options, limit: 1, isRereadable: true))
        }
    }
}

/// Keeps all findings.
private final class FindingList: RunReceiver {
    private(set) var findings: [Finding] = []

    func take(_ finding: Finding) { findings.append(finding) }
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
