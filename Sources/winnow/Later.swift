import ArgumentParser
import WinnowKit

/// Commands whose names are fixed and whose work is not in this version: their help says what they
/// will do and what serves instead, and running them fails.
protocol LaterCommand: ParsableCommand {
    /// What to use until then.
    static var instead: String { get }
}

extension LaterCommand {
    func run() throws {
        Diagnostics.error(
            "`\(Self.configuration.commandName ?? Self._commandName)` is not in version "
                + WinnowVersion.current, help: Self.instead)
        throw ExitStatus.failed
    }
}

/// `winnow follow`.
struct Follow: LaterCommand {
    static let instead = "tail -F FILE | winnow stream"
    static let configuration = CommandConfiguration(
        abstract: "Tail growing files through rotation (later).",
        discussion: "Not in this version. Until then: \(instead)")
    @Argument(help: "Files.") var paths: [String] = []
}

/// `winnow run`.
struct Run: LaterCommand {
    static let instead = "winnow scan, from a scheduler"
    static let configuration = CommandConfiguration(
        abstract: "Run a declared pipeline: inputs, rules, routes, sinks (later).",
        discussion: "Not in this version. Until then: \(instead)")
    @Option(help: "The pipeline's file.") var config: String?
}

/// `winnow report`.
struct Report: LaterCommand {
    static let instead = "winnow scan --format json"
    static let configuration = CommandConfiguration(
        abstract: "Write a self-contained HTML report (later).",
        discussion: "Not in this version. Until then: \(instead)")
    @Argument(help: "Files.") var paths: [String] = []
}

/// `winnow map`.
struct MapCommand: LaterCommand {
    static let instead = "winnow scan, which does both halves"
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "The first half of scan, for distributed engines (later).",
        discussion: "Not in this version. Until then: \(instead)")
    @Argument(help: "Files.") var paths: [String] = []
}

/// `winnow reduce`.
struct ReduceCommand: LaterCommand {
    static let instead = "winnow scan, which does both halves"
    static let configuration = CommandConfiguration(
        commandName: "reduce", abstract: "The second half of scan (later).",
        discussion: "Not in this version. Until then: \(instead)")
}
