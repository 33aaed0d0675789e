import WinnowKit

/// A record before a match, as a finding shows it.
struct ContextRecord: Sendable {
    /// Its line is completed by the sequencer.
    var place: Place
    /// Bytes as stored.
    var length: Int
    /// The beginning of what it says.
    var text: String

    /// Most records before a match that are shown.
    static let limit = 4
    /// Most bytes of each.
    static let maxTextBytes = 512
}

/// The records before a match: a crash's cause is often the line before it.
extension BlockPass {
    /// The last records of the block before the one at `index`, at most `ContextRecord.limit`; of
    /// logs only, since an event log's records have nothing to do with each other.
    mutating func context(before index: Int) -> [ContextRecord] {
        guard spec.timeCarries else { return [] }
        let records = block.table.records
        var out: [ContextRecord] = []
        for record in records[max(0, index - ContextRecord.limit)..<index] {
            let start = Int(record.start)
            let place = contextPlace(start)
            contextAnchor = (start, place)
            out.append(
                ContextRecord(
                    place: place, length: storedLength(record, from: place),
                    text: EvidenceText.cut(
                        EvidenceText.beginning(of: record, in: view),
                        to: ContextRecord.maxTextBytes)))
        }
        return out
    }

    /// The place of a record, counted on from one before it where that lies in the same segment.
    private func contextPlace(_ start: Int) -> Place {
        let segment = block.places.segment(at: start)
        let from = max(segment.start, 0)
        var place = Place(
            segment: segment.index, offset: block.places.storedOffset(start), line: 0,
            isAbsolute: segment.start >= 0)
        if let anchor = contextAnchor, anchor.place.segment == segment.index,
            anchor.start <= start
        {
            place.line =
                anchor.place.line + LineCounter.count(bytes, anchor.start, start, block.lineBreak)
        } else {
            place.line = LineCounter.count(bytes, from, start, block.lineBreak)
        }
        return place
    }
}
