import WinnowKit

/// The bytes of one framing call, and where they lie in the input.
struct FrameWindow {
    /// From the first byte not yet consumed.
    let bytes: UnsafeRawBufferPointer
    /// Offset of the first of them in the input.
    let base: Int

    /// The bytes of a line.
    func line(_ line: RawLine) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[line.start - base..<line.end - base])
    }
}

/// Takes Go reports out of a stream of lines.
///
/// Fed line by line in input order. Lines that may begin a report are held; what turns out to be
/// none is given back as text, each line once or twice looked at. No clocks: a report ends by its
/// grammar, by a number of other lines, by the times that those carry, or with the input.
///
/// ```
/// state      entered by                                     goes to
/// idle       -                                              all others
/// note       `runtime: VirtualAlloc of …`, `unexpected fault address …`
///                                                           headline (with the held lines), idle
/// bar        `==================`                           race, idle
/// signal     `SIGQUIT: quit`                                headline (next is `PC=0x…`), idle
/// keyValue   `… at=panic … error="…"`                       stack (next has `="goroutine …`), idle
/// embedded   `svc: panic: x`, `unfinished linepanic: x`     headline, stack, idle
/// headless   `goroutine 7 gp=0x… [select]:`, `[signal …]`, `runtime stack:`, or frames at the
///            very beginning of the input                    stack, race, idle
/// headline   `panic: x`, `fatal error: x`, `Exception 0x…`, `http: panic serving …`,
///            `Observed a panic: …`                          stack, idle
/// stack      `goroutine 1 [running]:`, `runtime stack:`, a frame after `Exception`
///                                                           idle, overflow
/// race       `WARNING: DATA RACE`                           idle (after the second bar), overflow
/// overflow   a report of more than `maxReport` bytes        idle
/// ```
///
/// Within headline, stack and race, lines of other writers are set aside, also where they cut a
/// line of the report in two (`OpenReport.Limbo`).
struct CrashMachine {
    enum State {
        case idle, note, bar, signal, keyValue, embedded, headless, headline, stack, race, overflow
    }

    /// Bytes from a report's first to its last line; what comes behind is dropped.
    let maxReport: Int
    /// Notes that are held before a headline.
    static let maxNotes = 5

    var state = State.idle
    let carrier = Carrier()
    let unquoted = UnescapeBuffer()
    let screen = CrashScreen()
    /// The lines of note, bar, signal, keyValue, embedded and headless.
    var held: [RawLine] = []
    var embedded = EmbeddedOpener()
    var headless = HeadlessReport()
    var report: OpenReport?
    /// Lines to be looked at, the oldest last.
    private var pending: [RawLine] = []
    /// True until a line has been seen that is part of no report.
    var isAtStart = true
    /// How the last line of text began, to know its writer's lines within a report.
    var lead: WriterLead?
    /// How the report that grew too long was wrapped, and lines of others since its last one.
    var overflow: (wrapping: CrashWrapping, foreign: Int) = (.none, 0)

    init(maxReport: Int) { self.maxReport = maxReport }

    /// Whether nothing is held.
    var isIdle: Bool { state == .idle }

    /// Offset of the first byte that is held, or nil.
    var heldStart: Int? {
        if let report { return report.start }
        return held.first?.start
    }

    /// Takes the next line of the input.
    mutating func feed(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        pending.append(line)
        run(window, &table)
    }

    /// Ends whatever is open: the input ends, or nothing behind this place can belong to it.
    mutating func flush(_ window: FrameWindow, _ table: inout RecordTable) {
        while state != .idle {
            switch state {
            case .idle: break
            case .headline, .stack, .race: close(window, &table)
            case .overflow: state = .idle
            case .headless: endHeadless(window, &table)
            case .note, .bar, .signal, .keyValue, .embedded: giveBack(window, &table)
            }
            run(window, &table)
        }
    }

    private mutating func run(_ window: FrameWindow, _ table: inout RecordTable) {
        while let line = pending.popLast() { step(line, window, &table) }
    }

    /// Looks at a line again in the state that has been reached.
    mutating func again(_ line: RawLine) { pending.append(line) }

    private mutating func step(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        switch state {
        case .idle: open(line, window, &table)
        case .note: noteStep(line, window, &table)
        case .bar: barStep(line, window, &table)
        case .signal: signalStep(line, window, &table)
        case .keyValue: keyValueStep(line, window, &table)
        case .embedded: embeddedStep(line, window, &table)
        case .headless: headlessStep(line, window, &table)
        case .headline, .stack, .race: reportStep(line, window, &table)
        case .overflow: overflowStep(line, window, &table)
        }
    }

