import Decoders
import WinnowKit
import WinnowRules

@testable import WinnowEngine

/// Runs the engine on bytes in memory.
enum EngineFixture {
    /// Rules that find something in most logs: per match, counted, keyed, suppressed.
    static let pack = #"""
        pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2", license: Apache-2.0, description: engine tests}
        rules:
        - id: fixture.trouble
          title: Trouble {{what}}
          level: low
          match: {message|re: '(?<what>panic|fatal|error|fail|denied)'}
          tests: [{fires: 1, lines: ['request failed']}, {fires: 0, lines: ['all is well']}]
        - id: fixture.burst
          title: Trouble three times
          level: high
          match: {message|re: 'panic|fatal|error|fail|denied'}
          when: {count: {gte: 3}, within: 10m, by: [host.name]}
          suppress: 30m
          tests:
          - {fires: 1, lines: ['request failed'], repeat: 3, every: 1s}
          - {fires: 0, lines: ['request failed'], repeat: 2, every: 1s}
        - id: fixture.crash
          title: Crash in {{go.frame.function}}
          level: critical
          match: {event.kind: go.crash}
          tests:
          - {fires: 1, lines: ["panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1\n"]}
          - {fires: 0, lines: ['panic is not far']}
        - id: fixture.provider
          title: Event {{event.code}} of {{event.provider}}
          level: medium
          match: {event.provider|exists: true}
          tests:
          - {fires: 1, events: [{provider: nssm, code: 1013, data: [a, b, '2']}]}
          - {fires: 0, lines: ['no event']}
        - id: fixture.rate
          title: Trouble often
          level: low
          events: {trouble: {message|re: 'panic|fatal|error|fail|denied'}}
          when: {rate: {of: trouble, gte: 1/m}, within: 2m}
          tests:
          - {fires: 1, lines: ['request failed'], repeat: 2, every: 1s}
          - {fires: 0, lines: ['request failed']}
        - id: fixture.distinct
          title: Different troubles
          level: low
          match: {message|re: '(?<what>panic|fatal|error|fail|denied)'}
          when: {distinct: {field: what, gte: 3}, within: 10m}
          tests:
          - {fires: 1, lines: [fatal, error, denied]}
          - {fires: 0, lines: [fatal, error, error]}
        - id: fixture.stat
          title: Long messages
          level: low
          match: {message|re: '^\S+ (?<size>\d+)'}
          when: {stat: {field: size, fn: max, gt: 10}, within: 10m}
          tests:
          - {fires: 1, lines: [gc 11]}
          - {fires: 0, lines: [gc 10]}
        - id: fixture.all
          title: Collected and in trouble
          level: low
          events:
            collected: {message|startswith: 'gc '}
            trouble: {message|re: '(?<what>fail|denied)'}
          when: {all: [collected, trouble], within: 10m}
          tests:
          - {fires: 1, lines: [request failed, gc 1]}
          - {fires: 0, lines: [request failed]}
        - id: fixture.sequence
          title: Collected, then in trouble
          level: low
          events:
            collected: {message|startswith: 'gc '}
            trouble: {message|re: '(?<what>panic|fatal|fail|denied)'}
          when: {sequence: [collected, {not: collected, for: 1s}, {trouble: {gte: 2}}], within: 10m}
          tests:
          - {fires: 1, lines: ['2026-01-01T00:00:00Z x', gc 1, '2026-01-01T00:00:02Z fail', fail]}
          - {fires: 0, lines: [fail, fail, gc 1]}
        - id: fixture.silence
          title: Denied, and not stamped soon
          level: low
          events:
            denied: {message|contains: denied}
            stamped: {message|contains: stamped}
          when: {sequence: [denied, {not: stamped, for: 1m}], within: 1m}
          tests:
          - {fires: 1, lines: [denied, '2026-01-01T00:02:00Z later']}
          - {fires: 0, lines: [denied, '2026-01-01T00:01:00Z stamped', '2026-01-01T00:02:00Z later']}
        - id: fixture.absent
          title: No trouble for half a minute
          level: low
          match: {message|re: 'denied|fatal|error'}
          when: {absent: {for: 30s}}
          tests:
          - {fires: 1, lines: [denied, '2026-01-01T00:02:00Z later']}
          - {fires: 0, lines: [denied, '2026-01-01T00:00:30Z later']}
        - id: fixture.chain
          title: Several troubles, and silence
          level: low
          events: {different: {rule: fixture.distinct}, silent: {rule: fixture.absent}}
          when: {all: [different, silent], within: 1h}
          tests:
          - {fires: 1, lines: [fatal, error, denied, '2026-01-01T00:02:00Z later']}
          - {fires: 0, lines: [fatal, error, denied, '2026-01-01T00:00:20Z later']}
        - id: fixture.trend
          title: 'Grows {{trend.slope}}{{trend.unit}} since {{trend.since}}'
          level: low
          match: {message|re: 'memory (?<mb>\d+)'}
          when: {trend: {field: mb, slope: {gte: 1/min}, points: 6, eta: {reach: 100, lt: 1h}}, within: 1h}
          tests:
          - {fires: 0, lines: [memory 5], repeat: 8, every: 1m}
          - {fires: 1, lines: ['2026-01-01T00:00:00Z memory 1', '2026-01-01T00:01:00Z memory 4', '2026-01-01T00:02:00Z memory 6', '2026-01-01T00:03:00Z memory 9', '2026-01-01T00:04:00Z memory 12', '2026-01-01T00:05:00Z memory 14']}
        """#

    static func plan(_ text: String = pack) -> Plan {
        let result = PackLoader.load([PackText(path: "fixture.yaml", bytes: Array(text.utf8))])
        let errors = result.diagnostics.filter { $0.severity == .error }
        precondition(errors.isEmpty, errors.map { $0.rendered(color: false) }.joined())
        return result.plan
    }

    static func source(_ name: String, _ bytes: [UInt8]) -> Source {
        Source(segments: [
            Segment(name: name, storedSize: bytes.count) { MemoryStream(bytes) }
        ])
    }

    static func decoders(plainLines: Bool = false) -> [any Decoder] {
        Decoders.all.map { $0.init(DecoderSettings()) }
    }

    /// The findings of a run as NDJSON, and its report.
    static func findings(
        _ sources: [Source], plan: Plan, _ change: (inout RunOptions) -> Void = { _ in }
    ) -> (ndjson: String, report: RunReport) {
        run(sources, plan: plan, change)
    }

    /// The decoded records of a run as NDJSON, and its report.
    static func records(
        _ sources: [Source], _ change: (inout RunOptions) -> Void = { _ in }
    ) -> (ndjson: String, report: RunReport) {
        run(sources, plan: nil, change)
    }

    private static func run(
        _ sources: [Source], plan: Plan?, _ change: (inout RunOptions) -> Void
    ) -> (ndjson: String, report: RunReport) {
        var options = RunOptions()
        change(&options)
        let receiver = Collector()
        let report = Pipeline.run(
            sources: sources, decoders: decoders(), plan: plan, options: options,
            receiver: receiver)
        return (String(decoding: receiver.bytes, as: UTF8.self), report)
    }
}

/// Keeps what a run gives.
private final class Collector: RunReceiver {
    var bytes: [UInt8] = []

    func take(_ finding: Finding) {
        finding.appendJSON(to: &bytes)
        bytes.append(0x0A)
    }
    func take(decoded: [UInt8]) { bytes.append(contentsOf: decoded) }
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
