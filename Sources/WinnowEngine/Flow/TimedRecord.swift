import WinnowKit

/// A record of an event log, as far as it tells of the log's order.
struct TimedRecord: Sendable {
    var time: Timestamp
    private var channel: String?
    private var id: UInt64?

    init(time: Timestamp, _ fields: FieldTable) {
        self.time = time
        channel = fields.text(.channel)
        id = fields.text(.recordID).flatMap { UInt64($0) }
    }

    /// True when an export that begins with `first` and goes on with this record is newest first.
    ///
    /// Event times alone do not say: Windows stamps events before it orders them, so that the times of
    /// a log go back by moments. Record ids do not.
    func isNewestFirst(after first: TimedRecord) -> Bool {
        guard time < first.time else { return false }
        if let id, let firstID = first.id, channel == first.channel { return id < firstID }
        return time.advanced(byNanoseconds: 1_000_000_000) < first.time
    }
}

extension FieldName {
    /// The log that a Windows event stands in.
    static let channel = FieldName("winlog.channel")
}