    /// A line in state idle.
    private mutating func open(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        guard mayOpen(line, window) else {
            write(line, window, &table)
            return
        }
        let carried = carrier.open(window.line(line))
        let text = LineBytes(carried.text)
        if text.count > 2, text[0] == UInt8(ascii: "{") || text.first(0x0A) != nil {
            if EmbeddedReport.find(in: text) != nil {
                isAtStart = false
                table.records.append(
                    .init(
                        start: line.start - window.base, end: line.end - window.base,
                        kind: TextKind.crash, truncated: line.truncated))
            } else {
                write(line, window, &table)
            }
            return
        }
        switch CrashOpener.find(text, atStart: isAtStart) {
        case .none:
            write(line, window, &table)
        case .certain(let kind, let at):
            if at == 0 || kind == .race {
                begin(kind, [line])
                report?.headline = Array(text.raw.prefix(OpenReport.maxHeadline))
                report?.learn(CrashLine.classify(text), text)
                if let offset = carried.offset, let cut = lead?.find(in: text), cut > at {
                    cutHeadline(line, text, cut, offset)
                }
            } else {
                hold(line, .embedded)
                embedded = EmbeddedOpener(kind: kind, prefix: text.slice(0..<at), at: at)
            }
        case .httpPanic(let at):
            beginRecovered(line, text, at, window, &table)
        case .observed(let at):
            beginRecovered(line, text, at, window, &table)
        case .note: hold(line, .note)
        case .bar: hold(line, .bar)
        case .signal: hold(line, .signal)
        case .keyValue: hold(line, .keyValue)
        case .embedded(.race, let at):
            begin(.race, [line])
            report?.wrapping = .prefix(LinePrefix(text.slice(0..<at)))
        case .embedded(let kind, let at):
            hold(line, .embedded)
            embedded = EmbeddedOpener(kind: kind, prefix: text.slice(0..<at), at: at)
        case .headless(let parsed):
            hold(line, .headless)
            headless = HeadlessReport()
            headless.isAtStart = isAtStart
            _ = headless.add(parsed)
            settleHeadless(window, &table)
        }
    }

    /// Whether a line is worth a look: the same question that the framer asks of many lines at once,
    /// so that it does not matter which of the two saw a line.
    private func mayOpen(_ line: RawLine, _ window: FrameWindow) -> Bool {
        // A line without a line end is the last of its input, or ends at a hole or a cap.
        if isAtStart || line.next == line.end { return true }
        let from = line.start - window.base
        let bytes = LineBytes(window.bytes)
        return bytes.first(0, from: from, end: line.end - window.base) != nil
            || screen.next(window.bytes, from: from, to: line.next - window.base) != nil
    }

    private mutating func hold(_ line: RawLine, _ next: State) {
        held.append(line)
        state = next
    }

    /// A panic that something recovered and logged.
    ///
    /// The log line's own time stays with it; a piece of another, unfinished line does not.
    private mutating func beginRecovered(
        _ line: RawLine, _ text: LineBytes, _ at: Int, _ window: FrameWindow,
        _ table: inout RecordTable
    ) {
        var line = line
        var prefixes = at > 0 ? [LinePrefix(text.slice(0..<at))] : []
        if let offset = carrier.open(window.line(line)).offset,
            let stamp = LogStamp.findLast(text, end: at), stamp > 0
        {
            if LogStamp.isGlued(text[stamp - 1]) {
                var before = line
                before.end = line.start + offset + stamp
                before.next = before.end
                write(before, window, &table)
                line.start = before.end
                prefixes = []
            } else {
                prefixes.append(LinePrefix(text.slice(0..<stamp)))
            }
        }
        begin(.panic, [line])
        report?.isRecovered = true
        if text.has("Observed", at: at) { report?.observed = Array(text.raw[at...]) }
        if !prefixes.isEmpty { report?.wrapping = .undecided(prefixes) }
    }

    /// Begins a report with lines that surely belong to it.
    mutating func begin(_ kind: CrashLine.Kind, _ lines: [RawLine]) {
        var opened = OpenReport(kind: kind)
        for line in lines { opened.commit(line) }
        report = opened
        held.removeAll(keepingCapacity: true)
        state = kind == .race ? .race : .headline
        isAtStart = false
    }

    /// The headline, already taken in, was cut by another writer's line at `cut`.
    private mutating func cutHeadline(
        _ line: RawLine, _ text: LineBytes, _ cut: Int, _ offset: Int
    ) {
        var head = line
        head.end = line.start + offset + cut
        head.next = head.end
        var rest = line
        rest.start = head.end
        begin(report?.kind ?? .panic, [head])
        report?.hold(rest, .foreign)
        report?.fragment = Array(text.raw[0..<cut])
    }

    /// Ends the report; the lines behind it are looked at again, and then `line`.
    mutating func close(
        _ window: FrameWindow, _ table: inout RecordTable, then line: RawLine? = nil
    ) {
        guard var closed = report else { return }
        closed.write(base: window.base, into: &table)
        if let line { pending.append(line) }
        pending.append(contentsOf: closed.takeLimbo().reversed())
        report = nil
        state = .idle
    }

    /// The held lines are no report's.
    mutating func giveBack(_ window: FrameWindow, _ table: inout RecordTable) {
        for line in held { write(line, window, &table) }
        held.removeAll(keepingCapacity: true)
        state = .idle
    }

    /// A line that is part of no report.
    mutating func write(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        table.records.append(
            .init(
                start: line.start - window.base, end: line.end - window.base, kind: TextKind.text,
                truncated: line.truncated))
        remember(line, window)
        if line.count > 0 { isAtStart = false }
    }

    /// Remembers how a line of text began.
    mutating func remember(_ line: RawLine, _ window: FrameWindow) {
        lead = WriterLead(LineBytes(window.line(line)))
    }
}
