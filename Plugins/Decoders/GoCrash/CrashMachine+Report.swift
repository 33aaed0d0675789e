import WinnowKit

/// A line while a report is open.
struct ReportLine {
    let raw: RawLine
    /// The program's text, without carrier and prefix.
    let text: LineBytes
    let parsed: CrashLine
    /// Where the text begins in the raw line; nil when it was rewritten.
    let offset: Int?
    /// Whether the carrier's next line goes on with it.
    let isPartial: Bool
}

extension CrashMachine {
    /// States headline, stack and race.
    mutating func reportStep(_ raw: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        guard let report else { return }
        if raw.next - report.start > maxReport {
            beginOverflow(raw, window, &table)
            return
        }
        let carried = carrier.open(window.line(raw))
        guard let text = unwrap(LineBytes(carried.text), report.wrapping) else {
            setAside(raw, nil, window, &table)
            return
        }
        let line = ReportLine(
            raw: raw, text: text, parsed: CrashLine.classify(text), offset: carried.offset,
            isPartial: carried.isPartial)
        if !report.fragment.isEmpty || line.isPartial {
            if join(line, window, &table) { return }
        }
        if case .none = CrashOpener.recovered(text) {
            if state == .headline {
                headlineStep(line, window, &table)
            } else {
                stackStep(line, window, &table)
            }
        } else if state == .headline, repeatsObserved(text) {
            self.report?.commit(raw)
        } else {
            close(window, &table, then: raw)
        }
    }

    /// The program's text of a line that the report's wrapping surrounds; nil for other lines.
    mutating func unwrap(_ text: LineBytes, _ wrapping: CrashWrapping) -> LineBytes? {
        switch wrapping {
        case .none, .errorRecord: return text
        case .undecided(let prefixes):
            for prefix in prefixes {
                guard let end = prefix.end(in: text) else { continue }
                let rest = text.slice(end..<text.count)
                let kind = CrashLine.classify(rest).kind
                if kind == .goroutine || kind == .blank || kind == .runtimeStack {
                    report?.wrapping = .prefix(prefix)
                    return rest
                }
            }
            return text
        case .prefix(let prefix):
            return prefix.end(in: text).map { text.slice($0..<text.count) }
        case .value(let key):
            guard let range = key.withUnsafeBytes({ QuotedValue.value(text, of: $0) }) else {
                return nil
            }
            return unquoted.unescape(text, range)
        }
    }

    /// Whether a line says again what a recovered panic's headline said.
    private func repeatsObserved(_ text: LineBytes) -> Bool {
        guard let report, !report.observed.isEmpty, report.limbo.isEmpty,
            let at = text.find("Observed a panic")
        else { return false }
        return text.slice(at..<text.count).raw.elementsEqual(report.observed)
    }

    /// A line while the report has a headline and no stack.
    mutating func headlineStep(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        guard let report else { return }
        let (text, parsed, kind) = (line.text, line.parsed, report.kind)
        let isQuiet = report.limbo.isEmpty
        if case .errorRecord = report.wrapping, !report.isRecordOver,
            parsed.kind == .blank || text.has("+ ", at: text.indent)
        {
            self.report?.isRecordOver = parsed.kind == .blank
            self.report?.commit(line.raw)
            return
        }
        if let cut = foreignStart(line), cut > 0, CrashLine.isHeaderStart(text.slice(0..<cut)) {
            split(line, cut, window, &table)
            return
        }
        // Since Go 1.23 each further line of a message has a tab, whatever it looks like.
        if kind == .panic, !report.isRecovered, isQuiet, text.count > 0, text[0] == 0x09 {
            commit(line)
            return
        }
        let isNested = parsed.indent > 0 || report.isRepanic
        switch parsed.kind {
        case .blank:
            holdBlank(line.raw, window, &table)
        case .panic where isNested, .fatal where isNested:
            commit(line)
        case .fatal
        where kind == .fatal && isQuiet
            && report.headline.elementsEqual(text.raw.prefix(OpenReport.maxHeadline)):
            // Two goroutines threw at once.
            commit(line)
        case .exitStatus:
            commit(line)
            close(window, &table)
        case .panic, .fatal, .race, .bar, .exception, .signal:
            close(window, &table, then: line.raw)
        case .signalDetail:
            commit(line)
        case .detail where kind != .panic:
            commit(line)
        case .note where kind == .exception || kind == .signal:
            commit(line)
        case .note where !report.isRecovered:
            // The next process has begun to die.
            close(window, &table, then: line.raw)
        case .goroutine, .runtimeStack:
            if report.foreignRun == 0 || report.endsInBlank {
                enterStack(line)
            } else {
                // A program's own dump behind other lines.
                close(window, &table, then: line.raw)
            }
        case .function, .file:
            if kind == .exception || kind == .signal || kind == .fatal && !isQuiet {
                enterStack(line)
            } else {
                messageStep(line, window, &table)
            }
        default:
            messageStep(line, window, &table)
        }
    }

