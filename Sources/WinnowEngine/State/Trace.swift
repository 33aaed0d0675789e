import WinnowKit

/// What a finding keeps of the records that count.
struct Trace {
    /// Most records that a finding shows.
    static let maxEvidence = 10

    var count: Int
    var firstTime: Timestamp?
    var lastTime: Timestamp?
    /// First and last records.
    var shown: [Evidence]
    /// Digests of the first and the last record.
    var first: [UInt8]
    var last: [UInt8]

    /// Of records that were chosen already.
    init(
        count: Int, firstTime: Timestamp?, lastTime: Timestamp?, shown: [Evidence], first: [UInt8],
        last: [UInt8]
    ) {
        self.count = count
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.shown = shown
        self.first = first
        self.last = last
    }

    init(_ entries: ArraySlice<Window.Entry>) {
        count = entries.count
        firstTime = entries.first?.evidence.time
        lastTime = entries.last?.evidence.time
        shown =
            (count <= Trace.maxEvidence
            ? Array(entries) : Array(entries.prefix(5)) + Array(entries.suffix(5))).map(\.evidence)
        first = entries.first?.digest ?? []
        last = entries.last?.digest ?? []
    }

    /// Of one record.
    init(_ evidence: Evidence, digest: [UInt8]) {
        count = 1
        firstTime = evidence.time
        lastTime = evidence.time
        shown = [evidence]
        first = digest
        last = digest
    }
}
