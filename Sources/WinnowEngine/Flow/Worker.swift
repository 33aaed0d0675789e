import WinnowKit
import WinnowRules

/// What a worker made of a block.
struct BlockOutcome: Sendable {
    /// Index of the source.
    var source: Int
    /// Index of the decoder.
    var decoder: Int
    /// Matches, in record order.
    var signals: [Signal] = []
    /// Decoded records as JSON lines, when that was asked for.
    var decoded: [DecodedRecord] = []
    /// The JSON lines of `decoded`, one after the other.
    var json: [UInt8] = []
    /// Records by segment: counts by kind.
    var counts: [SegmentCounts] = []
    /// Damage with its places.
    var damage: [Damage] = []
    /// The last own time in the block, which records of later blocks inherit.
    var lastTime: Timestamp?
    /// The first two different own times, which tell whether an export is newest first.
    var firstTimes: [Timestamp] = []
    /// Line ends in the block: since its beginning, or since its last segment began.
    var lineEnds = 0
    /// True when a segment began inside the block, so that `lineEnds` counts from there.
    var segmentBegan = false
}

/// Records of one segment in one block.
struct SegmentCounts: Sendable {
    var segment: Int
    /// Records by index of the decoder's kinds.
    var byKind: [Int]
    var records = 0
    var matched = 0
    var unmatched = 0
    var damaged = 0
    var truncated = 0
    var skippedBytes = 0
    var firstTime: Timestamp?
    var lastTime: Timestamp?
}

/// A problem with its place.
struct Damage: Sendable {
    var place: Place
    var reason: String
    var lostRecord: Bool
}

/// A decoded record in `BlockOutcome.json`.
struct DecodedRecord: Sendable {
    /// End of the record's line in `json`; it begins where the one before ends.
    var end: Int
    /// Where the line number belongs.
    var lineAt: Int
    /// The record's place, its line to be completed.
    var place: Place
    /// The record's time, own or inherited within the block.
    var time: Timestamp?
    /// True when the time must come from a block before this one.
    var awaitsTime: Bool
    /// True when the time is not the record's own.
    var isInherited: Bool
    /// The kind's name.
    var kind: String
}

/// Decodes and matches blocks: the pure half. One a thread.
final class Worker {
    private let decoders: [any Decoder]
    private let options: RunOptions
    private let names: [[String]]
    private let matcher: Matcher?
    private var recordDecoders: [(any RecordDecoder)?]
    private var fields = FieldTable()

    /// - Parameters:
    ///   - names: Segment names by source.
    ///   - plan: The rules, or nil to decode only.
    init(decoders: [any Decoder], options: RunOptions, names: [[String]], plan: Plan?) {
        self.decoders = decoders
        self.options = options
        self.names = names
        self.matcher = plan.map { Matcher($0) }
        self.recordDecoders = Array(repeating: nil, count: decoders.count)
    }

    /// Counters of the rules so far.
    var counters: [RuleCounters] { matcher?.counters ?? [] }

    /// Decodes and matches one block.
    func process(_ block: Block) -> BlockOutcome {
        let recordDecoder =
            recordDecoders[block.decoder] ?? decoders[block.decoder].makeRecordDecoder()
        recordDecoders[block.decoder] = recordDecoder
        return block.bytes.withUnsafeBytes {
            let bytes = UnsafeRawBufferPointer(rebasing: $0[..<block.count])
            var pass = BlockPass(
                block: block, bytes: bytes, spec: type(of: decoders[block.decoder]).spec)
            for record in block.table.records {
                process(record, recordDecoder, &pass)
            }
            return pass.finish()
        }
    }

