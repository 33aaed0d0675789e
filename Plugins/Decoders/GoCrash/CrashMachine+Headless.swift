import WinnowKit

/// Lines of a report of which the beginning is missing, until it is known that they are one.
///
/// Programs print stacks without dying (debug.PrintStack, pprof), so a stack alone proves nothing.
/// Proof is what only a dying runtime prints: addresses of frames, `[signal …]`, `runtime stack:`,
/// the halves of a race report; or frames at the very beginning of the input, where the header was
/// cut off.
struct HeadlessReport {
    /// Lines that are looked at without proof.
    static let maxLines = 300

    var isAtStart = false
    private(set) var first: CrashLine.Kind?
    private var last = CrashLine.Kind.blank
    private var pairs = 0
    private var functions = 0
    private var headers = 0
    private var filesWithoutOffset = 0
    private var isSystem = false
    private var isRace = false
    private var isRuntime = false
    /// Every function so far came behind its file: a newest-first viewer turned the lines around.
    private(set) var mayBeReversed = false
    /// A header came directly behind a function.
    private(set) var isReversed = false

    /// What the lines prove.
    enum Verdict { case undecided, stack, race, nothing }

    /// Takes a line in; false when it fits no report.
    mutating func add(_ line: CrashLine) -> Bool {
        if first == nil {
            first = line.kind
            mayBeReversed = line.kind == .file
        }
        switch line.kind {
        case .function: functions += 1
        case .file:
            if last == .function { pairs += 1 }
            if !line.hasOffset { filesWithoutOffset += 1 }
            isSystem = isSystem || line.isSystem
        case .goroutine:
            headers += 1
            isSystem = isSystem || line.isSystem
            if mayBeReversed, last == .function { isReversed = true }
        case .signalDetail, .runtimeStack:
            isRuntime = true
        case .raceAccess, .raceCreated: isRace = true
        case .createdBy, .elided, .originating, .unavailable, .blank, .note, .detail, .register:
            break
        default:
            return false
        }
        if line.kind == .blank || line.kind == .createdBy { mayBeReversed = false }
        if line.kind == .goroutine, !isReversed { mayBeReversed = false }
        last = line.kind
        return true
    }

    /// What has been proved; `isEnd` when no more lines follow.
    func verdict(isEnd: Bool) -> Verdict {
        if isRace { return .race }
        if mayBeReversed, !isEnd { return .undecided }
        if isSystem, functions + headers > 0 { return .stack }
        if isRuntime, functions + headers > 0 { return .stack }
        if isAtStart, first == .function || first == .file || first == .createdBy {
            // The halves of a race report look like this as well, up to their blank line.
            guard isEnd else { return .undecided }
            return pairs >= 2 && filesWithoutOffset < pairs ? .stack : .nothing
        }
        // A dump that a program made of itself shows no frame addresses.
        if first == .goroutine, pairs > 0, filesWithoutOffset < pairs { return .nothing }
        return isEnd ? .nothing : .undecided
    }

    /// Whether the last line was a goroutine's header.
    var endsInHeader: Bool { last == .goroutine }
}

extension CrashMachine {
    /// State headless: lines are held until they prove a report or fail to.
    mutating func headlessStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        let parsed = CrashLine.classify(text)
        if parsed.kind == .panic || parsed.kind == .fatal, headless.isReversed,
            headless.endsInHeader
        {
            begin(parsed.kind, held + [line])
            close(window, &table)
            return
        }
        guard headless.add(parsed) else {
            again(line)
            endHeadless(window, &table)
            return
        }
        held.append(line)
        if held.count >= HeadlessReport.maxLines {
            endHeadless(window, &table)
        } else {
            settleHeadless(window, &table)
        }
    }

    /// Acts on what the held lines prove so far.
    mutating func settleHeadless(_ window: FrameWindow, _ table: inout RecordTable) {
        decide(headless.verdict(isEnd: false), window, &table)
    }

    /// Acts on what the held lines prove, when no more follow.
    mutating func endHeadless(_ window: FrameWindow, _ table: inout RecordTable) {
        let verdict = headless.verdict(isEnd: true)
        decide(verdict == .undecided ? .nothing : verdict, window, &table)
    }

    private mutating func decide(
        _ verdict: HeadlessReport.Verdict, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        switch verdict {
        case .undecided: break
        case .nothing: giveBack(window, &table)
        case .stack, .race:
            let lines = held
            begin(verdict == .race ? .race : .other, [lines[0]])
            if verdict == .stack { state = .stack }
            // What the lines say of completeness is learnt by reading them again, once.
            let first = carrier.open(window.line(lines[0])).text
            report?.learn(CrashLine.classify(LineBytes(first)), LineBytes(first))
            for line in lines.dropFirst().reversed() { again(line) }
        }
    }
}
