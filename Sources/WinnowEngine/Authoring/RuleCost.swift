import Glibc
public import WinnowKit
public import WinnowRules

/// What rules cost on some inputs, measured by running them: times differ from run to run.
public struct RuleCost: Sendable {
    /// Nanoseconds of one evaluation of a rule, by its position; nil where no record led to one.
    public let nanoseconds: [Double?]
    /// Inputs that could not be read, or not to their end.
    public let errors: [InputError]

    /// Runs the plan over the sources on one thread.
    public init(plan: Plan, sources: [Source], decoders: [any Decoder]) {
        let options = RunOptions()
        let report = Pipeline.run(
            sources: sources, decoders: decoders, plan: plan, options: options,
            receiver: Unheard())
        nanoseconds = report.rules.map {
            $0.candidates > 0 ? $0.seconds * 1e9 / Double($0.candidates) : nil
        }
        errors =
            report.inputs.compactMap(\.error)
            + (report.engineError.map { [InputError(input: "-", message: $0)] } ?? [])
    }
}

extension RuleCost {
    /// Enough to be a measurement.
    private static let enough = 0.05

    /// Runs the plan over `SampleLog`, longer and longer until that took a time worth measuring: what
    /// is dear is not run often.
    public init(plan: Plan, decoders: [any Decoder]) {
        for rounds in [1, 10] {
            let begin = MonotonicSeconds.now
            let cost = RuleCost(
                plan: plan, sources: SampleLog.sources(rounds: rounds), decoders: decoders)
            if MonotonicSeconds.now - begin > Self.enough {
                self = cost
                return
            }
        }
        self.init(plan: plan, sources: SampleLog.sources(rounds: 100), decoders: decoders)
    }
}

/// A clock for measurements only; nothing that is found is decided by it.
private enum MonotonicSeconds {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Takes findings that nobody wants: the run is what is looked at.
final class Unheard: RunReceiver {
    func take(_ finding: Finding) {}
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