    private func process(
        _ record: RecordTable.Record, _ recordDecoder: any RecordDecoder, _ pass: inout BlockPass
    ) {
        fields.removeAll()
        let problem = recordDecoder.decode(record, of: pass.view, into: &fields)
        let kind = fields.kind ?? record.kind
        let counts = pass.count(record, kind: kind)
        if var problem {
            problem.offset = min(max(problem.offset, Int(record.start)), pass.bytes.count)
            pass.report(problem)
            if problem.lostRecord {
                pass.counts[counts].damaged += 1
                return
            }
        }
        let ownTime = fields.time
        pass.note(ownTime, segment: counts)
        let time = ownTime ?? (pass.spec.timeCarries ? pass.lastTime : nil)
        let awaitsTime = pass.spec.timeCarries && time == nil
        if let time, let since = options.since, time < since {
            pass.counts[counts].unmatched += 1
            return
        }
        if let time, let until = options.until, time >= until {
            pass.counts[counts].unmatched += 1
            return
        }
        addDefaults()
        let kindName = pass.spec.kinds[Int(kind)]
        var text: EvidenceText?
        var matched = false
        if matcher == nil && (options.decodedKind ?? kindName) == kindName {
            pass.append(
                fields, kind: kindName, record: record, time: time, awaitsTime: awaitsTime,
                isInherited: ownTime == nil, names: names[pass.block.source])
        }
        matcher?.match(fields, kind: kindName) { match in
            matched = true
            let said =
                text ?? EvidenceText(record, recordDecoder, fields, kind: kind, in: pass.view)
            text = said
            pass.append(
                match, record: record, said: said, time: time, awaitsTime: awaitsTime,
                fields: fields)
        }
        if record.truncated {
            pass.counts[counts].truncated += 1
        } else if matched {
            pass.counts[counts].matched += 1
        } else {
            pass.counts[counts].unmatched += 1
        }
    }

    private func addDefaults() {
        if let host = options.host, fields.text(.hostName) == nil { fields.add(.hostName, host) }
        if let service = options.service, fields.text(.serviceName) == nil {
            fields.add(.serviceName, service)
        }
    }
}

/// What evidence says of a record; made once for all rules that match it.
private struct EvidenceText {
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
            text = UTF8Text.prefix(bytes, limit: Evidence.maxTextBytes)
        }
        let said = fields.text(.message) ?? text
        message = String(said.prefix { !$0.isNewline }.prefix(500))
        recordID = fields.text(.recordID)
        digest = Digest.sha256(bytes)
    }
}

extension FieldName {
    /// EventRecordID of a Windows event.
    static let recordID = FieldName("winlog.record_id")
}

/// One walk over a block's records, gathering its outcome.
private struct BlockPass {
    let block: Block
    let bytes: UnsafeRawBufferPointer
    let view: BlockView
    let spec: DecoderSpec
    var counts: [SegmentCounts] = []
    var lastTime: Timestamp?
    private var outcome: BlockOutcome
    private var lines: LineCounter

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
        if outcome.firstTimes.isEmpty
            || (outcome.firstTimes.count == 1 && outcome.firstTimes[0] != time)
        {
            outcome.firstTimes.append(time)
        }
        if counts[index].firstTime.map({ time < $0 }) ?? true { counts[index].firstTime = time }
        if counts[index].lastTime.map({ time > $0 }) ?? true { counts[index].lastTime = time }
    }

    mutating func report(_ problem: Problem) {
        outcome.damage.append(
            Damage(
                place: place(problem.offset), reason: problem.reason,
                lostRecord: problem.lostRecord))
    }

    mutating func append(
        _ match: Match, record: RecordTable.Record, said: EvidenceText, time: Timestamp?,
        awaitsTime: Bool, fields: FieldTable
    ) {
        let start = Int(record.start)
        let place = place(start)
        outcome.signals.append(
            Signal(
                rule: match.rule, time: time, awaitsTime: awaitsTime,
                countsAsMatched: !record.truncated, source: block.source,
                position: block.places.base + start, place: place,
                length: storedLength(record, from: place), recordID: said.recordID,
                text: said.text, message: said.message, digest: said.digest,
                host: fields.text(.hostName), service: fields.text(.serviceName), key: match.key,
                captures: match.captures, variables: match.variables))
    }

    private func storedLength(_ record: RecordTable.Record, from place: Place) -> Int {
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
        fields.appendJSON(to: &outcome.json)
        outcome.json.append(contentsOf: "}\n".utf8)
        outcome.decoded.append(
            DecodedRecord(
                end: outcome.json.count, lineAt: lineAt, place: place, time: time,
                awaitsTime: awaitsTime, isInherited: isInherited, kind: kind))
    }

    mutating func finish() -> BlockOutcome {
        for problem in block.table.problems + block.problems { report(problem) }
        if block.table.skippedBytes > 0 {
            counts[countsIndex(at: 0)].skippedBytes += block.table.skippedBytes
        }
        let end = bytes.count
        let last = block.places.segment(at: max(end - 1, 0))
        outcome.segmentBegan = last.start >= 0
        outcome.lineEnds = lines.lines(from: max(last.start, 0), to: end)
        outcome.lastTime = lastTime
        outcome.counts = counts
        return outcome
    }
}
