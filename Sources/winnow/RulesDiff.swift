import ArgumentParser
import Inputs
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules diff`.
struct RulesDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say which findings vanish and appear when one pack replaces another.",
        discussion: """
            Example: winnow rules diff pack-1.yaml pack-2.yaml logs/

            Findings are compared by rule, title, key, time and place; a pack's version is no \
            difference. A line with - is found by OLD only, one with + by NEW only.

            `default` in place of a pack are the built-in packs: `winnow rules diff default \
            site-tuning.yaml logs/` shows what a scan with these filters and overrides leaves out. \
            Where one side is `default`, or has filters or overrides, both stand on the built-in \
            packs. Exit status: 0 no difference; 1 a difference; 2 a pack or an input could not be \
            read.
            """)

    @Argument(help: "Pack file or folder, or `default`.", completion: .file()) var old: String
    @Argument(help: "Pack file or folder, or `default`.", completion: .file()) var new: String
    @Argument(help: "Files, folders (recursive) or globs.", completion: .file())
    var paths: [String]

    @OptionGroup(title: "Input") var inputOptions: InputOptions

    func validate() throws {
        if paths.contains("-") {
            throw ValidationError("diff reads its logs twice, so it cannot read stdin")
        }
        if inputOptions.manifest != nil { throw ValidationError("diff writes no manifest") }
    }

    func run() throws {
        let sides = try [old, new].map { $0 == "default" ? [] : try RulePacks.read([$0]) }
        let base =
            sides.contains { $0.isEmpty || PackLoader.load($0).hasOverlays }
            ? RulePacks.builtin : []
        let before = try RulePacks.plan(base + sides[0])
        let after = try RulePacks.plan(base + sides[1])
        let found = FileInput.sources(paths: paths, inputName: inputOptions.inputName)
        let options = try inputOptions.runOptions()
        let difference = FindingDifference(
            old: before, new: after, sources: found.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try inputOptions.utcOffset()),
            options: options)
        if let error = difference.engineError {
            Diagnostics.error(error)
            throw ExitStatus.failed
        }
        for finding in difference.vanished { show("-", finding) }
        for finding in difference.appeared { show("+", finding) }
        print(
            "\(Units.grouped(difference.vanished.count)) vanish, "
                + "\(Units.grouped(difference.appeared.count)) appear, "
                + "\(Units.grouped(difference.kept)) stay")
        let errors = found.errors + difference.errors
        for error in errors {
            Diagnostics.error("\(error.input): \(error.message)", help: error.help)
        }
        if !errors.isEmpty { throw ExitStatus.failed }
        if !difference.vanished.isEmpty || !difference.appeared.isEmpty { throw ExitStatus.found }
    }

    private func show(_ sign: String, _ finding: ComparedFinding) {
        let time = finding.time.map { "  " + $0.rfc3339 } ?? ""
        print(
            SafeText.escapedLine(
                "\(sign) \(finding.rule)  \(finding.level.rawValue)  \(finding.title)  "
                    + "\(finding.place)\(time)"))
    }
}
