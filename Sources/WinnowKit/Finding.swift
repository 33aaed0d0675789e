/// A value of a finding: text, or a number as it was written.
public enum FieldValue: Sendable, Hashable {
    /// Text; valid UTF-8.
    case text(String)
    /// A number in digits, fit for JSON.
    case number(String)

    /// The value as a person reads it.
    public var description: String {
        switch self {
        case .text(let text), .number(let text): text
        }
    }
}

/// A record that a finding rests on.
public struct Evidence: Sendable, Hashable {
    /// The input's name.
    public var input: String
    /// 1-based line of the record's first byte in that input.
    public var line: Int
    /// Offset of the first byte in the input as stored (after decompression).
    public var offset: Int
    /// Bytes as stored.
    public var length: Int
    /// EventRecordID of a Windows event, in digits.
    public var recordID: String?
    /// Event time, or nil.
    public var time: Timestamp?
    /// What the record says, at most 2 KiB of UTF-8, cut on a character boundary.
    public var text: String

    /// Most bytes of `text`.
    public static let maxTextBytes = 2048

    /// Makes evidence.
    public init(
        input: String, line: Int, offset: Int, length: Int, recordID: String?, time: Timestamp?,
        text: String
    ) {
        self.input = input
        self.line = line
        self.offset = offset
        self.length = length
        self.recordID = recordID
        self.time = time
        self.text = text
    }
}

/// What Winnow tells its user: a rule held, here, on this evidence.
///
/// Fields and their order are those of the output format; see docs of `winnow scan`.
public struct Finding: Sendable {
    /// 32 hexadecimal digits; equal for equal rule, key and evidence, whatever the input was called.
    public var id: String
    /// Rule id.
    public var rule: String
    /// `name@version` of the rule's pack.
    public var pack: String
    /// The rule's level.
    public var level: Level
    /// The rule's status: stable, test, experimental or deprecated.
    public var status: String
    /// The rule's title, filled in.
    public var title: String
    /// What the last record says, in one line.
    public var message: String
    /// Event time of the record at which the rule fired.
    public var time: Timestamp?
    /// Event time of the first record that counts.
    public var firstTime: Timestamp?
    /// Event time of the last record that counts.
    public var lastTime: Timestamp?
    /// Records that count.
    public var count: Int
    /// Findings of the same key that `suppress` held back since the last one.
    public var suppressedCount: Int
    /// `host.name`.
    public var host: String?
    /// `service.name`.
    public var service: String?
    /// The values of the rule's `by` fields, in the rule's order; nil where the record has none.
    public var key: [(name: String, value: String?)]
    /// Named groups and `let` values of the last record.
    public var fields: [(name: String, value: FieldValue)]
    /// First and last records, at most 10.
    public var evidence: [Evidence]
    /// What to do, filled in.
    public var remediation: String?
    /// Where to read more.
    public var references: [String]
    /// The rule's tags.
    public var tags: [String]

    /// Makes a finding.
    public init(
        id: String, rule: String, pack: String, level: Level, status: String, title: String,
        message: String, time: Timestamp?, firstTime: Timestamp?, lastTime: Timestamp?, count: Int,
        suppressedCount: Int, host: String?, service: String?,
        key: [(name: String, value: String?)], fields: [(name: String, value: FieldValue)],
        evidence: [Evidence], remediation: String?, references: [String], tags: [String]
    ) {
        self.id = id
        self.rule = rule
        self.pack = pack
        self.level = level
        self.status = status
        self.title = title
        self.message = message
        self.time = time
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.count = count
        self.suppressedCount = suppressedCount
        self.host = host
        self.service = service
        self.key = key
        self.fields = fields
        self.evidence = evidence
        self.remediation = remediation
        self.references = references
        self.tags = tags
    }
}
