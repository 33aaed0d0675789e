import WinnowKit
import WinnowRules

/// Puts what the workers made back in order and hands it on: lines and inherited times are
/// completed, windows run, findings go out.
final class Sequencer {
    private let sources: [Source]
    private let decoders: [any Decoder]
    let options: RunOptions
    let plan: Plan?
    let correlator: Correlator?
    let merger = Merger()
    private var order: Order
    private let receiver: any RunReceiver
    let digest = Digest()
    var directory: ServiceDirectory
    /// Per source and segment: the service that the file's name may speak of.
    private let candidates: [[String?]]
    /// The order of sources at equal times: that of their names, so that the order in which a user
    /// gives them does not matter.
    private let ranks: [Int]

    var totals = RunReport.Totals()
    var inputs: [[InputReport]]
    var highestLevel: Level?

    // Of the source that is being read.
    private var carriedTime: Timestamp?
    /// Of the own times of all sources.
    private var clock = EventClock()
    /// When a live stream fell silent, in nanoseconds of `MonotonicMoment`.
    private var silentSince: Int64?
    /// The first record with a time.
    private var firstRecord: TimedRecord?
    private var lineEnds = 0
    /// The last records before the block at hand.
    private var context: [Evidence] = []
    private var segment = 0
    private var storedBytesBefore = 0
    private var scratch: [UInt8] = []

    init(
        sources: [Source], decoders: [any Decoder], plan: Plan?, options: RunOptions,
        receiver: any RunReceiver, watch: ((Signal, Evidence) -> Void)? = nil
    ) {
        self.sources = sources
        self.decoders = decoders
        self.options = options
        self.plan = plan
        self.correlator = plan.map { Correlator(plan: $0) }
        self.order = sources.count > 1 ? .time : .undecided
        self.correlator?.watch = watch
        self.receiver = receiver
        self.directory = ServiceDirectory(given: options.serviceAliases)
        var ranks = Array(repeating: 0, count: sources.count)
        let names = sources.map { $0.segments.first?.name ?? "" }
        for (rank, source) in names.indices.sorted(by: { (names[$0], $0) < (names[$1], $1) })
            .enumerated()
        {
            ranks[source] = rank
        }
        self.ranks = ranks
        self.candidates = sources.map {
            $0.segments.map { FileServiceName($0.name).candidate }
        }
        self.inputs = sources.map { $0.segments.map { InputReport(input: $0.name) } }
        self.carriedTime = options.initialTime
    }

    func take(_ result: BlockResult) throws(SinkError) {
        switch result {
        case .outcome(let outcome): try take(outcome)
        case .progress(let progress):
            receiver.progress(
                storedBytes: storedBytesBefore + progress.storedBytes,
                input: sources[progress.source].segments[progress.segment].name)
        case .segment(let end): take(end)
        case .end(let end):
            for i in inputs[end.source].indices { inputs[end.source][i].format = end.format }
            carriedTime = options.initialTime
            context = []
            lineEnds = 0
            segment = 0
        }
    }

    /// The end of all sources: what waited for its order is correlated.
    func finish() throws(SinkError) {
        if order == .undecided { order = .arrival }
        try drain()
        // Inputs of a batch are all read: their records have passed the time of the latest.
        guard let correlator else { return }
        if let end = order == .time ? clock.latest : clock.atEnd {
            try emit(correlator.advance(to: end))
        }
        // What closes may begin a silence, and a silence that ends may be an event of a join.
        var found = correlator.closeAll()
        repeat {
            try emit(found)
            found = options.isFinal ? correlator.advance(to: nil) + correlator.closeAll() : []
        } while !found.isEmpty
    }

    private func take(_ outcome: BlockOutcome) throws(SinkError) {
        silentSince = nil
        account(outcome)
        try decideOrder(outcome)
        if !outcome.decoded.isEmpty { try emit(outcome) }
        var dropped: Int?
        var namings = outcome.namings[...]
        for var signal in outcome.signals {
            // In the order of the input, not of its blocks: what comes later is not known yet.
            while let next = namings.first, next.position <= signal.position {
                directory.learn(next)
                namings.removeFirst()
            }
            signal.rank = ranks[signal.source]
            if let time = signal.clock { clock.note(time) }
            if signal.awaitsTime {
                signal.time = carriedTime
                if let time = signal.time, isOutside(time) {
                    if dropped != signal.position { unmatch(outcome, signal) }
                    dropped = signal.position
                    continue
                }
            }
            let evidence = Evidence(
                input: sources[signal.source].segments[signal.place.segment].name,
                line: line(signal.place), offset: signal.place.offset, length: signal.length,
                recordID: signal.recordID, time: signal.time, text: signal.text)
            if plan?.rules[signal.rule].when?.join?.context == signal.event {
                signal.context = completed(signal.unplacedContext, of: signal.source)
                signal.unplacedContext = []
            }
            signal.clock = clock.claim()
            if order == .arrival {
                try correlate(signal, evidence)
            } else {
                for waiting in merger.add(signal, evidence) {
                    try correlate(waiting.signal, waiting.evidence)
                }
            }
        }
        for naming in namings { directory.learn(naming) }
        if !outcome.context.isEmpty { context = completed(outcome.context, of: outcome.source) }
        if let time = outcome.latest { clock.note(time) }
        clock.noteEnds(first: outcome.firstTime, last: outcome.lastTime)
        // With one source, time has passed what its records have passed; else some are held back.
        if order == .arrival, let time = clock.unclaimed, let correlator {
            try emit(correlator.advance(to: time))
        }
        if let last = outcome.lastTime { carriedTime = last }
        lineEnds = outcome.segmentBegan ? outcome.lineEnds : lineEnds + outcome.lineEnds
    }

