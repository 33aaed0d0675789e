import WinnowKit

/// Holds the signals of several inputs, or of one that is newest first, until they can be given out
/// in the order of their times.
///
/// Inputs of a batch are read one after the other, and their times overlap; windows need them merged,
/// and a person wants the story in its order. Signals are few and small; beyond the cap the earlier
/// half goes out early, so that memory stays bounded.
final class Merger {
    struct Waiting {
        var signal: Signal
        var evidence: Evidence
    }

    /// Most signals held.
    static let capacity = 40_000
    /// Most bytes of memory of the signals held, about.
    static let maxBytes = 48 << 20

    private var waiting: [Waiting] = []
    private var bytes = 0
    /// Signals given out before all inputs were read, so perhaps out of order.
    private(set) var early = 0

    /// Takes a signal; gives out those that can wait no longer, in order.
    func add(_ signal: Signal, _ evidence: Evidence) -> [Waiting] {
        waiting.append(Waiting(signal: signal, evidence: evidence))
        bytes += signal.cost
        guard waiting.count >= Merger.capacity || bytes >= Merger.maxBytes else { return [] }
        sort()
        let half = Array(waiting.prefix(waiting.count / 2))
        waiting.removeFirst(half.count)
        bytes -= half.reduce(0) { $0 + $1.signal.cost }
        early += half.count
        return half
    }

    /// Gives out all that is held, by event time or in the order in which it came.
    func drain(byTime: Bool) -> [Waiting] {
        if byTime { sort() }
        defer {
            waiting.removeAll()
            bytes = 0
        }
        return waiting
    }

    /// By event time, then by place; signals without a time come first.
    private func sort() {
        waiting.sort { a, b in
            let (x, y) = (a.signal, b.signal)
            switch (x.time, y.time) {
            case (let s?, let t?) where s != t: return s < t
            case (nil, .some): return true
            case (.some, nil): return false
            default: break
            }
            return (x.rank, x.position, x.rule, x.event)
                < (y.rank, y.position, y.rule, y.event)
        }
    }
}
