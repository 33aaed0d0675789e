import WinnowKit
import WinnowRules

/// `join`: 2 died, each with stopped around it.
struct JoinMiss {
    let join: Join
    let within: Int64
    let scene: Scene

    /// - Parameter records: Ascending by time.
    func verdict(_ records: [Window.Entry]) -> NearMiss.Verdict? {
        guard let first = records.first else { return nil }
        let name = scene.event(join.event)
        let centres = records.filter { $0.event == join.event }
        guard let centre = centres.first else {
            return NearMiss.Verdict(
                rank: NearMiss.Rank(kind: .short, gap: 2), words: "no \(name)", from: first.time)
        }
        let count = "\(centres.count) \(name)"
        guard let done = gathered(records).first else {
            let without = join.without.map(scene.event).joined(separator: " or ")
            return NearMiss.Verdict(
                rank: NearMiss.Rank(kind: .short, gap: 1),
                words: count + ", each with \(without) around it, which must not be there",
                from: centre.time)
        }
        let found = Set(done.others.map(\.signal.event))
        let names = join.with.filter(found.contains).map(scene.event)
        let place = done.item.evidence
        return NearMiss.Verdict(
            rank: NearMiss.Rank(kind: .reached, gap: 0),
            words: count + ", that at \(place.input):\(place.line) joined with "
                + (names.isEmpty ? "nothing" : names.joined(separator: ", ")),
            from: done.item.time)
    }

    /// The records that are told, with what belongs to them, as the engine gathers it.
    private func gathered(_ records: [Window.Entry]) -> [Gathering.Closed] {
        var gathering = Gathering()
        var closed: [Gathering.Closed] = []
        func keep(_ one: Gathering.Closed?) { if let one { closed.append(one) } }
        for (index, record) in records.enumerated() {
            while let next = gathering.next, next.end < record.time {
                keep(gathering.closeNext(join, within: within))
            }
            let item = Gathering.Item(
                time: record.time, signal: Signal(record, position: index),
                evidence: record.evidence)
            if record.event != join.event {
                gathering.add(item)
            } else if !gathering.begin(item, join, passed: record.time) {
                keep(gathering.closeEarliest(join, within: within))
            }
        }
        while gathering.held != nil { keep(gathering.closeNext(join, within: within)) }
        return closed
    }
}

extension Signal {
    /// As much of a signal as a record of a window has.
    fileprivate init(_ entry: Window.Entry, position: Int) {
        self.init(
            rule: 0, event: entry.event, time: entry.time, clock: nil, awaitsTime: false,
            countsAsMatched: true, source: 0, position: position,
            place: Place(segment: 0, offset: 0, line: 0, isAbsolute: true), length: 0,
            recordID: nil, text: "", message: "", digest: [], host: nil, service: nil, key: [],
            value: entry.value, number: entry.number, captures: [], variables: [:])
    }
}
