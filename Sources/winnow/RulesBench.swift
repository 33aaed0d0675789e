import ArgumentParser
import Inputs
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules bench`.
struct RulesBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Say what each rule costs on given logs, the dearest first.",
        discussion: """
            Example: winnow rules bench --rules my-pack.yaml logs/gateway.err.log

            Columns: records for which the condition was evaluated, those that met it, time of one \
            evaluation, time spread over all records, share of the time in all rules. One thread, \
            unless --jobs says otherwise. Exit status: 0 done; 2 an input could not be read.
            """)

    @Argument(help: "Files, folders (recursive) or globs, or - for stdin.", completion: .file())
    var paths: [String]

    @Option(name: .long, help: "How many rules to list, 0 for all.")
    var top = 20

    @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
    @OptionGroup(title: "Input") var inputOptions: InputOptions

    func validate() throws {
        if top < 0 { throw ValidationError("--top takes 0 or more, not \(top)") }
        if inputOptions.manifest != nil { throw ValidationError("bench writes no manifest") }
    }

    func run() throws {
        let plan = try RulePacks.load(ruleOptions)
        var options = try inputOptions.runOptions()
        options.jobs = inputOptions.jobs ?? 1
        let found = FileInput.sources(paths: paths, inputName: inputOptions.inputName)
        let begin = MonotonicClock.seconds
        let report = Pipeline.run(
            sources: found.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try inputOptions.utcOffset()),
            plan: plan, options: options, receiver: Unheard())
        if let error = report.engineError {
            Diagnostics.error(error)
            throw ExitStatus.failed
        }
        tell(report, seconds: MonotonicClock.seconds - begin)
        let errors = found.errors + report.inputs.compactMap(\.error)
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if !errors.isEmpty { throw ExitStatus.failed }
    }

    private func tell(_ report: RunReport, seconds: Double) {
        let records = report.totals.records
        let bytes = report.inputs.reduce(0) { $0 + $1.bytes }
        let inRules = report.rules.reduce(0) { $0 + $1.seconds }
        print(
            "\(Units.grouped(records)) records, \(Units.bytes(bytes)) in "
                + "\(Self.time(seconds * 1e9)): \(Self.time(seconds * 1e9, over: records)) a record, "
                + "\(Self.time(inRules * 1e9, over: records)) of it in rules")
        print("")
        var table = [["rule", "evaluated", "matched", "each", "a record", "share"]]
        let sorted = report.rules.sorted { $0.seconds > $1.seconds }
        let shown = top == 0 ? sorted : Array(sorted.prefix(top))
        for rule in shown {
            let share = inRules > 0 ? rule.seconds / inRules * 1000 : 0
            let tenths = Int(share.rounded())
            table.append([
                rule.rule, Units.grouped(rule.candidates), Units.grouped(rule.matches),
                Self.time(rule.seconds * 1e9, over: rule.candidates),
                Self.time(rule.seconds * 1e9, over: records), "\(tenths / 10).\(tenths % 10) %",
            ])
        }
        for line in TextTable.lines(table) { print(line) }
        if shown.count < sorted.count {
            print("… \(sorted.count - shown.count) more rules: --top 0 lists all")
        }
    }

    /// Nanoseconds divided by a count, as people read them; - for a count of zero.
    private static func time(_ nanoseconds: Double, over count: Int = 1) -> String {
        guard count > 0 else { return "-" }
        var value = nanoseconds / Double(count)
        for unit in ["ns", "us", "ms"] {
            if value < 999.5 {
                let tenths = Int((value * 10).rounded())
                return value < 10 && unit != "ns"
                    ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
            }
            value /= 1000
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

/// Columns of text: the first to the left, the others to the right.
enum TextTable {
    /// The rows as lines; all rows have as many cells as the first.
    static func lines(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
    }
}

/// Takes findings that nobody wants: the run is what is measured.
private final class Unheard: RunReceiver {
    func take(_ finding: Finding) {}
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
