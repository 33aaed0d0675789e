import ArgumentParser
import Glibc
import WinnowKit

/// The command line: introduces inputs, decoders, rules, engine and sinks to each other.
@main
struct Winnow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "winnow",
        abstract: "Finds why a long-running Go service on Windows degrades or dies, from its logs.",
        usage: """
            winnow scan C:/exports C:/logs/gateway.err.log    what happened, from files
              some-tool | winnow stream                         findings as they happen
              winnow rules test my-pack.yaml                    write rules of your own
            """,
        discussion: """
            Reads Windows Event Log XML exports, NSSM logs, Go panics and runtime traces. Findings go to \
            stdout, everything else to stderr. Exit status: 0 done, nothing found at or above \
            --fail-on; 1 done, something found; 2 not done, or not wholly.
            """,
        version: WinnowVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Find:", subcommands: [Scan.self, Stream.self, Decode.self]),
            CommandGroup(
                name: "Author and look up:",
                subcommands: [RulesCommand.self, Plugins.self, Explain.self]),
            CommandGroup(
                name: "Not in this version:",
                subcommands: [
                    Follow.self, Run.self, Report.self, MapCommand.self, ReduceCommand.self,
                ]),
        ])

    /// Parses and runs; bad usage is exit status 2 here and not ArgumentParser's 64.
    static func main() {
        StandardDescriptors.fill()
        // A reader that goes away is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
            if !StandardDescriptors.flush() {
                Diagnostics.error("cannot write stdout: \(String(cString: strerror(errno)))")
                Glibc.exit(ExitStatus.failed.rawValue)
            }
        } catch {
            let code = exitCode(for: error)
            if let status = error as? ExitStatus {
                Glibc.exit(
                    StandardDescriptors.flush() ? status.rawValue : ExitStatus.failed.rawValue)
            }
            let message = fullMessage(for: error)
            if code == .success {
                print(message)
                Glibc.exit(StandardDescriptors.flush() ? 0 : ExitStatus.failed.rawValue)
            }
            // Arguments are data too: a glob may have put any file's name there.
            if !message.isEmpty { Diagnostics.write(SafeText.escaped(message) + "\n") }
            Glibc.exit(ExitStatus.failed.rawValue)
        }
    }
}

/// The three exit statuses.
enum ExitStatus: Int32, Error {
    /// Done, and nothing at or above the asked level was found.
    case clean = 0
    /// Done, and something was found.
    case found = 1
    /// Not done, or not wholly.
    case failed = 2
}

/// What goes to stderr.
enum Diagnostics {
    /// Writes text that is already safe for a terminal.
    static func write(_ text: String) {
        var copy = text
        copy.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let n = Glibc.write(2, bytes.baseAddress.map { $0 + at }, bytes.count - at)
                if n < 0 && errno == EINTR { continue }
                if n <= 0 { return }
                at += n
            }
        }
    }

    /// `winnow: error: …` in one line; text from data is made safe.
    static func error(_ message: String, help: String? = nil) {
        write("winnow: error: " + SafeText.escapedLine(message) + "\n")
        if let help { write("  help: " + SafeText.escapedLine(help) + "\n") }
    }
}
