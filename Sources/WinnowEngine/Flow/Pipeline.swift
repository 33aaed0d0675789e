public import WinnowKit
public import WinnowRules

/// Takes what a run finds, in order, on the thread that called `Pipeline.run`.
public protocol RunReceiver: AnyObject {
    /// A finding; throwing ends the run.
    func take(_ finding: Finding) throws(SinkError)
    /// Decoded records as JSON lines, when the run decodes.
    func take(decoded: [UInt8]) throws(SinkError)
    /// Nothing more is there for the moment: what is buffered should go out.
    func flush() throws(SinkError)
    /// How far reading has come: bytes of all sources so far, as stored.
    func progress(storedBytes: Int, input: String)
}

/// Read + frame → workers: decode, match → back in order → correlate → receiver.
public enum Pipeline {
    /// Runs to the end of all sources, or until the receiver throws or `options.stop` is set.
    ///
    /// - Parameters:
    ///   - plan: The rules, or nil to decode only.
    ///   - receiver: Called on this thread.
    public static func run(
        sources: [Source], decoders: [any Decoder], plan: Plan?, options: RunOptions,
        receiver: any RunReceiver
    ) -> RunReport {
        run(
            sources: sources, decoders: decoders, plan: plan, options: options, receiver: receiver,
            watch: nil)
    }

    /// - Parameter watch: Sees every signal as it is judged, on this thread.
    static func run(
        sources: [Source], decoders: [any Decoder], plan: Plan?, options: RunOptions,
        receiver: any RunReceiver, watch: ((Signal, Evidence) -> Void)?
    ) -> RunReport {
        let jobs = max(options.jobs, 1)
        let conveyor = Conveyor<Delivery, BlockResult>(capacity: 2 * jobs + 4)
        let names = sources.map { $0.segments.map(\.name) }
        let counters = CounterBoard()

        // Fewer workers than asked for do the same work; without any, or a reader, there is no run.
        let workers = (0..<jobs).compactMap { _ in
            EngineThread {
                let worker = Worker(
                    decoders: decoders, options: options, names: names, plan: plan)
                while let (sequence, delivery) = conveyor.take() {
                    switch delivery {
                    case .block(let block):
                        conveyor.finish(sequence, .outcome(worker.process(block)))
                    case .progress(let progress): conveyor.finish(sequence, .progress(progress))
                    case .segment(let end): conveyor.finish(sequence, .segment(end))
                    case .end(let end): conveyor.finish(sequence, .end(end))
                    }
                }
                counters.add(worker.counters)
            }
        }

        let reader =
            workers.isEmpty
            ? nil
            : EngineThread {
                Reader(sources: sources, decoders: decoders, options: options, conveyor: conveyor)
                    .run()
            }

        let sequencer = Sequencer(
            sources: sources, decoders: decoders, plan: plan, options: options, receiver: receiver,
            watch: watch)
        guard let reader else {
            conveyor.stop()
            for worker in workers { worker.join() }
            var report = sequencer.report(counters: counters.total, failure: nil)
            report.engineError = "the system starts no more threads; give fewer --jobs"
            return report
        }
        var failure: SinkError?
        do throws(SinkError) {
            while let result = try conveyor.next(
                whenIdle: { () throws(SinkError) in
                    let moment = try sequencer.letTimePass()
                    try receiver.flush()
                    return moment
                })
            {
                try sequencer.take(result)
            }
            try sequencer.finish()
            try receiver.flush()
        } catch {
            failure = error
            options.stop.set()
            conveyor.stop()
        }
        // A reader that waits on a silent pipe cannot be joined; it ends with the process.
        if failure == nil { reader.join() }
        for worker in workers { worker.join() }
        return sequencer.report(counters: counters.total, failure: failure)
    }
}

/// What comes back in order.
enum BlockResult: Sendable {
    case outcome(BlockOutcome)
    case progress(Progress)
    case segment(SegmentEnd)
    case end(SourceEnd)
}

/// Sums the workers' counters as they end.
private final class CounterBoard: @unchecked Sendable {
    private let monitor = Monitor()
    private var sum: [RuleCounters] = []

    func add(_ counters: [RuleCounters]) {
        monitor.locked {
            if sum.isEmpty {
                sum = counters
            } else {
                for (i, counter) in counters.enumerated() where i < sum.count {
                    sum[i].add(counter)
                }
            }
        }
    }

    var total: [RuleCounters] { monitor.locked { sum } }
}
