import Glibc
import Inputs
import Sinks
import WinnowEngine
import WinnowKit
import WinnowRules

/// What `scan` and `stream` do: rules, inputs, engine, sink, summary, exit status.
struct FindingsRun {
    let command: String
    let rules: RuleOptions
    let input: InputOptions
    let output: OutputOptions

    func run(paths: [String]) throws {
        let plan = try RulePacks.load(rules)
        var options = try input.runOptions()
        options.minLevel = output.minLevel
        options.isFinal = output.isFinal
        options.isLive = command == "stream" && !stdinIsFile
        let found = FileInput.sources(paths: paths, inputName: input.inputName)
        let target =
            try output.output.map { try OutputTarget.file($0, inputs: found.sources) } ?? .stdout
        let manifestTarget = try input.manifest.map {
            try OutputTarget.file($0, inputs: found.sources, others: [target])
        }
        Interruption.install(stop: options.stop)
        Interruption.sayIfWaiting(paths, quiet: input.quiet)

        let receiver = FindingsReceiver(
            sink: sink(target), output: target.bytes, progress: progress(found.sources),
            inputs: found.sources)
        let report = Pipeline.run(
            sources: found.sources,
            decoders: Decoding.decoders(
                format: options.inputFormat, utcOffset: try input.utcOffset()),
            plan: plan, options: options, receiver: receiver)
        let manifest = report.manifest(command: command, plan: plan)
        var sinkError = report.sinkError
        if sinkError == nil {
            do throws(SinkError) { try receiver.close(manifest: manifest) } catch {
                sinkError = error
            }
        }
        receiver.clearProgress()
        let summary = Summary(
            report: report, inputErrors: found.errors, sinkError: sinkError, plan: plan)
        summary.print(quiet: input.quiet)
        let wroteManifest = manifestTarget?.writeWhole(manifest) ?? true

        if summary.failed || !wroteManifest { throw ExitStatus.failed }
        // A reader that went away (`| head -1`) has seen what it wanted.
        if sinkError?.closed == true { throw ExitStatus.clean }
        if case .level(let level) = output.failOn, let highest = report.highestLevel,
            highest >= level
        {
            throw ExitStatus.found
        }
    }

    /// A file that is read by redirection does not fall silent; a pipe or a terminal may.
    private var stdinIsFile: Bool {
        var status = stat()
        return fstat(0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private func sink(_ target: OutputTarget) -> any Sink {
        let format =
            output.format ?? (output.output == nil && target.isTerminal ? .pretty : .ndjson)
        let settings = SinkSettings(
            color: output.color.isOn(for: target.descriptor),
            width: target.isTerminal ? Terminal.width(of: target.descriptor) : nil)
        return switch format {
        case .pretty: ConsoleSink(settings, output: target.bytes)
        case .ndjson: NDJSONSink(settings, output: target.bytes)
        case .json: JSONSink(settings, output: target.bytes)
        }
    }

    /// A bar where a person looks at stderr and findings do not scroll through it.
    private func progress(_ sources: [Source]) -> ProgressBar? {
        guard !input.quiet, command == "scan", isatty(2) == 1,
            isatty(1) == 0 || output.output != nil
        else { return nil }
        return ProgressBar(width: Terminal.width(of: 2) ?? 80)
    }
}

/// Hands findings to the sink and moves the bar.
final class FindingsReceiver: RunReceiver {
    private let sink: any Sink
    private let output: FileOutput
    private var progress: ProgressBar?
    private let totalBytes: Int?
    private var findings = 0

    init(sink: any Sink, output: FileOutput, progress: ProgressBar?, inputs: [Source]) {
        self.sink = sink
        self.output = output
        self.progress = progress
        let sizes = inputs.flatMap { $0.segments.map(\.storedSize) }
        totalBytes = sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
    }

    func take(_ finding: Finding) throws(SinkError) {
        findings += 1
        try sink.write(Batch(findings: [finding]))
    }

    func take(decoded: [UInt8]) throws(SinkError) {}

    func flush() throws(SinkError) {
        try sink.flush()
        // A live stream may have nothing to say for hours to a reader that went away.
        try output.checkReader()
    }

    func progress(storedBytes: Int, input: String) {
        progress?.update(
            bytesRead: storedBytes, total: totalBytes, inputName: input, findings: findings,
            now: MonotonicClock.seconds)
    }

    func close(manifest: [UInt8]) throws(SinkError) { try sink.close(manifest: manifest) }

    func clearProgress() { progress?.clear() }
}

/// Time for progress only; nothing that is found depends on it.
enum MonotonicClock {
    /// Seconds since some fixed moment.
    static var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
