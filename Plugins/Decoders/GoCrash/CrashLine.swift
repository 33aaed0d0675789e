/// What one line of a Go report is, judged by the line alone.
///
/// The grammar that the framer (which lines belong to a report) and the parser (what the report
/// says) share. Indentation does not decide: reports are pasted without it.
///
/// Source: Go 1.18 to 1.27 `src/runtime/panic.go`, `traceback.go`, `error.go`, `signal_unix.go`,
/// `signal_windows.go`, `src/runtime/race/`; ThreadSanitizer's report printer for races.
struct CrashLine {
    enum Kind: UInt8 {
        /// None of the others.
        case other
        /// Nothing but blanks.
        case blank
        /// `panic: value`, also nested (with an indent).
        case panic
        /// `fatal error: text`, also nested.
        case fatal
        /// `SIGSEGV: segmentation violation`.
        case signal
        /// `Exception 0xc0000005 0x0 0x10 0x7ff8…`.
        case exception
        /// `WARNING: DATA RACE`.
        case race
        /// `==================`, before and after a race report.
        case bar
        /// `[signal SIGSEGV: … code=0x1 addr=0x0 pc=0x…]`.
        case signalDetail
        /// `PC=0x…`, `signal arrived during cgo execution`, `-----`, hex dumps, `...`.
        case detail
        /// A `runtime: …` line, `unexpected fault address …` and the like: before a headline, or
        /// within a stack.
        case note
        /// `runtime stack:`.
        case runtimeStack
        /// `goroutine 1 [running]:`.
        case goroutine
        /// `main.f(0x1, …)`.
        case function
        /// `created by main.f in goroutine 1`.
        case createdBy
        /// `\tC:/svc/main.go:25 +0x3b`.
        case file
        /// `...additional frames elided...`.
        case elided
        /// `[originating from goroutine 1]:`.
        case originating
        /// `goroutine running on other thread; stack unavailable` and the like.
        case unavailable
        /// `rax     0x0`.
        case register
        /// `exit status 2`, printed by `go run`.
        case exitStatus
        /// `Read at 0x… by goroutine 7:`, `Previous write at …`.
        case raceAccess
        /// `Goroutine 7 (running) created at:`.
        case raceCreated
    }

    var kind = Kind.other
    /// Blanks and tabs before it.
    var indent = 0
    /// The part that matters: a message, a name, a path, a goroutine's status.
    var text = 0..<0
    /// A goroutine's id or a file's line.
    var number = 0
    /// A file line with ` fp=0x…` or a header with ` gp=0x…`: the runtime's own dump.
    var isSystem = false
    /// A file line with ` +0x…`.
    var hasOffset = false

    /// Judges a line; blanks at its end do not count.
    static func classify(_ line: LineBytes) -> CrashLine {
        let end = line.trimmedEnd
        var found = CrashLine()
        found.indent = min(line.indent, end)
        let at = found.indent
        guard at < end else {
            found.kind = .blank
            return found
        }
        if let headline = headline(line, at, end) {
            found.kind = headline.kind
            found.text = headline.text
            return found
        }
        switch line[at] {
        case UInt8(ascii: "g"):
            if found.readGoroutine(line, at, end) { return found }
            if line.has("goroutine running on other thread", at: at) {
                found.kind = .unavailable
                return found
            }
        case UInt8(ascii: "c"):
            if found.readCreatedBy(line, at, end) { return found }
        case UInt8(ascii: "r"):
            if line.has("runtime stack:", at: at), at + 14 == end {
                found.kind = .runtimeStack
                return found
            }
            if isNote(line, at, end) {
                found.kind = .note
                found.text = at..<end
                return found
            }
        case UInt8(ascii: "u"), UInt8(ascii: "f"):
            if isNote(line, at, end) {
                found.kind = .note
                found.text = at..<end
                return found
            }
        case UInt8(ascii: "["):
            if found.readBracket(line, at, end) { return found }
        case UInt8(ascii: "e"):
            if line.has("exit status ", at: at), line.digitsEnd(at + 12) == end, end > at + 12 {
                found.kind = .exitStatus
                return found
            }
        case UInt8(ascii: "R"), UInt8(ascii: "W"), UInt8(ascii: "P"), UInt8(ascii: "G"),
            UInt8(ascii: "A"):
            if found.readRace(line, at, end) { return found }
        default: break
        }
        if found.readFile(line, at, end) || found.readFunction(line, at, end) { return found }
        if isRegister(line, at, end) {
            found.kind = .register
        } else if isDetail(line, at, end) {
            found.kind = .detail
        } else if line[at] == UInt8(ascii: "."), line.ends(in: "frames elided...", end: end) {
            found.kind = .elided
        } else if isUnavailable(line, at, end) {
            found.kind = .unavailable
        }
        return found
    }

