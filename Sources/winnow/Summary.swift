import WinnowEngine
import WinnowKit
import WinnowRules

/// What stderr says when a run ends: errors always, the accounting unless `--quiet`.
struct Summary {
    let report: RunReport
    let inputErrors: [InputError]
    let sinkError: SinkError?
    let plan: Plan?

    /// True when the job was not done, or not wholly.
    var failed: Bool {
        !inputErrors.isEmpty || report.hasInputErrors || report.engineError != nil
            || (sinkError.map { !$0.closed } ?? false)
    }

    func print(quiet: Bool) {
        for error in inputErrors + report.inputs.compactMap(\.error) {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if let sinkError, !sinkError.closed {
            Diagnostics.error("cannot write to \(sinkError.sink): \(sinkError.message)")
        }
        if let error = report.engineError { Diagnostics.error(error) }
        if quiet || sinkError?.closed == true { return }
        for line in lines { Diagnostics.write("winnow: " + SafeText.escapedLine(line) + "\n") }
    }

    /// Most problems that the summary lists one by one; the manifest lists more.
    private static let maxListed = 5

    private var lines: [String] {
        var lines: [String] = []
        let totals = report.totals
        let bytes = report.inputs.reduce(0) { $0 + $1.bytes }
        var head =
            "\(counted(report.inputs.count, "input")), \(Units.bytes(bytes)), "
            + counted(totals.records, "record")
        if plan != nil { head += ", \(Units.grouped(totals.matched)) matched" }
        if totals.damaged > 0 { head += ", \(Units.grouped(totals.damaged)) damaged" }
        if totals.truncated > 0 { head += ", \(Units.grouped(totals.truncated)) truncated" }
        if plan != nil { head += "; " + counted(totals.findings, "finding") }
        lines.append(head)

        if let plan {
            lines += RulePacks.replacements(plan)
            let disabled = plan.rules.filter { !$0.isEnabled }.count
            if disabled > 0 {
                lines.append(
                    counted(disabled, "rule") + " disabled; `winnow rules list` names them")
            }
        }
        if report.isInterrupted {
            let partial = report.inputs.filter { !$0.isWhole }.count
            lines.append("stopped by a signal; \(counted(partial, "input")) not read to the end")
        }
        if report.earlySignals > 0 {
            lines.append(
                "\(counted(report.earlySignals, "match", "matches")) correlated before all inputs "
                    + "were read: too many waited for their order")
        }
        if report.carriedSilences > 0 {
            lines.append(
                "\(counted(report.carriedSilences, "silence")) not decided: the inputs end before; "
                    + "--final says that nothing follows them")
        }
        if report.hasUnlearntNames {
            lines.append("the inputs name too many services and programs; some were not learnt")
        }
        let problems = report.inputs.reduce(0) { $0 + $1.problems }
        if problems > 0 {
            lines.append(counted(problems, "problem") + " in the inputs:")
            var listed = 0
            for input in report.inputs {
                for problem in input.firstProblems where listed < Summary.maxListed {
                    lines.append("  \(input.input):\(problem.line): \(problem.reason)")
                    listed += 1
                }
            }
            if problems > listed {
                lines.append(
                    "  … \(Units.grouped(problems - listed)) more; --manifest FILE lists the first "
                        + "\(InputReport.maxListed) of each input")
            }
        }
        let skipped = report.inputs.reduce(0) { $0 + $1.skippedBytes }
        if skipped > 0 {
            lines.append("\(Units.bytes(skipped)) are part of no record")
        }
        for rule in report.rules {
            let notes = notes(rule)
            if !notes.isEmpty { lines.append("\(rule.rule): " + notes.joined(separator: "; ")) }
        }
        return lines
    }

    /// Everything that kept a rule from seeing all: nothing is lost without a number.
    private func notes(_ rule: RuleReport) -> [String] {
        var notes: [String] = []
        if rule.limitHits > 0 {
            notes.append(
                "not decided on \(counted(rule.limitHits, "record")): "
                    + (rule.firstLimit ?? "a limit") + " of the regular expression")
        }
        if rule.truncatedSubjects > 0 {
            notes.append("saw only the beginning of \(counted(rule.truncatedSubjects, "value"))")
        }
        if rule.suppressed > 0 {
            notes.append("\(counted(rule.suppressed, "finding")) held back by suppress")
        }
        if rule.untimed > 0 {
            notes.append("\(counted(rule.untimed, "match", "matches")) without a time not counted")
        }
        if rule.late > 0 {
            notes.append("\(counted(rule.late, "match", "matches")) too late for their windows")
        }
        if rule.evictedKeys > 0 {
            notes.append("\(counted(rule.evictedKeys, "key")) dropped, too many at once")
        }
        if rule.evictedRecords > 0 {
            notes.append("\(counted(rule.evictedRecords, "record")) dropped from full windows")
        }
        return notes
    }

    private func counted(_ n: Int, _ one: String, _ many: String? = nil) -> String {
        Units.counted(n, one, many)
    }
}

/// Numbers as people read them.
enum Units {
    /// `1 file`, `2,000 files`; `many` is the plural where it is not one with an s.
    static func counted(_ n: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(n)) \(n == 1 ? one : many ?? one + "s")"
    }

    /// 1234567 as 1,234,567.
    static func grouped(_ n: Int) -> String {
        var out = ""
        let digits = String(n.magnitude)
        for (i, digit) in digits.enumerated() {
            if i > 0 && (digits.count - i) % 3 == 0 { out += "," }
            out.append(digit)
        }
        return n < 0 ? "-" + out : out
    }

    /// A number with one decimal, rounded down: 89.96 is not yet 90.
    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Bytes with a unit of 1000: 12 B, 3.4 kB, 56.7 MB.
    static func bytes(_ n: Int) -> String {
        var value = Double(n)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if value < 999.5 || unit == "TB" {
                let tenths = Int((value * 10).rounded())
                return unit == "B" || tenths >= 1000
                    ? "\(Int(value.rounded())) \(unit)"
                    : "\(tenths / 10).\(tenths % 10) \(unit)"
            }
            value /= 1000
        }
        return "\(n) B"
    }
}
