import ArgumentParser
import Inputs
import WinnowKit

/// `winnow scan`.
struct Scan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read files, folders, globs or stdin (-) and print findings.",
        discussion: """
            Example: winnow scan exports/ 'logs/*.log' --min-level medium

            Format and encoding of each input are detected; .gz files are read through; the rotations \
            of one NSSM log are read as one.
            """)

    @Argument(help: "Files, folders (recursive), globs, or - for stdin.", completion: .file())
    var paths: [String] = []

    @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
    @OptionGroup(title: "Input") var inputOptions: InputOptions
    @OptionGroup(title: "Output") var outputOptions: OutputOptions

    func validate() throws {
        if paths.isEmpty {
            throw ValidationError("nothing to scan: give files, folders, globs, or - for stdin")
        }
    }

    func run() throws {
        try FindingsRun(
            command: "scan", rules: ruleOptions, input: inputOptions, output: outputOptions
        ).run(paths: paths)
    }
}

/// `winnow stream`.
struct Stream: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read stdin and print findings as they happen, until its end or SIGTERM.",
        discussion: """
            Example: tail -F gateway.err.log | winnow stream --service gateway

            A finding is printed as soon as its record is complete. SIGTERM and SIGINT stop reading, \
            finish what was read and exit as usual; a second one exits at once.
            """)

    @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
    @OptionGroup(title: "Input") var inputOptions: InputOptions
    @OptionGroup(title: "Output") var outputOptions: OutputOptions

    func run() throws {
        try FindingsRun(
            command: "stream", rules: ruleOptions, input: inputOptions, output: outputOptions
        ).run(paths: ["-"])
    }
}
