import WinnowKit
import WinnowRules

/// Decodes and matches blocks: the pure half. One a thread.
final class Worker {
    private let decoders: [any Decoder]
    private let options: RunOptions
    private let names: [[String]]
    private let defaults: RecordDefaults
    private let matcher: Matcher?
    private var recordDecoders: [(any RecordDecoder)?]
    private var fields = FieldTable()
    /// For each rule the event whose records want those before them, or nil.
    private let contextEvents: [Int?]

    /// - Parameters:
    ///   - names: Segment names by source.
    ///   - plan: The rules, or nil to decode only.
    init(decoders: [any Decoder], options: RunOptions, names: [[String]], plan: Plan?) {
        self.decoders = decoders
        self.options = options
        self.names = names
        self.defaults = RecordDefaults(options, names: names)
        self.matcher = plan.map { Matcher($0) }
        self.contextEvents = plan?.rules.map { $0.when?.join?.context } ?? []
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
            for (index, record) in block.table.records.enumerated() {
                process(record, at: index, recordDecoder, &pass)
            }
            return pass.finish(keepsContext: contextEvents.contains { $0 != nil })
        }
    }

    private func process(
        _ record: RecordTable.Record, at index: Int, _ recordDecoder: any RecordDecoder,
        _ pass: inout BlockPass
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
        pass.noteOrder(ownTime, fields)
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
        if matcher != nil, fields.text(.serviceName) != nil,
            let naming = recordDecoder.naming(of: fields)
        {
            pass.learn(naming, host: fields.text(.hostName), at: Int(record.start))
        }
        defaults.complete(
            &fields, source: pass.block.source, segment: pass.counts[counts].segment,
            isText: pass.spec.timeCarries)
        let kindName = pass.spec.kinds[Int(kind)]
        var text: EvidenceText?
        var matched = false
        if matcher == nil && (options.decodedKind ?? kindName) == kindName {
            pass.append(
                fields, kind: kindName, record: record, time: time, awaitsTime: awaitsTime,
                isInherited: ownTime == nil, names: names[pass.block.source])
        }
        if matcher != nil, ownTime == nil { fields.add(.eventTimeInherited, "true") }
        matcher?.match(fields, kind: kindName) { match in
            matched = true
            let said =
                text ?? EvidenceText(record, recordDecoder, fields, kind: kind, in: pass.view)
            text = said
            pass.append(
                match, record: record, said: said, time: time, awaitsTime: awaitsTime,
                fields: fields,
                context: contextEvents[match.rule] == match.event
                    ? pass.context(before: index) : [])
        }
        if record.truncated {
            pass.counts[counts].truncated += 1
        } else if matched {
            pass.counts[counts].matched += 1
        } else {
            pass.counts[counts].unmatched += 1
        }
    }
}
