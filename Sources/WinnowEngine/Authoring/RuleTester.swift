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
}

/// Runs the tests that rules carry through the engine that scans use: same decoders, same windows.
public struct RuleTester {
    private let plan: Plan
    private let decoders: [any Decoder]

    /// The time of the first record of a test whose records have none of their own:
    /// 2026-01-01T00:00:00Z.
    private static let begin = Timestamp(seconds: 1_767_225_600)

    /// Makes a tester.
    public init(plan: Plan, decoders: [any Decoder]) {
        self.plan = plan
        self.decoders = decoders
    }

    /// Runs all tests of all rules that are not disabled, in the plan's order.
    public func run() -> [RuleTestResult] {
        plan.rules.filter(\.isEnabled).flatMap { rule in rule.tests.map { run($0, of: rule) } }
    }

    private func run(_ test: RuleTest, of rule: Rule) -> RuleTestResult {
        let receiver = FindingCounter(rule: rule.id)
        var options = RunOptions()
        options.initialTime = RuleTester.begin
        let report = Pipeline.run(
            sources: sources(test), decoders: decoders, plan: plan, options: options,
            receiver: receiver)
        let got = receiver.count
        var message = "expected \(test.fires) finding\(test.fires == 1 ? "" : "s"), got \(got)"
        if report.totals.damaged > 0, let problem = report.inputs.flatMap(\.firstProblems).first {
            message += " (a record is damaged: \(problem.reason))"
        }
        return RuleTestResult(
            rule: rule.id, place: "\(plan.packs[rule.pack].path):\(test.line)",
            passed: got == test.fires, message: message)
    }

    /// Lines go to one input, events to another, as they would from a machine.
    private func sources(_ test: RuleTest) -> [Source] {
        var text = ""
        var xml = ""
        for round in 0..<max(test.repeats, 1) {
            let time = test.every.map {
                RuleTester.begin.advanced(byNanoseconds: Int64(round).multiplied(by: $0))
            }
            for record in test.records {
                switch record {
                case .line(let line):
                    for part in line.split(separator: "\n", omittingEmptySubsequences: false) {
                        if let time { text += RuleTester.prefix(time) }
                        text += part + "\n"
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
        return [(log, text), ("events", xml)].filter { !$0.1.isEmpty }.map { name, content in
            let bytes = Array(content.utf8)
            return Source(segments: [
                Segment(name: name, storedSize: bytes.count) { MemoryStream(bytes) }
            ])
        }
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

/// Counts the findings of one rule.
private final class FindingCounter: RunReceiver {
    private let rule: String
    private(set) var count = 0

    init(rule: String) { self.rule = rule }

    func take(_ finding: Finding) { if finding.rule == rule { count += 1 } }
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
