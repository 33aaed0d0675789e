import WinnowKit
import WinnowRules

extension Sequencer {
    /// What the run did.
    func report(counters: [RuleCounters], failure: SinkError?) -> RunReport {
        var report = RunReport()
        report.inputs = inputs.flatMap { $0 }
        report.totals = totals
        report.digest = Digest.hex(digest.finish())
        report.sinkError = failure
        report.highestLevel = highestLevel
        report.isInterrupted = options.stop.isSet && failure == nil
        report.earlySignals = merger.early
        report.carriedSilences = correlator?.openSilences ?? 0
        report.hasUnlearntNames = directory.isFull
        guard let plan, let correlator else { return report }
        report.rules = plan.rules.indices.filter { plan.rules[$0].isEnabled }.map { index in
            var rule = RuleReport(rule: plan.rules[index].id)
            if index < counters.count {
                let counter = counters[index]
                rule.candidates = counter.candidates
                rule.matches = counter.matches
                rule.limitHits = counter.limitHits
                rule.firstLimit = counter.firstLimit
                rule.truncatedSubjects = counter.truncatedSubjects
                rule.seconds = Double(counter.nanoseconds) / 1e9
            }
            let tally = correlator.tallies[index]
            rule.findings = tally.findings
            rule.suppressed = tally.suppressed
            rule.evictedKeys = tally.evictedKeys
            rule.evictedRecords = tally.evictedRecords
            rule.late = tally.late
            rule.untimed = tally.untimed
            return rule
        }
        return report
    }
}
