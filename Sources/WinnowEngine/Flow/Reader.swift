import WinnowKit

/// Reads sources one after the other: bytes, UTF-8, format, records, blocks.
///
/// Runs on one thread. What it carries from block to block is one of the three places of state: the
/// transcoder, the framer, and the bytes that belong to no complete record yet.
final class Reader {
    private let sources: [Source]
    private let decoders: [any Decoder]
    private let options: RunOptions
    private let conveyor: Conveyor<Delivery, BlockResult>
    private let buffer: UnsafeMutableRawBufferPointer

    /// Most bytes that format detection waits for.
    private static let maxHeadBytes = 64 << 10
    /// Stored bytes between two words about progress.
    private static let progressBytes = 1 << 20

    init(
        sources: [Source], decoders: [any Decoder], options: RunOptions,
        conveyor: Conveyor<Delivery, BlockResult>
    ) {
        self.sources = sources
        self.decoders = decoders
        self.options = options
        self.conveyor = conveyor
        self.buffer = .allocate(byteCount: options.blockSize, alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// Reads everything; ends early when the consumer stops or `options.stop` is set.
    func run() {
        for (index, source) in sources.enumerated() {
            guard !options.stop.isSet, read(source, index) else { break }
        }
        conveyor.close()
    }

    /// - Returns: false when the consumer has stopped.
    private func read(_ source: Source, _ index: Int) -> Bool {
        var state = SourceState(index: index, option: options.encoding)
        for (number, segment) in source.segments.enumerated() {
            if options.stop.isSet { break }
            if number > 0 { state.transcoder.nextSegment() }
            state.begin(segment: number)
            guard read(segment, number, of: source, &state) else { return false }
        }
        guard finish(&state) else { return false }
        return conveyor.put(.end(SourceEnd(source: index, format: state.format(decoders))))
    }

    private func read(
        _ segment: Segment, _ number: Int, of source: Source, _ state: inout SourceState
    ) -> Bool {
        var report = SegmentEnd(source: state.index, segment: number)
        let digest = options.hashInputs ? Digest() : nil
        var reported = 0
        do throws(InputError) {
            let stream = try segment.open()
            while !options.stop.isSet {
                let count = try stream.read(into: buffer)
                if count == 0 {
                    // A pipe ends as well when reading shall stop.
                    report.isWhole = !options.stop.isSet
                    break
                }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                digest?.update(bytes)
                report.bytes += count
                state.push(bytes, atEnd: false)
                guard advance(&state, atEnd: false) else { return false }
                if state.isRefused { break }
                let read = stream.storedBytesRead
                if read - reported >= Reader.progressBytes {
                    reported = read
                    let progress = Progress(source: state.index, segment: number, storedBytes: read)
                    guard conveyor.put(.progress(progress)) else { return false }
                }
            }
            report.containerProblems = stream.problems
        } catch {
            report.error = error
        }
        state.endSegment(isLast: number == source.segments.count - 1)
        guard advance(&state, atEnd: false) else { return false }
        report.encoding = state.transcoder.encodingName
        report.sha256 = digest.map { Digest.hex($0.finish()) }
        report.refusal = state.refusal
        state.refusal = nil
        return conveyor.put(.segment(report))
    }

    /// Decides the format if need be, frames, and sends what is complete.
    private func advance(_ state: inout SourceState, atEnd: Bool) -> Bool {
        if state.framer == nil && !state.isRefused { decideFormat(&state, atEnd: atEnd) }
        guard let framer = state.framer else {
            if state.isRefused { state.dropPending() }
            return true
        }
        if state.pending.isEmpty && !atEnd { return true }
        var table = RecordTable()
        let consumed = state.pending.withUnsafeBytes {
            framer.frame($0, atEnd: atEnd, into: &table)
        }
        guard consumed > 0 || atEnd else { return true }
        return conveyor.put(
            .block(state.takeBlock(consumed, table, framer.lineBreak, isLast: atEnd)))
    }

    private func decideFormat(_ state: inout SourceState, atEnd: Bool) {
        let wanted = options.inputFormat
        let given = decoders.firstIndex { type(of: $0).spec.format == wanted }
        if let index = given {
            state.decide(index, decoders[index])
            return
        }
        let head = state.pending.prefix(Reader.maxHeadBytes)
        let isWhole = atEnd || state.pending.count >= Reader.maxHeadBytes
        guard isWhole || !head.isEmpty else { return }
        var undecided = false
        for (index, decoder) in decoders.enumerated() {
            switch head.withUnsafeBytes({ decoder.claim($0, atEnd: isWhole) }) {
            case .yes:
                // An earlier decoder that cannot tell yet may still claim it.
                if undecided { return }
                state.decide(index, decoder)
                return
            case .refused(let reason):
                state.isRefused = true
                state.refusal = reason
                return
            case .undecided:
                undecided = true
            case .no:
                break
            }
        }
    }

    private func finish(_ state: inout SourceState) -> Bool {
        if state.framer == nil && !state.isRefused { decideFormat(&state, atEnd: true) }
        return advance(&state, atEnd: true)
    }
}

/// What travels from the reader to the sequencer, in order.
enum Delivery: Sendable {
    /// Records to decode and match.
    case block(Block)
    /// How far reading has come.
    case progress(Progress)
    /// A segment was read to its end, or as far as it could be.
    case segment(SegmentEnd)
    /// A source was read to its end.
    case end(SourceEnd)
}

/// How far reading has come in a segment.
struct Progress: Sendable {
    var source: Int
    var segment: Int
    /// Stored bytes read of the segment, compressed ones for a .gz.
    var storedBytes: Int
}

/// What is known when a segment ends.
struct SegmentEnd: Sendable {
    var source: Int
    var segment: Int
    /// Bytes after decompression.
    var bytes = 0
    var encoding: String?
    var sha256: String?
    var error: InputError?
    /// True when it was read to its end.
    var isWhole = false
    /// Why the input cannot be read at all.
    var refusal: String?
    /// Damage of the container, at decompressed offsets.
    var containerProblems: [Problem] = []

    init(source: Int, segment: Int) {
        self.source = source
        self.segment = segment
    }
}

/// What is known when a source ends.
struct SourceEnd: Sendable {
    var source: Int
    /// The decoder's word for the format, or nil for an empty input.
    var format: String?
}

/// What the reader carries within one source.
private struct SourceState {
    let index: Int
    var transcoder: Transcoder
    /// UTF-8 that belongs to no complete record yet.
    var pending: [UInt8] = []
    /// Offset of the first pending byte in the source's UTF-8.
    var base = 0
    var offsets = OffsetMap()
    var segments: [(index: Int, start: Int)] = []
    /// Problems of the encoding, at offsets of the source's UTF-8.
    var problems: [Problem] = []
    var framer: (any Framer)?
    var decoder = 0
    var isRefused = false
    var refusal: String?

    init(index: Int, option: StoredEncoding?) {
        self.index = index
        self.transcoder = Transcoder(option: option)
    }

    func format(_ decoders: [any Decoder]) -> String? {
        framer == nil ? nil : type(of: decoders[decoder]).spec.format
    }

    mutating func begin(segment number: Int) {
        segments.append((number, base + pending.count))
    }

    mutating func push(_ bytes: UnsafeRawBufferPointer, atEnd: Bool) {
        transcoder.push(bytes, atEnd: atEnd, into: &pending, map: &offsets, problems: &problems)
    }

    /// What the transcoder held back belongs to this segment.
    mutating func endSegment(isLast: Bool) {
        if isLast {
            push(UnsafeRawBufferPointer(start: nil, count: 0), atEnd: true)
        } else {
            transcoder.endSegment(into: &pending, map: &offsets, problems: &problems)
        }
    }

    mutating func decide(_ index: Int, _ decoder: any Decoder) {
        self.decoder = index
        framer = decoder.makeFramer()
    }

    mutating func dropPending() {
        base += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// Cuts the first `count` pending bytes off as a block.
    mutating func takeBlock(
        _ count: Int, _ table: RecordTable, _ lineBreak: LineBreak, isLast: Bool
    ) -> Block {
        let rest = Array(pending[count...])
        let end = base + count
        // A problem goes with the block that holds its byte, so that its place does not depend on
        // how the input was cut.
        var blockProblems: [Problem] = []
        var later: [Problem] = []
        for var problem in problems {
            if problem.offset >= end && !isLast {
                later.append(problem)
            } else {
                problem.offset = min(max(problem.offset - base, 0), count)
                blockProblems.append(problem)
            }
        }
        problems = later
        let block = Block(
            source: index, decoder: decoder, bytes: pending, count: count, table: table,
            places: PlaceMap(offsets: offsets, base: base, segments: segments),
            lineBreak: lineBreak, problems: blockProblems)
        pending = rest
        base = end
        offsets.drop(before: end)
        // Keep the segment that the next byte lies in, and those after it.
        while segments.count > 1 && segments[1].start <= base { segments.removeFirst() }
        return block
    }
}
