import WinnowKit

/// A headline in the middle of a line, until it is known why it stands there.
struct EmbeddedOpener {
    var kind = CrashLine.Kind.panic
    /// What stands before it.
    var prefix = LinePrefix(LineBytes(UnsafeRawBufferPointer(start: nil, count: 0)))
    /// Offset of the headline in the carried text.
    var at = 0
    /// Whether the text before it ends as in a PowerShell error record: `orderd.exe : `.
    var mayBeErrorRecord = false
    /// Lines that do not begin with the prefix, by their index among the held ones.
    var foreign: [Int] = []
    /// Whether a line with the prefix has come.
    var isPrefixed = false
    var lastWasBlank = false
    /// A goroutine header has come; its first function decides.
    var hasHeader = false
    /// The time before the headline, in seconds.
    var stamp: Int64?
    /// Whether nothing but a time stands before it: a logger's line, most likely.
    var isBareTime = false

    init() {}

    init(kind: CrashLine.Kind, prefix: LineBytes, at: Int) {
        self.kind = kind
        self.prefix = LinePrefix(prefix)
        self.at = at
        stamp = LogStamp.find(prefix)?.seconds
        if let last = prefix.raw.last(where: { !$0.isBlank }) {
            isBareTime = stamp != nil && (last.isDigit || last == UInt8(ascii: "Z"))
        }
        mayBeErrorRecord = prefix.ends(in: " : ", end: prefix.count)
    }
}

extension CrashMachine {
    /// Lines that an unproven headline may wait for its proof.
    private static let maxWait = 24