    /// Records before a place, with those of the blocks before where the block has too few.
    private func completed(_ records: [ContextRecord], of source: Int) -> [Evidence] {
        let own = records.map { record in
            Evidence(
                input: sources[source].segments[record.place.segment].name,
                line: line(record.place), offset: record.place.offset, length: record.length,
                recordID: nil, time: nil, text: record.text)
        }
        return (context + own).suffix(ContextRecord.limit)
    }

    private func correlate(_ signal: Signal, _ evidence: Evidence) throws(SinkError) {
        guard let correlator else { return }
        // Merged signals come in the order of their times, which then is how far time has come.
        if let clock = order == .arrival ? signal.clock : signal.time {
            try emit(correlator.advance(to: clock))
        }
        try emit(correlator.take(identified(signal), evidence: evidence))
    }

    /// The signal with the one name of its service and, where it names no host, the service's.
    private func identified(_ signal: Signal) -> Signal {
        let service = directory.service(
            name: signal.service, process: signal.process,
            file: candidates[signal.source][signal.place.segment])
        guard let service, let rule = plan?.rules[signal.rule] else { return signal }
        let host = signal.host ?? directory.host(of: service)
        guard service != signal.service || host != signal.host else { return signal }
        var signal = signal
        signal.service = service
        signal.host = host
        signal.put(service, for: .serviceName, in: rule)
        if let host { signal.put(host, for: .hostName, in: rule) }
        return signal
    }

    // MARK: Time

    /// How long a live event log is silent before it is taken for one that is being written, in
    /// nanoseconds.
    private static let decisionTime: Int64 = 2_000_000_000

    /// On a live stream that is silent: gives the findings of what has ended by the clock on the wall.
    ///
    /// - Returns: When to call again, in nanoseconds of `MonotonicMoment`; nil: nothing is waited for.
    func letTimePass() throws(SinkError) -> Int64? {
        guard options.isLive, order != .time, let latest = clock.now, let correlator
        else { return nil }
        let now = MonotonicMoment.now
        if silentSince == nil { silentSince = now }
        guard let since = silentSince else { return nil }
        if order == .undecided {
            // What is written as it happens is not newest first, so its first event need not wait.
            guard now - since >= Sequencer.decisionTime else {
                return since + Sequencer.decisionTime
            }
            order = .arrival
            try drain()
        }
        let time = latest.advanced(byNanoseconds: now - since)
        try emit(correlator.expire(before: time))
        // A deadline is over when time lies behind it.
        return correlator.nextDeadline.map { since + latest.nanoseconds(to: $0) + 1 }
    }

    // MARK: Order

    /// In which order signals are correlated.
    private enum Order {
        /// One event log of which only one time was seen: it may be newest first.
        case undecided
        /// One input in its own order: nothing waits.
        case arrival
        /// Several inputs, or an export that is newest first: by event time, at the end.
        case time
    }

    /// The first two times of an event log tell whether it is newest first, as Event Viewer and
    /// Get-WinEvent write it. Lines of a log never are.
    private func decideOrder(_ outcome: BlockOutcome) throws(SinkError) {
        guard order == .undecided else { return }
        if type(of: decoders[outcome.decoder]).spec.timeCarries {
            order = .arrival
        } else {
            let records = (firstRecord.map { [$0] } ?? []) + outcome.firstRecords
            firstRecord = records.first
            guard let first = firstRecord,
                let second = records.first(where: { $0.time != first.time })
            else { return }
            order = second.isNewestFirst(after: first) ? .time : .arrival
        }
        if order == .arrival { try drain() }
    }

    /// Correlates what waits: by time, or as it came where nothing needed to wait.
    private func drain() throws(SinkError) {
        for waiting in merger.drain(byTime: order == .time) {
            try correlate(waiting.signal, waiting.evidence)
        }
    }

