public import WinnowKit

/// A decoded record on its way past a tool; valid during the call that gets it.
public struct WalkedRecord {
    /// What findings call its input.
    public let input: String
    /// 1-based line of its first byte.
    public let line: Int
    /// Its own time, or the one it inherits.
    public let time: Timestamp?
    /// Its kind.
    public let kind: String
    /// Its fields.
    public let fields: FieldTable
    /// What it says, at most `Evidence.maxTextBytes`; made when asked for.
    public let text: () -> String
}

/// Reads sources with the engine's reader and decoders and gives every record, in order, on the
/// calling thread.
///
/// For tools that look at records one by one; `Pipeline` is the fast way.
public enum RecordWalk {
    /// - Parameter body: Called for each record that could be decoded.
    /// - Returns: What could not be read, or not to its end.
    public static func run(
        sources: [Source], decoders: [any Decoder], options: RunOptions,
        body: (WalkedRecord) -> Void
    ) -> [InputError] {
        let conveyor = Conveyor<Delivery, BlockResult>(capacity: 4)
        let thread = EngineThread {
            Reader(sources: sources, decoders: decoders, options: options, conveyor: conveyor).run()
        }
        guard let reader = thread else {
            return [InputError(input: "-", message: "the system starts no more threads")]
        }
        var walk = Walk(sources: sources, decoders: decoders, options: options)
        var errors: [InputError] = []
        while let (sequence, delivery) = conveyor.take() {
            switch delivery {
            case .block(let block): walk.process(block, body)
            case .progress: break
            case .segment(let end):
                let input = sources[end.source].segments[end.segment].name
                let refusal = end.refusal.map { InputError(input: input, message: $0) }
                if let error = refusal ?? end.error { errors.append(error) }
            case .end: walk.endSource()
            }
            conveyor.finish(sequence, .outcome(BlockOutcome(source: 0, decoder: 0)))
            _ = conveyor.next(whenIdle: { nil })
        }
        reader.join()
        return errors
    }
}

/// What is carried from block to block of a source.
private struct Walk {
    let sources: [Source]
    let decoders: [any Decoder]
    let options: RunOptions
    private var recordDecoders: [(any RecordDecoder)?]
    private var fields = FieldTable()
    private var lastTime: Timestamp?
    private var lineEnds = 0
    private let defaults: RecordDefaults

    init(sources: [Source], decoders: [any Decoder], options: RunOptions) {
        self.sources = sources
        self.decoders = decoders
        self.options = options
        recordDecoders = Array(repeating: nil, count: decoders.count)
        lastTime = options.initialTime
        defaults = RecordDefaults(options, names: sources.map { $0.segments.map(\.name) })
    }

    mutating func endSource() {
        lastTime = options.initialTime
        lineEnds = 0
    }

    mutating func process(_ block: Block, _ body: (WalkedRecord) -> Void) {
        let decoder =
            recordDecoders[block.decoder] ?? decoders[block.decoder].makeRecordDecoder()
        recordDecoders[block.decoder] = decoder
        let spec = type(of: decoders[block.decoder]).spec
        block.bytes.withUnsafeBytes {
            let bytes = UnsafeRawBufferPointer(rebasing: $0[..<block.count])
            let view = BlockView(bytes: bytes, table: block.table)
            var lines = LineCounter(bytes, lineBreak: block.lineBreak)
            for record in block.table.records {
                fields.removeAll()
                let problem = decoder.decode(record, of: view, into: &fields)
                if problem?.lostRecord == true { continue }
                if fields.time != nil { lastTime = fields.time }
                let time = fields.time ?? (spec.timeCarries ? lastTime : nil)
                if let time, let since = options.since, time < since { continue }
                if let time, let until = options.until, time >= until { continue }
                let kind = fields.kind ?? record.kind
                let segment = block.places.segment(at: Int(record.start))
                defaults.complete(
                    &fields, source: block.source, segment: segment.index,
                    isText: spec.timeCarries)
                if fields.time == nil { fields.add(.eventTimeInherited, "true") }
                let line = lines.lines(from: max(segment.start, 0), to: Int(record.start)) + 1
                let fields = fields
                body(
                    WalkedRecord(
                        input: sources[block.source].segments[segment.index].name,
                        line: segment.start >= 0 ? line : line + lineEnds, time: time,
                        kind: spec.kinds[Int(kind)], fields: fields,
                        text: {
                            if var summary = decoder.summary(of: fields, kind: kind) {
                                return summary.withUTF8 {
                                    UTF8Text.prefix(
                                        UnsafeRawBufferPointer($0), limit: Evidence.maxTextBytes)
                                }
                            }
                            return UTF8Text.prefix(
                                view.bytes(of: record), limit: Evidence.maxTextBytes)
                        }))
            }
            let last = block.places.segment(at: max(bytes.count - 1, 0))
            let ends = lines.lines(from: max(last.start, 0), to: bytes.count)
            lineEnds = last.start >= 0 ? ends : lineEnds + ends
        }
    }
}