    private mutating func enterStack(_ line: ReportLine) {
        let isBlankless = report?.endsInBlank == false
        report?.isBlankless = isBlankless
        commit(line)
        state = .stack
    }

    /// A line that may be a further line of a panic's message, or another writer's.
    private mutating func messageStep(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if report?.kind == .panic, !LogStamp.isLogLine(line.text), lead?.begins(line.text) != true {
            report?.hold(line.raw, .report)
            report?.endsInBlank = false
            closeIfOver(window, &table)
        } else {
            setAside(line.raw, LogStamp.find(line.text)?.seconds, window, &table)
        }
    }

    /// A line within stacks or a race report.
    private mutating func stackStep(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if let cut = foreignStart(line) {
            split(line, cut, window, &table)
        } else if take(line, window, &table) {
            return
        } else if report?.foreignRun == 0, CrashLine.isOpen(line.text), line.text.count < 4096 {
            // The rest of a frame may stand on the next line.
            report?.hold(line.raw, .report)
            report?.fragment = Array(line.text.raw.prefix(line.text.trimmedEnd))
        } else {
            setAside(line.raw, LogStamp.find(line.text)?.seconds, window, &table)
        }
    }

    /// Takes a line in that the grammar allows here; false where it does not.
    mutating func take(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) -> Bool {
        guard let report else { return false }
        let isRace = state == .race
        let isApart = report.foreignRun > 0
        switch line.parsed.kind {
        case .blank:
            holdBlank(line.raw, window, &table)
            return true
        case .goroutine where report.goroutines > 0 || report.stackEnded:
            // A dump goes on with a blank line and a header; what recovers prints one stack.
            if isRace { return false }
            if report.isRecovered || !report.endsInBlank && (isApart || !report.isBlankless) {
                close(window, &table, then: line.raw)
                return true
            }
        case .goroutine, .runtimeStack, .originating:
            if isRace || isApart && !report.endsInBlank { return false }
        case .function, .file:
            // Behind a finished stack comes a blank line and a header, or nothing.
            if isApart, report.isBehindStack { return false }
        case .createdBy, .elided, .unavailable: break
        case .register:
            if isRace { return false }
        case .detail:
            if isRace || isApart { return false }
        case .note:
            if isRace || isApart { return false }
            if report.isBehindStack {
                // The next process has begun to die.
                close(window, &table, then: line.raw)
                return true
            }
        case .exitStatus:
            commit(line)
            close(window, &table)
            return true
        case .bar where isRace && report.goroutines > 0:
            commit(line)
            close(window, &table)
            return true
        case .raceAccess, .raceCreated:
            if !isRace { return false }
        case .signalDetail:
            if isRace { return false }
        case .signal where report.endsInDashes && !isRace:
            // `-----` stands between the threads that GOTRACEBACK=crash lists.
            break
        case .panic, .fatal, .exception, .race, .bar, .signal:
            close(window, &table, then: line.raw)
            return true
        case .other:
            guard !isRace, report.acceptsBareNames, CrashLine.isBareName(line.text) else {
                return false
            }
        }
        commit(line)
        return true
    }

    /// A blank line, which belongs to the report if more of it follows.
    private mutating func holdBlank(
        _ raw: RawLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        report?.hold(raw, .report)
        report?.endsInBlank = true
        closeIfOver(window, &table)
    }

    /// Takes a line into the report.
    mutating func commit(_ line: ReportLine) {
        report?.commit(line.raw)
        report?.learn(line.parsed, line.text)
    }

    mutating func closeIfOver(_ window: FrameWindow, _ table: inout RecordTable) {
        if report?.isOver == true { close(window, &table) }
    }
}