    private func emit(_ findings: [Finding]) throws(SinkError) {
        for finding in findings { try emit(finding) }
    }

    private func emit(_ finding: Finding) throws(SinkError) {
        guard finding.level >= options.minLevel else { return }
        totals.findings += 1
        highestLevel = max(highestLevel ?? finding.level, finding.level)
        scratch.removeAll(keepingCapacity: true)
        finding.appendJSON(to: &scratch)
        digest.update(scratch)
        try receiver.take(finding)
    }

    private func isOutside(_ time: Timestamp) -> Bool {
        if let since = options.since, time < since { return true }
        if let until = options.until, time >= until { return true }
        return false
    }

    private func line(_ place: Place) -> Int {
        place.line + 1 + (place.isAbsolute ? 0 : lineEnds)
    }

    // MARK: Decoded records

    private func emit(_ outcome: BlockOutcome) throws(SinkError) {
        var out: [UInt8] = []
        out.reserveCapacity(outcome.json.count + outcome.decoded.count * 96)
        var start = 0
        for record in outcome.decoded {
            defer { start = record.end }
            let time = record.awaitsTime ? carriedTime : record.time
            if record.awaitsTime, let time, isOutside(time) { continue }
            out.append(contentsOf: "{\"kind\":".utf8)
            JSONWriter.string(record.kind, to: &out)
            out.append(contentsOf: ",\"time\":".utf8)
            JSONWriter.time(time, to: &out)
            out.append(contentsOf: ",\"input\":".utf8)
            out.append(contentsOf: outcome.json[start..<record.lineAt])
            JSONWriter.number(line(record.place), to: &out)
            out.append(contentsOf: outcome.json[record.lineAt..<record.fieldsAt])
            // Text always has a message, so another field follows.
            if record.isInherited && time != nil && outcome.json[record.fieldsAt] == 0x22 {
                out.append(contentsOf: "\"event.time_inherited\":true,".utf8)
            }
            out.append(contentsOf: outcome.json[record.fieldsAt..<record.end])
        }
        try receiver.take(decoded: out)
    }

    // MARK: Accounting

    private func account(_ outcome: BlockOutcome) {
        let kinds = type(of: decoders[outcome.decoder]).spec.kinds
        for counts in outcome.counts {
            totals.add(counts)
            inputs[outcome.source][counts.segment].add(counts, kinds: kinds)
        }
        for damage in outcome.damage {
            inputs[outcome.source][damage.place.segment].add(
                line: line(damage.place), offset: damage.place.offset, reason: damage.reason)
        }
    }

    private func unmatch(_ outcome: BlockOutcome, _ signal: Signal) {
        guard signal.countsAsMatched else { return }
        totals.matched -= 1
        totals.unmatched += 1
        inputs[outcome.source][signal.place.segment].totals.matched -= 1
        inputs[outcome.source][signal.place.segment].totals.unmatched += 1
    }

    private func take(_ end: SegmentEnd) {
        var input = inputs[end.source][end.segment]
        input.bytes = end.bytes
        input.encoding = end.encoding
        input.isWhole = end.isWhole
        // The hash of a part would be taken for the file's.
        input.sha256 = end.isWhole ? end.sha256 : nil
        input.error = end.error
        if end.bytes == 0, input.error == nil, let problem = end.containerProblems.first {
            input.error = InputError(input: input.input, message: problem.reason)
        }
        if let refusal = end.refusal {
            input.encoding = nil
            input.error = InputError(input: input.input, message: refusal)
            input.add(line: 1, offset: 0, reason: refusal)
        }
        for problem in end.containerProblems {
            input.add(line: lineEnds + 1, offset: problem.offset, reason: problem.reason)
        }
        inputs[end.source][end.segment] = input
        storedBytesBefore += sources[end.source].segments[end.segment].storedSize ?? 0
    }
}

extension RunReport.Totals {
    fileprivate mutating func add(_ counts: SegmentCounts) {
        records += counts.records
        matched += counts.matched
        unmatched += counts.unmatched
        damaged += counts.damaged
        truncated += counts.truncated
    }
}

extension InputReport {
    fileprivate mutating func add(_ counts: SegmentCounts, kinds: [String]) {
        totals.add(counts)
        skippedBytes += counts.skippedBytes
        if records.isEmpty { records = kinds.map { ($0, 0) } }
        for (i, count) in counts.byKind.enumerated() where i < records.count {
            records[i].count += count
        }
        if let first = counts.firstTime { firstTime = min(firstTime ?? first, first) }
        if let last = counts.lastTime { lastTime = max(lastTime ?? last, last) }
    }

    fileprivate mutating func add(line: Int, offset: Int, reason: String) {
        problems += 1
        if firstProblems.count < InputReport.maxListed {
            firstProblems.append((line, offset, reason))
        }
    }
}
