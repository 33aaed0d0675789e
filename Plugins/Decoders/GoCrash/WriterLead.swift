/// How another writer's lines begin, learnt from the last one before a report.
struct WriterLead {
    private let prefix: LinePrefix
    private let isNumeric: Bool

    /// Learns from a line of text; nil where its beginning is too short to know a writer by.
    init?(_ line: LineBytes) {
        let length = min(line.count, 16)
        guard length >= 8, !line[0].isBlank else { return nil }
        prefix = LinePrefix(line.slice(0..<length))
        isNumeric = line[0].isDigit
    }

    /// Whether a line begins so.
    func begins(_ line: LineBytes) -> Bool { prefix.end(in: line) != nil }

    /// Where in a line such a line begins.
    ///
    /// Digits at the beginning cannot be told from digits before it, unless they are a date's.
    func find(in line: LineBytes) -> Int? {
        if isNumeric {
            guard let stamp = LogStamp.find(line), begins(line.slice(stamp.start..<line.count))
            else { return nil }
            return stamp.start
        }
        for i in 0..<line.count where begins(line.slice(i..<line.count)) { return i }
        return nil
    }
}
