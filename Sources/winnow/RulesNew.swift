import ArgumentParser
import Inputs
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules new`.
struct RulesNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Print a new pack with one rule to go on from.",
        discussion: """
            Example: winnow rules new web.slow --from yesterday.log today.log > web.yaml

            The pack loads and passes its tests. With --from, the rule matches a kind of line that \
            only the second log has, and finds nothing in the first; numbers, hexadecimal digits and \
            quoted parts are left open. Exit status: 0 done; 1 no line of the bad log gives a rule; \
            2 an input could not be read.
            """)

    @Argument(help: "The rule's id: lower-case words joined by `.`, `-` or `_`.") var id: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Two logs: one without the trouble, one with it.", completion: .file())
    var from: [String] = []

    @OptionGroup(title: "Input") var inputOptions: InputOptions

    func validate() throws {
        guard PackLoader.isRuleID(id) else {
            throw ValidationError(
                "`\(id)` is no rule id: lower-case letters, digits, `.`, `-` and `_`, as "
                    + "`web.slow-answers`")
        }
        guard from.isEmpty || from.count == 2 else {
            throw ValidationError("--from takes two logs, a good and a bad one, not \(from.count)")
        }
        if from.contains("-") {
            throw ValidationError("--from reads a log more than once, so it cannot read stdin")
        }
        if inputOptions.manifest != nil { throw ValidationError("new writes no manifest") }
    }

    func run() throws {
        guard from.count == 2 else {
            print(RuleScaffold.text(id: id), terminator: "")
            return
        }
        let good = FileInput.sources(paths: [from[0]], inputName: nil)
        let bad = FileInput.sources(paths: [from[1]], inputName: nil)
        let options = try inputOptions.runOptions()
        let sketch = RuleSketch(
            id: id, good: good.sources, bad: bad.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try inputOptions.utcOffset()),
            options: options)
        let errors = good.errors + bad.errors + sketch.errors
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if !errors.isEmpty { throw ExitStatus.failed }
        guard let text = sketch.text else {
            Diagnostics.write("winnow: no line of \(SafeText.escapedLine(from[1])) gives a rule\n")
            throw ExitStatus.found
        }
        print(text, terminator: "")
        for (index, other) in sketch.others.enumerated() {
            if index == 0 { print("# Only the bad log has these as well:") }
            let count = Units.grouped(other.count) + (other.count == 1 ? " line" : " lines")
            print("# \(count): \(SafeText.escapedLine(other.line))")
        }
    }
}
