import WinnowKit

/// How the lines of a report are wrapped, beyond what the carrier did to every line.
enum CrashWrapping {
    /// Not at all.
    case none
    /// By what stands before the headline or before its time, if the next line begins so as well.
    case undecided([LinePrefix])
    /// By the same text before every line.
    case prefix(LinePrefix)
    /// In a quoted value of that key on every line: `… trace="goroutine 1 [running]:"`.
    case value(key: [UInt8])
    /// In a PowerShell 5.1 error record: the first line is wrapped at the console's width, and
    /// lines of the record's own follow up to `+ FullyQualifiedErrorId`.
    case errorRecord
}

/// A report whose end has not come.
struct OpenReport {
    /// A line behind the last one that surely belongs to the report.
    struct Limbo {
        enum Role {
            /// Belongs to it if a later line does.
            case report
            /// As `report`, but fits no grammar: the rest of a line that a console wrapped.
            case rest
            /// Another writer's.
            case foreign
            /// The first bytes are the report's, the rest is a whole line of another writer.
            case cut(Int)
        }

        var line: RawLine
        var role: Role
        /// Bytes at the line's beginning that its carrier put in front of the rest of a cut line.
        var skipped = 0
    }

    /// What began it.
    var kind: CrashLine.Kind
    /// http: panic serving, Observed a panic: the process lives on.
    var isRecovered = false
    /// Bytes of the headline that are compared.
    static let maxHeadline = 4096
    /// The headline's text, to know its repetition.
    var headline: [UInt8] = []
    /// Whether the first goroutine's header came without a blank line before it, as where a
    /// carrier drops empty lines.
    var isBlankless = false
    /// `Observed a panic: …` of the headline: the same again without a stack is no new report.
    var observed: [UInt8] = []
    var wrapping = CrashWrapping.none
    /// Whether the blank line behind an error record's own lines has come.
    var isRecordOver = false
    /// The report's bytes, contiguous lines joined, line ends included.
    private(set) var parts: [(start: Int, end: Int)] = []
    /// End of the last line, its line end excluded.
    private var lastEnd = 0
    /// Whole lines of other writers between the report's.
    private(set) var foreign: [RawLine] = []
    private(set) var limbo: [Limbo] = []
    private(set) var limboBytes = 0
    /// Lines of others since the report's last one.
    private(set) var foreignRun = 0
    private var firstStamp: Int64?
    /// The lines of others carry times too far apart.
    private(set) var gapPassed = false
    /// A line of the report of which the end is missing so far.
    var fragment: [UInt8] = []
    var truncated = false

    // What the last lines said of the report's completeness.
    /// Goroutine headers.
    var goroutines = 0
    /// The runtime's own dump: every goroutine is listed.
    var isSystem = false
    /// Lines of other writers stood between the report's.
    var isInterleaved = false
    /// The last line was the name of a function, its file is to come.
    var expectsFile = false
    /// The last frame is one that ends a stack.
    var stackEnded = false
    /// Nothing can follow: the last register, say.
    var isFinal = false
    /// The last line was `-----`: the next thread's list follows.
    var endsInDashes = false
    /// The last line was a goroutine's header, or a bare name behind it.
    var acceptsBareNames = false
    /// The last panic was marked as recovered, so that a repeated one belongs to it.
    var isRepanic = false

    init(kind: CrashLine.Kind) { self.kind = kind }

    /// Offset of the first byte.
    var start: Int { parts.first?.start ?? 0 }

    /// Whether a blank line was the last seen of those that may be the report's.
    var endsInBlank = false

    /// Bytes that a carrier put before the next line, which is the rest of a cut one.
    var skipNext = 0

    /// Appends a line and all that waited for it.
    mutating func commit(_ line: RawLine) {
        settleLimbo()
        add(line.start + skipNext, line.next, line.end)
        skipNext = 0
        truncated = truncated || line.truncated
        endsInBlank = false
    }

    private mutating func settleLimbo() {
        for item in limbo {
            switch item.role {
            case .report, .rest: add(item.line.start + item.skipped, item.line.next, item.line.end)
            case .foreign:
                foreign.append(item.line)
                isInterleaved = true
            case .cut(let length):
                let middle = item.line.start + length
                add(item.line.start + item.skipped, middle, middle)
                var rest = item.line
                rest.start = middle
                foreign.append(rest)
                isInterleaved = true
            }
        }
        forgetLimbo()
    }

    private mutating func add(_ start: Int, _ next: Int, _ end: Int) {
        if let last = parts.indices.last, parts[last].end == start {
            parts[last].end = next
        } else {
            parts.append((start, next))
        }
        lastEnd = end
    }

    private mutating func forgetLimbo() {
        limbo.removeAll(keepingCapacity: true)
        limboBytes = 0
        foreignRun = 0
        firstStamp = nil
        fragment.removeAll(keepingCapacity: true)
    }

    /// Keeps a line back until a later one decides.
    mutating func hold(_ line: RawLine, _ role: Limbo.Role, stamp: Int64? = nil) {
        limbo.append(Limbo(line: line, role: role, skipped: skipNext))
        skipNext = 0
        limboBytes += line.count
        if case .report = role { return }
        foreignRun += 1
        if let stamp {
            if let first = firstStamp, stamp - first >= Self.maxGap { gapPassed = true }
            if firstStamp == nil { firstStamp = stamp }
        }
    }

    /// Takes the lines that no report's line followed, to be looked at again.
    mutating func takeLimbo() -> [RawLine] {
        let lines = limbo.map(\.line)
        forgetLimbo()
        return lines
    }

    /// Appends the report's record, and those of the lines between its parts.
    func write(base: Int, into table: inout RecordTable) {
        guard let first = parts.first else { return }
        if parts.count == 1 {
            table.records.append(
                .init(
                    start: first.start - base, end: lastEnd - base, kind: TextKind.crash,
                    truncated: truncated))
        } else {
            var extents = parts.map {
                RecordTable.Extent(start: $0.start - base, end: $0.end - base)
            }
            extents[extents.count - 1].end = UInt32(truncatingIfNeeded: lastEnd - base)
            table.append(lines: extents, kind: TextKind.crash, truncated: truncated)
        }
        for line in foreign {
            table.records.append(
                .init(
                    start: line.start - base, end: line.end - base, kind: TextKind.text,
                    truncated: line.truncated))
        }
    }
}
