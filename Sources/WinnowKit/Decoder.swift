/// Whether an input is a decoder's, judged by its first bytes.
public enum Claim: Sendable, Equatable {
    /// It is.
    case yes
    /// It is not.
    case no
    /// The bytes so far do not tell; ask again when there are more.
    case undecided
    /// It is something that this decoder knows and cannot read; the text says what and what to do.
    case refused(String)
}

/// What decoders need to know of the run; the same for all inputs.
public struct DecoderSettings: Sendable {
    /// Seconds east of UTC for times that carry no zone.
    public var utcOffset: Int

    /// Makes settings; times without a zone are UTC by default.
    public init(utcOffset: Int = 0) { self.utcOffset = utcOffset }
}

/// Owns an input format: tells its inputs, cuts them into records, and turns records into fields.
///
/// Decoders never open files and never see a rule. The engine makes one framer an input and one
/// record decoder a worker.
public protocol Decoder: Sendable {
    /// Name, summary and kinds, from which help and docs are printed.
    static var spec: DecoderSpec { get }

    /// Makes the decoder for a run.
    init(_ settings: DecoderSettings)

    /// Judges an input by its first bytes, in UTF-8, byte order mark removed.
    ///
    /// Asked again with a longer head as long as it is undecided; the answer must depend on the
    /// bytes alone, not on how many came at once, so a longer head may not change a yes or no.
    func claim(_ head: UnsafeRawBufferPointer, atEnd: Bool) -> Claim

    /// Makes the framer of one input.
    func makeFramer() -> any Framer

    /// Makes a worker's record decoder.
    func makeRecordDecoder() -> any RecordDecoder
}

/// What a decoder is called and what it yields.
public struct DecoderSpec: Sendable {
    /// Lower snake case; the name in `winnow plugins`.
    public let name: String
    /// The word of `--input-format` and of the manifest.
    public let format: String
    /// One sentence.
    public let summary: String
    /// Record kinds (`text`, `windows.event`, …); `RecordTable.Record.kind` is an index into it.
    public let kinds: [String]
    /// True when a record without a time of its own takes the nearest earlier one of its input.
    public let timeCarries: Bool

    /// Makes a spec.
    public init(
        name: String, format: String, summary: String, kinds: [String], timeCarries: Bool = false
    ) {
        self.name = name
        self.format = format
        self.summary = summary
        self.kinds = kinds
        self.timeCarries = timeCarries
    }
}

/// Where a line ends in an input of text.
public enum LineBreak: Sendable {
    /// At LF (a CR before it belongs to the line end).
    case lf
    /// At CR or LF: the input's first line end was a CR alone.
    case cr
}

/// Cuts one input into records; the only state that a decoder keeps between calls.
///
/// Framers run on one thread, in input order. The records found must not depend on how the bytes
/// were cut into calls.
public protocol Framer: AnyObject {
    /// Appends every record that is complete, and says how far that goes.
    ///
    /// The next call gets the bytes after those consumed, and more behind them; the framer remembers
    /// how far it has looked, so no byte is examined twice for a long record. Records may be appended
    /// only for bytes before the returned count.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 (invalid sequences are possible), from the first byte not yet consumed.
    ///   - atEnd: True in the last call of an input: everything must be consumed.
    ///   - table: Gets records and problems, with offsets into `bytes`.
    /// - Returns: Bytes consumed.
    func frame(_ bytes: UnsafeRawBufferPointer, atEnd: Bool, into table: inout RecordTable) -> Int

    /// How lines are counted in this input so far.
    var lineBreak: LineBreak { get }
}

/// A block as a record decoder sees it.
public struct BlockView {
    /// The block's bytes, UTF-8.
    public let bytes: UnsafeRawBufferPointer
    /// The block's records.
    public let table: RecordTable

    /// Makes a view; `bytes` must stay valid while it is used.
    public init(bytes: UnsafeRawBufferPointer, table: RecordTable) {
        self.bytes = bytes
        self.table = table
    }

    /// The bytes of a record from its first to its last.
    public func bytes(of record: RecordTable.Record) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Int(record.start)..<Int(record.end)])
    }

    /// The lines of a record that is made of parts.
    public func parts(of record: RecordTable.Record) -> ArraySlice<RecordTable.Extent> {
        table.parts[Int(record.firstPart)..<Int(record.firstPart + record.partCount)]
    }
}

/// Turns records into fields; one a worker, not shared, so that it may keep scratch memory.
public protocol RecordDecoder: AnyObject {
    /// Fills `fields` with the fields of one record, and `fields.time` with its own time.
    ///
    /// A pure function of the record's bytes: the order of calls must not matter.
    ///
    /// - Returns: nil, or what is wrong: with `lostRecord` the record yields no fields; without it
    ///   the fields are good and something in the record was not.
    func decode(
        _ record: RecordTable.Record, of block: BlockView, into fields: inout FieldTable
    ) -> Problem?

    /// One line for a person that stands for the record in evidence, where its first bytes would
    /// not be readable; nil: the record's own text.
    func summary(of fields: FieldTable, kind: UInt8) -> String?

    /// What the record that was decoded last, with these fields, tells of its service's names; nil:
    /// nothing. Asked only of records that have a `service.name`.
    func naming(of fields: FieldTable) -> ServiceNaming?
}

extension RecordDecoder {
    /// Most formats tell nothing.
    public func naming(of fields: FieldTable) -> ServiceNaming? { nil }
}
