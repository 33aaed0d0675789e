/// What a line that is part of no report may begin.
enum CrashOpener {
    /// Nothing.
    case none
    /// A report, whatever follows. `at` is where the headline stands.
    case certain(CrashLine.Kind, at: Int)
    /// `http: panic serving …` at `at`.
    case httpPanic(at: Int)
    /// `Observed a panic: …` of Kubernetes' runtime package, at `at`.
    case observed(at: Int)
    /// A `runtime: …` line: the next one may be a headline.
    case note
    /// `==================`: the next line may be a race report's.
    case bar
    /// A headline in the middle of a line: behind a prefix, or glued to an unfinished line.
    case embedded(CrashLine.Kind, at: Int)
    /// `SIGQUIT: quit` and the like: certain when the next line is `PC=0x…`.
    case signal
    /// A line of a report that lacks its beginning.
    case headless(CrashLine)
    /// `at=panic … error="…"`: the next line may hold a stack's first line in a quoted value.
    case keyValue

    /// Judges a line from which the carrier has been taken off.
    ///
    /// - Parameter atStart: Whether nothing but parts of a report lies before the line in its
    ///   input; only then can frames without a header be the rest of one.
    static func find(_ line: LineBytes, atStart: Bool) -> CrashOpener {
        let parsed = CrashLine.classify(line)
        switch parsed.kind {
        case .panic, .fatal:
            // An indented one is part of something else, unless the whole report is.
            return .certain(parsed.kind, at: parsed.indent)
        case .race: return .certain(.race, at: parsed.indent)
        case .exception:
            // Four numbers; two are enough where the rest was cut.
            return .certain(.exception, at: parsed.indent)
        case .signal: return .signal
        case .bar: return .bar
        case .note: return .note
        case .signalDetail, .runtimeStack, .goroutine: return .headless(parsed)
        case .function, .file, .createdBy, .raceAccess, .raceCreated:
            return atStart ? .headless(parsed) : .none
        default: break
        }
        let recovered = recovered(line)
        if case .none = recovered {} else { return recovered }
        if let at = embedded(line, "panic: ") { return .embedded(.panic, at: at) }
        if let at = embedded(line, "fatal error: ") { return .embedded(.fatal, at: at) }
        if let found = headline(in: line) { return .embedded(found.kind, at: found.at) }
        if line.find(" at=panic ") != nil, line.find("error=\"") != nil { return .keyValue }
        return .none
    }

    /// The headline of a recovered panic, wherever it stands on the line.
    static func recovered(_ line: LineBytes) -> CrashOpener {
        if let at = line.find("http: panic serving ") { return .httpPanic(at: at) }
        if let at = line.find("Observed a panic"), isObserved(line, at) { return .observed(at: at) }
        return .none
    }

    /// Whether a line begins a report whatever follows.
    static func isCertain(_ line: CrashLine) -> Bool {
        switch line.kind {
        case .panic, .fatal: line.indent == 0
        case .race, .exception: true
        default: false
        }
    }

    /// Where a headline stands in the middle of a line, or nil.
    static func embedded(_ line: LineBytes, _ word: StaticString) -> Int? {
        guard let at = line.find(word), at > 0 else { return nil }
        return at
    }

    /// A headline of another kind than a panic's behind a prefix.
    private static func headline(in line: LineBytes) -> (kind: CrashLine.Kind, at: Int)? {
        for word in ["Exception 0x", "SIG", "WARNING: DATA RACE"] as [StaticString] {
            guard let at = line.find(word), at > 0,
                let found = CrashLine.headline(line, at, line.trimmedEnd)
            else { continue }
            return (found.kind, at)
        }
        return nil
    }

    /// `Observed a panic: x (y)` or klog's structured `"Observed a panic" panic="y"`.
    private static func isObserved(_ line: LineBytes, _ at: Int) -> Bool {
        let end = at + 16
        if line.has(": ", at: end) { return at < 2 || line[at - 1] == 0x20 || line[at - 1] == 0x22 }
        return line.has("\" panic=", at: end)
    }
}
