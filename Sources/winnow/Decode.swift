import ArgumentParser
import Decoders
import Glibc
import Inputs
import Sinks
import WinnowEngine
import WinnowKit

/// `winnow decode`.
struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every decoded record as NDJSON: what a rule can match on.",
        discussion: "Example: winnow decode --kind go.crash gateway.err.log")

    @Argument(help: "Files, folders (recursive), globs, or - for stdin.", completion: .file())
    var paths: [String] = []

    @Option(name: .long, help: "Only records of this kind, e.g. text, windows.event, go.crash.")
    var kind: String?

    @OptionGroup(title: "Input") var inputOptions: InputOptions

    func validate() throws {
        if paths.isEmpty {
            throw ValidationError("nothing to decode: give files, folders, globs, or - for stdin")
        }
        let kinds = Decoders.all.flatMap { $0.spec.kinds }
        if let kind, !kinds.contains(kind) {
            throw ValidationError(
                "unknown kind `\(kind)`; known: " + kinds.joined(separator: ", "))
        }
    }

    func run() throws {
        var options = try inputOptions.runOptions()
        options.decodedKind = kind
        let found = FileInput.sources(paths: paths, inputName: inputOptions.inputName)
        let manifestTarget = try inputOptions.manifest.map {
            try OutputTarget.file($0, inputs: found.sources)
        }
        Interruption.install(stop: options.stop)
        Interruption.sayIfWaiting(paths, quiet: inputOptions.quiet)
        let receiver = DecodedReceiver(output: OutputTarget.stdout.bytes)
        let report = Pipeline.run(
            sources: found.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try inputOptions.utcOffset()),
            plan: nil, options: options, receiver: receiver)
        let summary = Summary(
            report: report, inputErrors: found.errors, sinkError: report.sinkError, plan: nil)
        summary.print(quiet: inputOptions.quiet)
        let manifest = report.manifest(command: "decode", plan: nil)
        let wroteManifest = manifestTarget?.writeWhole(manifest) ?? true
        if summary.failed || !wroteManifest { throw ExitStatus.failed }
    }
}

/// Writes decoded records as they come.
private final class DecodedReceiver: RunReceiver {
    private let output: FileOutput

    init(output: FileOutput) { self.output = output }

    func take(_ finding: Finding) throws(SinkError) {}
    func take(decoded: [UInt8]) throws(SinkError) { try output.write(decoded) }
    func flush() throws(SinkError) { try output.checkReader() }
    func progress(storedBytes: Int, input: String) {}
}
