public import WinnowKit

/// What a run did: the accounting of inputs, rules and totals.
public struct RunReport: Sendable {
    /// One a segment, in order.
    public var inputs: [InputReport] = []
    /// One a rule, in the plan's order; empty for runs that decode.
    public var rules: [RuleReport] = []
    /// Sums over all inputs.
    public var totals = Totals()
    /// SHA-256 over the JSON of all findings, in order.
    public var digest = ""
    /// Why the sink took no more, or nil.
    public var sinkError: SinkError?
    /// The highest level among the findings given out.
    public var highestLevel: Level?

    /// True when reading was stopped before the end of the inputs.
    public var isInterrupted = false
    /// Matches that were correlated before all inputs were read, because too many waited for
    /// their order.
    public var earlySignals = 0
    /// Silences that were still waited for at the end of the inputs.
    public var carriedSilences = 0
    /// True when names of services and programs were not learnt, because there were too many.
    public var hasUnlearntNames = false
    /// Why the engine could not run, or nil.
    public var engineError: String?

    /// True when an input could not be read, or not to its end.
    public var hasInputErrors: Bool { inputs.contains { $0.error != nil } }

    /// Sums over all inputs: records = matched + unmatched + damaged + truncated.
    public struct Totals: Sendable {
        /// Records read.
        public var records = 0
        /// Records that at least one rule matched.
        public var matched = 0
        /// Records that no rule matched.
        public var unmatched = 0
        /// Records that could not be decoded.
        public var damaged = 0
        /// Records longer than their cap, of which only the beginning was looked at.
        public var truncated = 0
        /// Findings given out.
        public var findings = 0
    }
}

/// The accounting of one file or pipe.
public struct InputReport: Sendable {
    /// What findings call it.
    public var input: String
    /// The decoder's word for the format; nil for an empty input.
    public var format: String?
    /// The encoding found or given; nil for an empty input.
    public var encoding: String?
    /// Bytes after decompression.
    public var bytes = 0
    /// True when it was read to its end.
    public var isWhole = false
    /// SHA-256 of those bytes in hexadecimal, when asked for.
    public var sha256: String?
    /// Records by kind, in the decoder's order.
    public var records: [(kind: String, count: Int)] = []
    /// Problems in all, records lost and others.
    public var problems = 0
    /// The first problems, at most 100.
    public var firstProblems: [(line: Int, offset: Int, reason: String)] = []
    /// Bytes that are part of no record.
    public var skippedBytes = 0
    /// The earliest time of its records.
    public var firstTime: Timestamp?
    /// The latest time of its records.
    public var lastTime: Timestamp?
    /// Why it could not be read, or not to its end.
    public var error: InputError?
    /// Own accounting of its records.
    public var totals = RunReport.Totals()

    /// Most problems that are listed one by one.
    public static let maxListed = 100
}

/// The accounting of one rule.
public struct RuleReport: Sendable {
    /// Rule id.
    public var rule: String
    /// Records at which the rule's condition was looked at.
    public var candidates = 0
    /// Records that it matched.
    public var matches = 0
    /// Findings given out.
    public var findings = 0
    /// Findings held back by `suppress`.
    public var suppressed = 0
    /// Records at which a limit of the regular expressions was hit.
    public var limitHits = 0
    /// What limit was hit first, or nil.
    public var firstLimit: String?
    /// Values of which only the beginning was matched.
    public var truncatedSubjects = 0
    /// Keys dropped because there were too many.
    public var evictedKeys = 0
    /// Records dropped from windows that were full.
    public var evictedRecords = 0
    /// Records that came too late for their windows.
    public var late = 0
    /// Matches without a time, which no window can hold.
    public var untimed = 0
    /// CPU time in its condition, in seconds.
    public var seconds = 0.0
}
