import WinnowKit

/// Holds the signals of several inputs until they can be given out in the order of their times.
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

    private var waiting: [Waiting] = []

    /// Takes a signal; gives out those that can wait no longer, in order.
    func add(_ signal: Signal, _ evidence: Evidence) -> [Waiting] {
        waiting.append(Waiting(signal: signal, evidence: evidence))
        guard waiting.count >= Merger.capacity else { return [] }
        sort()
        let half = Array(waiting.prefix(Merger.capacity / 2))
        waiting.removeFirst(half.count)
        return half
    }

    /// Gives out all that is held, in order.
    func drain() -> [Waiting] {
        sort()
        defer { waiting.removeAll() }
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
            return (x.source, x.position, x.rule) < (y.source, y.position, y.rule)
        }
    }
}
