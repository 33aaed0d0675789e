public import ArgumentParser
import Glibc
import WinnowEngine
public import WinnowKit

/// Which rules a command runs.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .long,
        help: """
            Add the rule packs of a file or folder; may be repeated. A pack with the name of a \
            built-in one replaces it.
            """, completion: .file())
    var rules: [String] = []

    @Flag(name: .long, help: "Leave the built-in rule packs out.")
    var noDefaultRules = false
}

/// What a command reads, and how.
struct InputOptions: ParsableArguments {
    @Option(name: .long, help: "Service of records that name none.")
    var service: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Another name of a service, or its program; may be repeated.",
            valueName: "other=name"))
    var serviceAlias: [String] = []

    @Option(name: .long, help: "Host of records that name none.")
    var host: String?

    @Option(name: .long, help: "What stdin is called in findings (default: stdin).")
    var inputName: String?

    @Option(name: .long, help: "auto, text (every line as it is) or windows-xml.")
    var inputFormat = "auto"

    @Option(
        name: .long,
        help: "auto, utf-8, utf-16le, utf-16be, gbk, windows-1252, or a name that iconv knows.")
    var encoding = "auto"

    @Option(
        name: .long, parsing: .unconditional,
        help: "Zone of times that carry none: UTC or an offset such as -05:00.")
    var timezone = "UTC"

    @Option(name: .long, help: "Only records at or after this time, e.g. 2026-03-01T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "Only records before this time.")
    var until: String?

    @Option(name: .long, help: "Worker threads (default: one a core).")
    var jobs: Int?

    @Option(name: .long, help: .hidden)
    var blockSize: Int?

    @Option(name: .long, help: "Write what was read, and what came of it, to this file as JSON.")
    var manifest: String?

    @Flag(name: .long, help: "No summary and no progress on stderr.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs takes a number from 1 to 256, not \(jobs)")
        }
        if let blockSize, !(1...(64 << 20)).contains(blockSize) {
            throw ValidationError("--block-size takes 1 to 67108864 bytes")
        }
        _ = try runOptions()
        _ = try utcOffset()
    }

    /// The engine's options.
    func runOptions() throws -> RunOptions {
        var options = RunOptions()
        options.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        if let blockSize { options.blockSize = blockSize }
        options.host = host
        options.service = service
        options.serviceAliases = try aliases()
        options.since = try time(since, "--since")
        options.until = try time(until, "--until")
        options.hashInputs = manifest != nil
        if inputFormat != "auto" {
            let known = Decoding.formats
            guard known.contains(inputFormat) else {
                throw ValidationError(
                    "unknown input format `\(inputFormat)`; known: auto, "
                        + known.joined(separator: ", "))
            }
            options.inputFormat = inputFormat
        }
        if encoding != "auto" {
            guard let stored = StoredEncoding(name: encoding) else {
                throw ValidationError(
                    "unknown encoding `\(encoding)`; known: auto, utf-8, utf-16le, utf-16be, gbk, "
                        + "windows-1252 and the names that `iconv -l` lists")
            }
            options.encoding = stored
        }
        return options
    }

    /// The names of `--service-alias`, each with the name that stands for it in the end.
    private func aliases() throws -> [(alias: String, service: String)] {
        var services: [String: String] = [:]
        var given: [(alias: String, service: String)] = []
        for text in serviceAlias {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError(
                    "--service-alias takes OTHER=NAME, as 'Payment Gateway=payment-gateway', "
                        + "not `\(text)`")
            }
            if let other = services[parts[0]], other != parts[1] {
                throw ValidationError(
                    "--service-alias says that `\(parts[0])` is `\(other)` and `\(parts[1])`")
            }
            services[parts[0]] = parts[1]
            given.append((parts[0], parts[1]))
        }
        return try given.map { alias, service in
            var service = service
            for _ in given {
                guard let further = services[service] else { break }
                service = further
            }
            guard services[service] == nil else {
                throw ValidationError("--service-alias goes in a circle at `\(alias)`")
            }
            return (alias, service)
        }
    }

    /// Seconds east of UTC.
    func utcOffset() throws -> Int {
        switch timezone.uppercased() {
        case "UTC", "Z", "GMT": return 0
        default:
            var text = timezone
            let zone = text.withUTF8 { bytes in
                Timestamp.zoneOffset(UnsafeRawBufferPointer(bytes), 0).flatMap {
                    $0.end == bytes.count ? $0.seconds : nil
                }
            }
            guard let zone else {
                throw ValidationError(
                    "unknown time zone `\(timezone)`; give UTC or an offset such as +08:00")
            }
            return zone
        }
    }

    private func time(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        let offset = try utcOffset()
        if let time = Timestamp(iso8601: text, defaultOffset: offset)
            ?? Timestamp(iso8601: text + "T00:00:00", defaultOffset: offset)
        {
            return time
        }
        throw ValidationError(
            "\(option) takes a time such as 2026-03-01T10:00:00Z, not `\(text)`")
    }
}

/// How findings are shown, and what counts as bad news.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "pretty, ndjson or json (default: pretty on a terminal, ndjson otherwise).")
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "Write findings to this file.", completion: .file())
    var output: String?

    @Flag(
        name: .customLong("final"),
        help: "Nothing follows the inputs: what a rule waits to stay away has stayed away.")
    var isFinal = false

    @Option(name: .long, help: "Leave out findings below this level.")
    var minLevel = Level.informational

    @Option(
        name: .long,
        help: "Level from which a finding makes the exit status 1, or never (default: low).")
    var failOn = FailOn.level(.low)

    @Option(name: .long, help: "auto, always or never.")
    var color = ColorChoice.auto
}

/// The output formats of findings.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case pretty, ndjson, json
}

/// When to colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// Whether to colour what goes to `descriptor`; NO_COLOR and a dumb terminal mean no.
    func isOn(for descriptor: Int32) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isatty(descriptor) == 1 && (getenv("NO_COLOR").map { $0[0] == 0 } ?? true)
                && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? true
        }
    }
}

/// `--fail-on`.
enum FailOn: ExpressibleByArgument {
    case never
    case level(Level)

    init?(argument: String) {
        if argument == "never" {
            self = .never
        } else if let level = Level(rawValue: argument) {
            self = .level(level)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .never: "never"
        case .level(let level): level.rawValue
        }
    }

    static var allValueStrings: [String] { Level.allCases.map(\.rawValue) + ["never"] }
}

extension Level: ExpressibleByArgument {}
