public import WinnowKit
public import WinnowRules

/// What a rule's tests said of a mutant.
public struct MutantResult: Sendable {
    /// How it ended.
    public enum Outcome: Sendable, Equatable {
        /// A test failed: the change was noticed.
        case killed
        /// All tests passed.
        case survived
        /// The change left no rule that loads.
        case invalid
    }

    /// The mutant.
    public let mutant: Mutant
    /// How it ended.
    public let outcome: Outcome
}

/// What the tests of some rules are worth: the mutants that they kill.
public struct MutationRun: Sendable {
    /// One a mutant, in the order of rules and places.
    public let results: [MutantResult]

    /// Makes all mutants of some rules and runs the tests of each until one fails.
    ///
    /// A mutant is tested alone with the rules whose findings are its events, so the others cost
    /// nothing.
    ///
    /// - Parameters:
    ///   - rules: Ids, in the order of the results; their tests must pass as they are.
    ///   - jobs: Threads.
    public init(
        _ mutants: RuleMutants, rules: [String], decoders: [any Decoder], jobs: Int
    ) {
        let all = rules.flatMap { mutants.mutants(of: $0) }
        let board = Board(count: all.count)
        let threads = (0..<max(jobs, 1)).compactMap { _ in
            EngineThread {
                while let index = board.next() {
                    board.set(index, MutationRun.outcome(all[index], mutants, decoders))
                }
            }
        }
        // Without a thread this one does the work.
        while let index = threads.isEmpty ? board.next() : nil {
            board.set(index, MutationRun.outcome(all[index], mutants, decoders))
        }
        for thread in threads { thread.join() }
        results = zip(all, board.outcomes).map { MutantResult(mutant: $0, outcome: $1) }
    }

    private static func outcome(
        _ mutant: Mutant, _ mutants: RuleMutants, _ decoders: [any Decoder]
    ) -> MutantResult.Outcome {
        guard let plan = mutants.plan(of: mutant),
            let rule = plan.rules.first(where: { $0.id == mutant.rule })
        else { return .invalid }
        return RuleTester(plan: plan, decoders: decoders).passes(rule) ? .survived : .killed
    }

    /// How many ended so.
    public func count(_ outcome: MutantResult.Outcome) -> Int {
        results.count { $0.outcome == outcome }
    }

    /// Killed mutants among those that are rules, in percent; 100 where there are none.
    public var score: Double {
        let killed = count(.killed)
        let valid = killed + count(.survived)
        return valid == 0 ? 100 : 100 * Double(killed) / Double(valid)
    }
}

/// Work for several threads, and what came of it.
private final class Board: @unchecked Sendable {
    private let monitor = Monitor()
    private var upcoming = 0
    private var results: [MutantResult.Outcome]

    init(count: Int) { results = Array(repeating: .invalid, count: count) }

    func next() -> Int? {
        monitor.locked {
            guard upcoming < results.count else { return nil }
            defer { upcoming += 1 }
            return upcoming
        }
    }

    func set(_ index: Int, _ outcome: MutantResult.Outcome) {
        monitor.locked { results[index] = outcome }
    }

    var outcomes: [MutantResult.Outcome] { monitor.locked { results } }
}
