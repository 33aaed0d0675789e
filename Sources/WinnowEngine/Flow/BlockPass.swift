import WinnowKit
import WinnowRules

/// Values on their way into findings and windows, which keep them: none may be as long as a record.
enum BoundedText {
    /// Most bytes of a value.
    static let maxBytes = 2048

    /// At most `maxBytes`, on a character boundary.
    static func cut(_ text: String) -> String { EvidenceText.cut(text, to: maxBytes) }

    /// A key's value; a long one keeps its beginning and the hash of all of it, so that two long
    /// values stay two.
    static func key(_ text: String) -> String {
        guard text.utf8.count > maxBytes else { return text }
        var copy = text
        let digest = copy.withUTF8 { Digest.sha256(UnsafeRawBufferPointer($0)) }
        return EvidenceText.cut(text, to: 256) + "…" + Digest.hex(digest.prefix(16))
    }
}

/// What evidence says of a record; made once for all rules that match it.
struct EvidenceText {
    let text: String
    let message: String
    let recordID: String?
    let digest: [UInt8]

    init(
        _ record: RecordTable.Record, _ decoder: any RecordDecoder, _ fields: FieldTable,
        kind: UInt8, in view: BlockView
    ) {
        let bytes = view.bytes(of: record)
        if var summary = decoder.summary(of: fields, kind: kind) {
            text = summary.withUTF8 {
                UTF8Text.prefix(UnsafeRawBufferPointer($0), limit: Evidence.maxTextBytes)
            }
        } else {
            text = EvidenceText.beginning(of: record, in: view)
        }
        let said = fields.text(.message) ?? text
        // Bytes first: a single character of a hostile line may be megabytes long.
        let beginning = EvidenceText.cut(said, to: Evidence.maxTextBytes)
        message = String(beginning.prefix { !$0.isNewline }.prefix(500))
        recordID = fields.text(.recordID)
        digest = Digest.sha256(bytes)
    }

    /// The record's own text, without the lines that another writer put between its own.
    static func beginning(of record: RecordTable.Record, in view: BlockView) -> String {
        guard record.partCount > 0 else {
            return UTF8Text.prefix(view.bytes(of: record), limit: Evidence.maxTextBytes)
        }
        var own: [UInt8] = []
        for part in view.parts(of: record) where own.count <= Evidence.maxTextBytes {
            own.append(contentsOf: view.bytes[Int(part.start)..<Int(part.end)])
        }
        return own.withUnsafeBytes { UTF8Text.prefix($0, limit: Evidence.maxTextBytes) }
    }

    /// At most `limit` bytes, on a character boundary.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var copy = text
        return copy.withUTF8 { UTF8Text.prefix(UnsafeRawBufferPointer($0), limit: limit) }
    }
}

extension FieldName {
    /// EventRecordID of a Windows event.
    static let recordID = FieldName("winlog.record_id")
}

/// One walk over a block's records, gathering its outcome.
struct BlockPass {
    let block: Block
    let bytes: UnsafeRawBufferPointer
    let view: BlockView
    let spec: DecoderSpec
    var counts: [SegmentCounts] = []
    var lastTime: Timestamp?
    /// The latest own time since the last match.
    private var latest: Timestamp?
    private var outcome: BlockOutcome
    private var learnt: [ServiceNaming: Set<String?>] = [:]
    private var lines: LineCounter
    /// The last record whose line was counted for a context.
    var contextAnchor: (start: Int, place: Place)?

    init(block: Block, bytes: UnsafeRawBufferPointer, spec: DecoderSpec) {
        self.block = block
        self.bytes = bytes
        self.view = BlockView(bytes: bytes, table: block.table)
        self.spec = spec
        self.outcome = BlockOutcome(source: block.source, decoder: block.decoder)
        self.lines = LineCounter(bytes, lineBreak: block.lineBreak)
    }

    /// The place of a block offset.
    mutating func place(_ offset: Int) -> Place {
        let segment = block.places.segment(at: offset)
        let from = max(segment.start, 0)
        return Place(
            segment: segment.index, offset: block.places.storedOffset(offset),
            line: lines.lines(from: from, to: offset), isAbsolute: segment.start >= 0)
    }

    /// Counts a record; gives the index of its segment's counts.
    mutating func count(_ record: RecordTable.Record, kind: UInt8) -> Int {
        let index = countsIndex(at: Int(record.start))
        counts[index].records += 1
        counts[index].byKind[Int(kind)] += 1
        return index
    }

    private mutating func countsIndex(at offset: Int) -> Int {
        let segment = block.places.segment(at: offset).index
        if let index = counts.lastIndex(where: { $0.segment == segment }) { return index }
        counts.append(
            SegmentCounts(segment: segment, byKind: Array(repeating: 0, count: spec.kinds.count)))
        return counts.count - 1
    }