    /// State note: a headline makes the notes its prelude.
    mutating func noteStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        let parsed = CrashLine.classify(text)
        switch parsed.kind {
        case .note:
            if held.count == Self.maxNotes { write(held.removeFirst(), window, &table) }
            held.append(line)
        case .fatal, .panic, .exception, .race:
            begin(parsed.kind, held + [line])
            report?.headline = Array(text.raw.prefix(OpenReport.maxHeadline))
        default:
            giveBack(window, &table)
            again(line)
        }
    }

    /// State bar: `WARNING: DATA RACE` follows, or nothing does.
    mutating func barStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        if CrashLine.classify(text).kind == .race {
            begin(.race, held + [line])
        } else {
            giveBack(window, &table)
            again(line)
        }
    }

    /// State signal: `PC=0x…` follows, or it was somebody's log line.
    mutating func signalStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        if text.has("PC=0x", at: text.indent) {
            let between = held.dropFirst()
            begin(.signal, [held[0]])
            for line in between { report?.hold(line, .foreign) }
            again(line)
        } else if held.count < Self.maxWait,
            LogStamp.isLogLine(text) || lead?.begins(text) == true
        {
            held.append(line)
        } else {
            giveBack(window, &table)
            again(line)
        }
    }

    /// State keyValue: the next line holds `="goroutine 1 [running]:"`.
    mutating func keyValueStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        guard let found = QuotedValue.find(text, beginning: "goroutine ") else {
            giveBack(window, &table)
            again(line)
            return
        }
        begin(.panic, held)
        report?.isRecovered = true
        report?.wrapping = .value(key: Array(text.slice(found.key).raw))
        again(line)
    }

    /// State embedded: the lines that follow tell a prefix, an unfinished line before the headline,
    /// an error record, or that it was no headline.
    mutating func embeddedStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        if held.count >= Self.maxWait {
            giveBack(window, &table)
            again(line)
            return
        }
        if let end = embedded.prefix.end(in: text) {
            prefixedStep(line, text.slice(end..<text.count), window, &table)
            return
        }
        let parsed = CrashLine.classify(text)
        if embedded.isPrefixed {
            // Another writer's line between the prefixed ones.
            if CrashOpener.isCertain(parsed) {
                giveBack(window, &table)
                again(line)
            } else {
                embedded.foreign.append(held.count)
                held.append(line)
            }
            return
        }
        if embedded.kind == .signal || embedded.kind == .exception {
            if text.has("PC=0x") {
                confirmGlued(line, window, &table)
            } else {
                giveBack(window, &table)
                again(line)
            }
            return
        }
        if embedded.mayBeErrorRecord,
            text.has("+ CategoryInfo", at: text.indent)
                || text.has("+ FullyQualifiedErrorId", at: text.indent)
        {
            confirmEmbedded(.errorRecord, line, window)
            return
        }
        switch parsed.kind {
        case .blank:
            embedded.lastWasBlank = true
            held.append(line)
        case .signalDetail:
            confirmGlued(line, window, &table)
        case .panic, .fatal:
            if parsed.indent > 0, !embedded.lastWasBlank {
                confirmGlued(line, window, &table)
            } else {
                giveBack(window, &table)
                again(line)
            }
        case .goroutine where embedded.lastWasBlank:
            embedded.hasHeader = true
            held.append(line)
        case .runtimeStack where embedded.lastWasBlank:
            confirmGlued(line, window, &table)
        case .function where embedded.hasHeader:
            if text.has("runtime/debug.Stack(", at: parsed.indent) {
                giveBack(window, &table)
                again(line)
            } else {
                confirmGlued(line, window, &table)
            }
        default:
            if parsed.kind == .other, !embedded.hasHeader, !LogStamp.isLogLine(text),
                CrashOpener.embedded(text, "panic: ") == nil
            {
                embedded.lastWasBlank = false
                held.append(line)
            } else {
                giveBack(window, &table)
                again(line)
            }
        }
    }

    /// A line that begins with the same text as the headline's.
    private mutating func prefixedStep(
        _ line: RawLine, _ rest: LineBytes, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        let parsed = CrashLine.classify(rest)
        switch parsed.kind {
        case .blank:
            embedded.isPrefixed = true
            held.append(line)
        case .signalDetail, .goroutine, .runtimeStack:
            confirmEmbedded(.prefix(embedded.prefix), line, window)
        case .detail where rest.has("PC=0x", at: parsed.indent) && embedded.kind != .panic:
            confirmEmbedded(.prefix(embedded.prefix), line, window)
        case .panic where parsed.indent > 0, .fatal where parsed.indent > 0:
            confirmEmbedded(.prefix(embedded.prefix), line, window)
        default:
            // A later line of the message, or the logger's next one; not if time has passed.
            let text = LineBytes(carrier.open(window.line(line)).text)
            let isLater: Bool
            if let first = embedded.stamp, let now = LogStamp.find(text)?.seconds {
                isLater = now - first >= OpenReport.maxGap
            } else {
                isLater = false
            }
            if isLater || embedded.isBareTime || CrashOpener.isCertain(parsed)
                || embedded.kind != .panic
            {
                giveBack(window, &table)
                again(line)
            } else {
                embedded.isPrefixed = true
                held.append(line)
            }
        }
    }

    /// The held lines and `line` are a report's from the first byte on.
    private mutating func confirmEmbedded(
        _ wrapping: CrashWrapping, _ line: RawLine, _ window: FrameWindow
    ) {
        let lines = held
        let foreign = embedded.foreign
        let text = LineBytes(carrier.open(window.line(lines[0])).text)
        begin(embedded.kind, [lines[0]])
        report?.headline = Array(
            text.raw[min(embedded.at, text.count)...].prefix(OpenReport.maxHeadline))
        report?.wrapping = wrapping
        for (i, held) in lines.enumerated().dropFirst() {
            if foreign.contains(i) {
                report?.hold(held, .foreign)
            } else {
                report?.hold(held, .report)
            }
        }
        if case .errorRecord = wrapping { report?.commit(line) } else { again(line) }
    }

    /// The headline was glued to the end of an unfinished line, which is a line of text.
    private mutating func confirmGlued(
        _ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        var lines = held
        let carried = carrier.open(window.line(lines[0]))
        if let offset = carried.offset {
            var before = lines[0]
            before.end = before.start + offset + embedded.at
            before.next = before.end
            write(before, window, &table)
            lines[0].start = before.end
        }
        begin(embedded.kind, [lines[0]])
        var headerSeen = false
        for held in lines.dropFirst() {
            let text = LineBytes(carrier.open(window.line(held)).text)
            if headerSeen || CrashLine.classify(text).kind == .goroutine {
                headerSeen = true
            }
            if headerSeen { break }
            report?.hold(held, .report)
            report?.endsInBlank = true
        }
        // The header and what follows are read in state headline.
        again(line)
        if headerSeen, let header = lines.last { again(header) }
    }
}