    /// A headline that stands at `at`.
    static func headline(
        _ line: LineBytes, _ at: Int, _ end: Int
    ) -> (kind: Kind, text: Range<Int>)? {
        switch line[at] {
        case UInt8(ascii: "p"):
            if line.has("panic: ", at: at), at + 7 <= end { return (.panic, at + 7..<end) }
            return line.has("panic:", at: at) && at + 6 == end ? (.panic, end..<end) : nil
        case UInt8(ascii: "f"):
            guard line.has("fatal error: ", at: at), at + 13 < end else { return nil }
            return (.fatal, at + 13..<end)
        case UInt8(ascii: "S"):
            guard line.has("SIG", at: at) else { return nil }
            var i = at + 3
            while i < end, line[i] &- 65 < 26 { i += 1 }
            guard i > at + 4, i < at + 12, line.has(": ", at: i), i + 2 < end else { return nil }
            return (.signal, at..<end)
        case UInt8(ascii: "E"):
            guard line.has("Exception 0x", at: at) else { return nil }
            let i = line.hexEnd(at + 12)
            guard i > at + 12, line.has(" 0x", at: i) else { return nil }
            return (.exception, at..<end)
        case UInt8(ascii: "W"):
            return line.has("WARNING: DATA RACE", at: at) && at + 18 == end
                ? (.race, at..<end) : nil
        case UInt8(ascii: "="):
            return line.has("==================", at: at) && at + 18 == end ? (.bar, at..<end) : nil
        default: return nil
        }
    }

    /// What the runtime says before it dies, or about a stack that it cannot walk.
    private static func isNote(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        if line.has("runtime: ", at: at) { return end > at + 9 }
        if line.has("runtime/cgo: ", at: at) { return end > at + 13 }
        if line.has("unexpected fault address 0x", at: at) { return end > at + 27 }
        if line.has("fatal: morestack on g", at: at) { return true }
        // runtime.preemptM: duplicatehandle failed; errno=1450
        guard line.has("runtime.", at: at), let colon = line.first(UInt8(ascii: ":"), from: at),
            line.has(": ", at: colon), let failed = line.find(" failed", from: colon)
        else { return false }
        return failed < end && line.first(0x20, from: at, end: colon) == nil
    }

    private static func isRegister(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        guard line[at] &- 97 < 26 else { return false }
        var i = at + 1
        while i < end, line[i] &- 97 < 26 || line[i].isDigit, i - at < 8 { i += 1 }
        guard i < end, line[i].isBlank, i - at >= 2 else { return false }
        while i < end, line[i].isBlank { i += 1 }
        return line.has("0x", at: i) && i + 2 < end && line.hexEnd(i + 2) == end
    }

    private static func isDetail(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        switch line[at] {
        case UInt8(ascii: "P"): return line.has("PC=0x", at: at)
        case UInt8(ascii: "s"):
            return line.has("signal arrived during ", at: at) || line.has("stack: frame={", at: at)
        case UInt8(ascii: "-"):
            return line.has("-----", at: at) && at + 5 == end
        case UInt8(ascii: "."):
            return line.has("...", at: at) && at + 3 == end
        case UInt8(ascii: "0"):
            // 0x00007ffeefbfee48:  0x01007ffeefbfee68 …
            guard line.has("0x", at: at) else { return false }
            let colon = line.hexEnd(at + 2)
            return colon - at >= 10 && line.has(": ", at: colon)
        case UInt8(ascii: "p"):
            // printed by a goroutine that dies while it dies
            return line.has("panic during ", at: at) || line.has("panic holding locks", at: at)
        default: return false
        }
    }

    private static func isUnavailable(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        line.has("stack trace unavailable", at: at) || line.has("non-Go function", at: at)
            || line.ends(in: "stack unavailable", end: end)
    }
}