    /// Takes note of a record's own time.
    mutating func note(_ time: Timestamp?, segment index: Int) {
        guard let time else { return }
        lastTime = time
        if outcome.firstTime == nil { outcome.firstTime = time }
        if latest.map({ time > $0 }) ?? true { latest = time }
        if counts[index].firstTime.map({ time < $0 }) ?? true { counts[index].firstTime = time }
        if counts[index].lastTime.map({ time > $0 }) ?? true { counts[index].lastTime = time }
    }

    /// Takes note of the records that tell in which order an event log is.
    mutating func noteOrder(_ time: Timestamp?, _ fields: FieldTable) {
        guard let time, !spec.timeCarries, outcome.firstRecords.count < 2,
            outcome.firstRecords.first?.time != time
        else { return }
        outcome.firstRecords.append(TimedRecord(time: time, fields))
    }

    mutating func report(_ problem: Problem) {
        outcome.damage.append(
            Damage(
                place: place(problem.offset), reason: problem.reason))
    }

    /// Keeps what a record tells of a service's names; the same once a block.
    mutating func learn(_ naming: ServiceNaming, host: String?, at start: Int) {
        guard learnt[naming, default: []].insert(host).inserted else { return }
        outcome.namings.append(
            LearntNaming(naming: naming, host: host, position: block.places.base + start))
    }

    mutating func append(
        _ match: Match, record: RecordTable.Record, said: EvidenceText, time: Timestamp?,
        awaitsTime: Bool, fields: FieldTable, context: [ContextRecord]
    ) {
        let start = Int(record.start)
        let place = place(start)
        outcome.signals.append(
            Signal(
                rule: match.rule, event: match.event, time: time, clock: latest,
                awaitsTime: awaitsTime,
                countsAsMatched: !record.truncated, source: block.source,
                position: block.places.base + start, place: place,
                length: storedLength(record, from: place), recordID: said.recordID,
                text: said.text, message: said.message, digest: said.digest,
                host: fields.text(.hostName).map(BoundedText.cut),
                service: fields.text(.serviceName).map(BoundedText.cut),
                process: fields.text(.processName).map(BoundedText.cut),
                key: match.key.map { $0.map(BoundedText.key) },
                value: match.value.map(BoundedText.key), number: match.number,
                captures: match.captures,
                unplacedContext: context,
                variables: match.variables.mapValues(BoundedText.cut)))
        latest = nil
    }

    func storedLength(_ record: RecordTable.Record, from place: Place) -> Int {
        // An empty record has no character before its end.
        guard record.end > record.start else { return 0 }
        guard block.places.segment(at: Int(record.end) - 1).index == place.segment else {
            // It goes on in the next segment: no one file holds it, so it is counted in UTF-8.
            return Int(record.end - record.start)
        }
        return block.places.storedEnd(Int(record.end)) - place.offset
    }

    /// Renders a decoded record; its line number is put in by the sequencer.
    mutating func append(
        _ fields: FieldTable, kind: String, record: RecordTable.Record, time: Timestamp?,
        awaitsTime: Bool, isInherited: Bool, names: [String]
    ) {
        let place = place(Int(record.start))
        let length = storedLength(record, from: place)
        JSONWriter.string(names[place.segment], to: &outcome.json)
        outcome.json.append(contentsOf: ",\"line\":".utf8)
        let lineAt = outcome.json.count
        outcome.json.append(contentsOf: ",\"offset\":".utf8)
        JSONWriter.number(place.offset, to: &outcome.json)
        outcome.json.append(contentsOf: ",\"length\":".utf8)
        JSONWriter.number(length, to: &outcome.json)
        outcome.json.append(contentsOf: ",\"fields\":".utf8)
        let fieldsAt = outcome.json.count + 1
        fields.appendJSON(to: &outcome.json)
        outcome.json.append(contentsOf: "}\n".utf8)
        outcome.decoded.append(
            DecodedRecord(
                end: outcome.json.count, lineAt: lineAt, fieldsAt: fieldsAt, place: place,
                time: time,
                awaitsTime: awaitsTime, isInherited: isInherited, kind: kind))
    }

    /// - Parameter keepsContext: True when a record of the next block may want those of this one.
    mutating func finish(keepsContext: Bool) -> BlockOutcome {
        if keepsContext { outcome.context = context(before: block.table.records.count) }
        for problem in block.table.problems + block.problems { report(problem) }
        // In the order of their places, so that a list of the first ones does not depend on cuts.
        outcome.damage.sort { a, b in
            (a.place.segment, a.place.offset, a.reason) < (
                b.place.segment, b.place.offset, b.reason
            )
        }
        if block.table.skippedBytes > 0 {
            counts[countsIndex(at: 0)].skippedBytes += block.table.skippedBytes
        }
        let end = bytes.count
        let last = block.places.segment(at: max(end - 1, 0))
        outcome.segmentBegan = last.start >= 0
        outcome.lineEnds = lines.lines(from: max(last.start, 0), to: end)
        outcome.lastTime = lastTime
        outcome.latest = latest
        outcome.counts = counts
        return outcome
    }
}
