public import WinnowKit
public import WinnowRules

/// The outcome of one test of one rule.
public struct RuleTestResult: Sendable {
    /// Rule id.
    public let rule: String
    /// `path:line` of the test.
    public let place: String
    /// Whether the rule fired as often as the test says.
    public let passed: Bool
    /// Expected against got.
    public let message: String
    /// Of a failure: which record came nearest, or is one too many.
    public var reason: String?

    /// The mutants of a run: one passes when it is killed, and there is no word of invalid ones.
    public static func of(_ run: MutationRun) -> [RuleTestResult] {
        run.results.filter { $0.outcome != .invalid }.map { result in
            let mutant = result.mutant
            return RuleTestResult(
                rule: mutant.rule,
                place: "\(mutant.path):\(mutant.line):\(mutant.column) \(mutant.change)",
                passed: result.outcome == .killed, message: "no test notices the change")
        }
    }
}

/// Runs the tests that rules carry through the engine that scans use: same decoders, same windows.
public struct RuleTester {
    let plan: Plan
    let decoders: [any Decoder]

    /// The time of the first record of a test whose records have none of their own:
    /// 2026-01-01T00:00:00Z.
    private static let begin = Timestamp(seconds: 1_767_225_600)

    /// Makes a tester.
    public init(plan: Plan, decoders: [any Decoder]) {
        self.plan = plan
        self.decoders = decoders
    }

    /// Runs all tests of the plan's rules, or of some of them, in their order; of those that are
    /// disabled, none.
    public func run(_ rules: [Rule]? = nil) -> [RuleTestResult] {
        (rules ?? plan.rules).filter(\.isEnabled).flatMap { rule in
            rule.tests.map { run($0, of: rule, withReason: true) }
        }
    }

    /// True when every test of a rule passes; the rest is not run once one fails.
    func passes(_ rule: Rule) -> Bool {
        rule.tests.allSatisfy { run($0, of: rule, withReason: false).passed }
    }

    private func run(_ test: RuleTest, of rule: Rule, withReason: Bool) -> RuleTestResult {
        let receiver = FindingCounter(rule: rule.id, expected: test.fires)
        var options = RuleTester.options
        let (sources, origins) = sources(test)
        options.origins = origins
        let report = Pipeline.run(
            sources: sources, decoders: decoders, plan: plan, options: options,
            receiver: receiver)
        let got = receiver.count
        var message = "expected \(test.fires) finding\(test.fires == 1 ? "" : "s"), got \(got)"
        if report.totals.damaged > 0, let problem = report.inputs.flatMap(\.firstProblems).first {
            message += " (a record is damaged: \(problem.reason))"
        }
        var result = RuleTestResult(
            rule: rule.id, place: "\(plan.packs[rule.pack].path):\(test.line)",
            passed: got == test.fires, message: message)
        if !result.passed, withReason {
            result.reason =
                receiver.surplus.map(TestReason.tooMany)
                ?? TestReason.tooFew(
                    rule,
                    RuleExplanation(
                        plan: plan, rule: rule.index, sources: sources, decoders: decoders,
                        options: options, limit: 1, isRereadable: true))
        }
        return result
    }

    /// Lines go to one input a service, events to another, as they would from machines.
    private func sources(_ test: RuleTest) -> (sources: [Source], origins: [SourceOrigin]) {
        var origins: [SourceOrigin] = []
        var texts: [SourceOrigin: String] = [:]
        var xml = ""
        for round in 0..<max(test.repeats, 1) {
            let time = test.every.map {
                RuleTester.begin.advanced(byNanoseconds: Int64(round).multiplied(by: $0))
            }
            for record in test.records {
                switch record {
                case .line(let line):
                    let origin = SourceOrigin(host: line.host, service: line.service)
                    if texts[origin] == nil { origins.append(origin) }
                    for part in line.text.split(separator: "\n", omittingEmptySubsequences: false) {
                        let prefix = time.map(RuleTester.prefix) ?? ""
                        texts[origin, default: ""] += prefix + part + "\n"
                    }
                case .event(var event):
                    if let time { event.time = time.rfc3339 }
                    if event.time == nil { event.time = RuleTester.begin.rfc3339 }
                    xml += event.xml() + "\n"
                }
            }
        }
        // A service's log is known by its name, as where it is scanned.
        let log = test.service.map { $0 + ".err.log" } ?? "lines"
        var contents = origins.map { ($0 == SourceOrigin() ? log : "lines", texts[$0] ?? "") }
        if !xml.isEmpty { contents.append(("events", xml)) }
        let sources = contents.map { name, content in
            RuleTester.source(name, Array(content.utf8))
        }
        return (sources, origins)
    }

    /// Those of all runs of tests.
    static var options: RunOptions {
        var options = RunOptions()
        options.initialTime = begin
        return options
    }

    /// An input of bytes in memory.
    static func source(_ name: String, _ bytes: [UInt8]) -> Source {
        Source(segments: [
            Segment(name: name, storedSize: bytes.count) { MemoryStream(bytes) }
        ])
    }

    /// NSSM's own time stamp: a carrier's prefix, so it gives the line a time and leaves its text.
    private static func prefix(_ time: Timestamp) -> String {
        let text = time.rfc3339
        let milliseconds = String(time.nanoseconds / 1_000_000)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + "."
            + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + ": "
    }
}

extension Int64 {
    /// The product, at most the largest number: tests may be absurd, and must not trap.
    fileprivate func multiplied(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max / 2 : product
    }
}

/// Bytes in memory as a stream.
public final class MemoryStream: ByteStream {
    private let bytes: [UInt8]
    private var at = 0

    /// Makes a stream of some bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Copies what comes next.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        let count = min(buffer.count, bytes.count - at)
        guard count > 0 else { return 0 }
        buffer.copyBytes(from: bytes[at..<at + count])
        at += count
        return count
    }

    /// Memory has no container to be damaged.
    public var problems: [Problem] { [] }

    /// Bytes given out.
    public var storedBytesRead: Int { at }
}

/// Counts the findings of one rule, and keeps the first that is too many.
private final class FindingCounter: RunReceiver {
    private let rule: String
    private let expected: Int
    private(set) var count = 0
    private(set) var surplus: Finding?

    init(rule: String, expected: Int) {
        self.rule = rule
        self.expected = expected
    }

    func take(_ finding: Finding) {
        guard finding.rule == rule else { return }
        if count == expected { surplus = finding }
        count += 1
    }

    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
