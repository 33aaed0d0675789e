import ArgumentParser
import Decoders
import Glibc
import Inputs
import Sinks
import WinnowKit
import WinnowRules

/// `winnow plugins`.
struct Plugins: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List inputs, decoders and sinks.")

    func run() throws {
        print("inputs")
        for spec in Inputs.all { line(spec.name, spec.summary) }
        print("decoders")
        for spec in Decoders.specs {
            line(spec.name, spec.summary)
            line("", "kinds: " + spec.kinds.joined(separator: ", "))
        }
        print("sinks")
        for sink in Sinks.all { line(sink.spec.name, sink.spec.summary) }
    }

    private func line(_ name: String, _ summary: String) {
        print("  " + name + String(repeating: " ", count: max(0, 16 - name.count)) + summary)
    }
}

/// `winnow explain`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say more about a diagnostic's code, such as W014.",
        discussion: "Without a code, all codes are listed.")

    @Argument(help: "A code as `rules check` prints it.") var code: String?

    func run() throws {
        guard let code else {
            for code in DiagnosticCatalogue.codes {
                let text = DiagnosticCatalogue.explanation(code) ?? ""
                print("\(code)  \(text.prefix { !$0.isNewline })")
            }
            return
        }
        guard let text = DiagnosticCatalogue.explanation(code.uppercased()) else {
            throw ValidationError("unknown code `\(code)`; `winnow explain` lists all")
        }
        print("\(code.uppercased()): \(text)")
    }
}
