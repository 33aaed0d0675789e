import WinnowKit

extension OpenReport {
    /// Learns from a line of the report how complete it is.
    mutating func learn(_ line: CrashLine, _ text: LineBytes) {
        endsInDashes = false
        acceptsBareNames = line.kind == .goroutine || line.kind == .other
        switch line.kind {
        case .goroutine:
            goroutines += 1
            isSystem = isSystem || line.isSystem
            stackEnded = false
            expectsFile = false
        case .runtimeStack:
            isSystem = true
            stackEnded = false
        case .function:
            expectsFile = true
            let name = text.slice(line.text)
            // In a dump with addresses runtime.main and runtime.goexit follow main.main.
            stackEnded =
                Self.isRoot(name, "main.main") && !isSystem || Self.isRoot(name, "runtime.goexit")
                || Self.isRoot(name, "runtime.mstart")
        case .createdBy:
            expectsFile = true
            stackEnded = true
        case .file:
            expectsFile = false
            isSystem = isSystem || line.isSystem
        case .register:
            // The last of them on x86.
            isFinal = text.has("gs ", at: line.indent) || text.has("gs\t", at: line.indent)
            stackEnded = true
        case .exitStatus: isFinal = true
        case .detail: endsInDashes = text.has("-----", at: line.indent)
        case .panic, .fatal:
            isRepanic =
                text.ends(in: "[recovered]", end: text.trimmedEnd)
                || text.ends(in: "repanicked]", end: text.trimmedEnd)
        default: break
        }
    }

    private static func isRoot(_ name: LineBytes, _ root: StaticString) -> Bool {
        name.count == root.utf8CodeUnitCount && name.has(root)
    }
}

extension CrashMachine {
    /// States headline, stack and race.
    mutating func reportStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        guard let start = report?.start else { return }
        if line.next - start > Self.maxReport {
            beginOverflow(line, window, &table)
            return
        }
        let carried = carrier.open(window.line(line))
        guard let text = unwrap(LineBytes(carried.text)) else {
            setAside(line, nil, window, &table)
            return
        }
        if report?.fragment.isEmpty == false, join(line, text, carried, window, &table) { return }
        if isRecovered(text) {
            if state == .headline, repeatsHeadline(text) {
                report?.commit(line)
            } else {
                close(window, &table, then: line)
            }
            return
        }
        let parsed = CrashLine.classify(text)
        if case .headline = state {
            headlineStep(line, text, parsed, carried, window, &table)
        } else {
            stackStep(line, text, parsed, carried, window, &table)
        }
    }

    /// Whether a line is a recovered panic's headline, wherever it stands on the line.
    private func isRecovered(_ text: LineBytes) -> Bool {
        guard text.count > 20 else { return false }
        switch CrashOpener.recovered(text) {
        case .httpPanic, .observed: return true
        default: return false
        }
    }

    private func repeats(_ text: LineBytes) -> Bool {
        report?.headline.elementsEqual(text.raw.prefix(4096)) == true
    }

    private func repeatsHeadline(_ text: LineBytes) -> Bool {
        guard let report, !report.observed.isEmpty, report.limbo.isEmpty,
            let at = text.find("Observed a panic")
        else { return false }
        return text.slice(at..<text.count).raw.elementsEqual(report.observed)
    }

    /// The program's text of a line that the report's wrapping surrounds; nil for other lines.
    private mutating func unwrap(_ text: LineBytes) -> LineBytes? {
        guard let report else { return text }
        switch report.wrapping {
        case .none, .errorRecord: return text
        case .undecided(let prefixes):
            for prefix in prefixes {
                guard let end = prefix.end(in: text) else { continue }
                let rest = text.slice(end..<text.count)
                let kind = CrashLine.classify(rest).kind
                if kind == .goroutine || kind == .blank || kind == .runtimeStack {
                    self.report?.wrapping = .prefix(prefix)
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

    /// A line while the report has a headline and no stack.
    private mutating func headlineStep(
        _ line: RawLine, _ text: LineBytes, _ parsed: CrashLine, _ carried: CarriedLine,
        _ window: FrameWindow, _ table: inout RecordTable
    ) {
        guard let kind = report?.kind, let isRecovered = report?.isRecovered,
            let isQuiet = report?.limbo.isEmpty
        else { return }
        if case .errorRecord? = report?.wrapping, report?.isRecordOver == false {
            if parsed.kind == .blank || text.has("+ ", at: text.indent) {
                report?.isRecordOver = parsed.kind == .blank
                report?.commit(line)
                return
            }
        }
        if let cut = foreignStart(text, parsed, carried), cut > 0,
            CrashLine.isHeaderStart(text.slice(0..<cut))
        {
            splitLine(line, text, cut, carried, window, &table)
            return
        }
        let isNested = parsed.indent > 0 || report?.isRepanic == true
        // Since Go 1.23 each further line of a message has a tab, whatever it looks like.
        if kind == .panic, !isRecovered, isQuiet, text.count > 0, text[0] == 0x09 {
            report?.commit(line)
            report?.learn(parsed, text)
            return
        }
        switch parsed.kind {
        case .blank:
            report?.hold(line, .report)
            report?.endsInBlank = true
            closeIfOver(window, &table)
        case .panic where isNested, .fatal where isNested:
            report?.commit(line)
            report?.learn(parsed, text)
        case .fatal where kind == .fatal && isQuiet && repeats(text):
            // Two goroutines threw at once.
            report?.commit(line)
        case .panic, .fatal, .race, .bar, .exitStatus:
            if parsed.kind == .exitStatus { report?.commit(line) }
            close(window, &table, then: parsed.kind == .exitStatus ? nil : line)
        case .exception, .signal:
            close(window, &table, then: line)
        case .signalDetail:
            report?.commit(line)
        case .detail where kind != .panic:
            report?.commit(line)
        case .note where kind == .exception || kind == .signal:
            report?.commit(line)
        case .note where !isRecovered:
            close(window, &table, then: line)
        case .goroutine, .runtimeStack:
            guard report?.hasForeignLimbo == false || report?.endsInBlank == true else {
                setAside(line, nil, window, &table)
                return
            }
            enterStack(line, text, parsed)
        case .function, .file:
            if kind == .exception || kind == .signal || kind == .fatal && !isQuiet {
                enterStack(line, text, parsed)
            } else {
                messageStep(line, text, window, &table)
            }
        default:
            messageStep(line, text, window, &table)
        }
    }

    private mutating func enterStack(_ line: RawLine, _ text: LineBytes, _ parsed: CrashLine) {
        let isBlankless = report?.endsInBlank == false
        report?.isBlankless = isBlankless
        report?.commit(line)
        report?.learn(parsed, text)
        state = .stack
    }

    /// A line that may be a further line of a panic's message, or another writer's.
    private mutating func messageStep(
        _ line: RawLine, _ text: LineBytes, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if report?.kind == .panic, !LogStamp.isLogLine(text), lead?.begins(text) != true {
            report?.hold(line, .report)
            report?.endsInBlank = false
            closeIfOver(window, &table)
        } else {
            setAside(line, LogStamp.find(text)?.seconds, window, &table)
        }
    }

    /// A line within stacks or a race report.
    private mutating func stackStep(
        _ line: RawLine, _ text: LineBytes, _ parsed: CrashLine, _ carried: CarriedLine,
        _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if let cut = foreignStart(text, parsed, carried) {
            splitLine(line, text, cut, carried, window, &table)
            return
        }
        guard take(line, text, parsed, window, &table) else {
            if report?.hasForeignLimbo == false, CrashLine.isOpen(text), text.count < 4096 {
                // The rest of a frame may stand on the next line.
                report?.hold(line, .report)
                report?.fragment = Array(text.raw.prefix(text.trimmedEnd))
                return
            }
            setAside(line, LogStamp.find(text)?.seconds, window, &table)
            return
        }
    }

    /// Takes a line in that the grammar allows here; false where it does not.
    private mutating func take(
        _ line: RawLine, _ text: LineBytes, _ parsed: CrashLine, _ window: FrameWindow,
        _ table: inout RecordTable
    ) -> Bool {
        let isRace = state == .race
        let isApart = report?.hasForeignLimbo == true
        switch parsed.kind {
        case .blank:
            report?.hold(line, .report)
            report?.endsInBlank = true
            closeIfOver(window, &table)
            return true
        case .goroutine, .runtimeStack, .originating:
            // A dump goes on with a blank line and a header; what recovers prints one stack.
            if isRace { return false }
            if parsed.kind == .goroutine, report?.goroutines ?? 0 > 0 || report?.stackEnded == true {
                if report?.isRecovered == true {
                    close(window, &table, then: line)
                    return true
                }
                if report?.endsInBlank == false, isApart || report?.isBlankless == false {
                    close(window, &table, then: line)
                    return true
                }
            } else if isApart, report?.endsInBlank == false {
                return false
            }
        case .function, .file:
            // Behind a finished stack comes a blank line and a header, or nothing.
            if isApart, report?.stackEnded == true, report?.expectsFile == false { return false }
        case .createdBy, .elided, .unavailable: break
        case .register:
            if isRace { return false }
        case .note, .detail:
            if isRace || isApart { return false }
            if parsed.kind == .note, report?.stackEnded == true, report?.expectsFile == false {
                // The next process has begun to die.
                close(window, &table, then: line)
                return true
            }
        case .exitStatus:
            report?.commit(line)
            close(window, &table)
            return true
        case .bar:
            if isRace, report?.goroutines ?? 0 > 0 {
                report?.commit(line)
                close(window, &table)
            } else {
                close(window, &table, then: line)
            }
            return true
        case .raceAccess, .raceCreated:
            if !isRace { return false }
            report?.goroutines += 1
        case .signal, .signalDetail:
            // `-----` stands between the threads that GOTRACEBACK=crash lists.
            if isRace { return false }
            if parsed.kind == .signal, report?.endsInDashes != true {
                close(window, &table, then: line)
                return true
            }
        case .panic, .fatal, .exception, .race:
            close(window, &table, then: line)
            return true
        case .other:
            guard !isRace, report?.acceptsBareNames == true, CrashLine.isBareName(text) else {
                return false
            }
        }
        report?.commit(line)
        report?.learn(parsed, text)
        return true
    }

    /// Where another writer's line begins in this one, or nil.
    private func foreignStart(
        _ text: LineBytes, _ parsed: CrashLine, _ carried: CarriedLine
    ) -> Int? {
        // Where the text was rewritten there is no place to cut the line at.
        guard carried.offset != nil else { return nil }
        switch report?.wrapping {
        case .none?, .undecided?: break
        default: return nil
        }
        // A whole frame has no room for another line.
        guard parsed.kind == .other else { return nil }
        return LogStamp.find(text)?.start ?? lead?.find(in: text)
    }

    /// A line of which the first part may be the report's and the rest is another writer's.
    private mutating func splitLine(
        _ line: RawLine, _ text: LineBytes, _ cut: Int, _ carried: CarriedLine,
        _ window: FrameWindow, _ table: inout RecordTable
    ) {
        let stamp = LogStamp.find(text)?.seconds
        if cut > 0 {
            var candidate = report?.fragment ?? []
            let offset = carried.offset ?? 0
            let skipped = candidate.isEmpty ? 0 : offset
            candidate.append(contentsOf: text.raw[0..<cut])
            if candidate.count < 65_536,
                candidate.withUnsafeBytes({ CrashLine.isBeginning(LineBytes($0)) })
            {
                report?.skipNext = skipped
                report?.hold(line, .cut(offset + cut), stamp: stamp)
                report?.fragment = candidate
                closeIfOver(window, &table)
                return
            }
        }
        setAside(line, stamp, window, &table)
    }

    /// A line that may complete the one that was cut; false when it does not.
    private mutating func join(
        _ line: RawLine, _ text: LineBytes, _ carried: CarriedLine, _ window: FrameWindow,
        _ table: inout RecordTable
    ) -> Bool {
        guard let fragment = report?.fragment else { return false }
        let isCut = report?.hasForeignLimbo == true
        if isCut, let cut = foreignStart(text, CrashLine.classify(text), carried) {
            splitLine(line, text, cut, carried, window, &table)
            return true
        }
        var whole = fragment
        whole.append(contentsOf: text.raw)
        return whole.withUnsafeBytes { bytes in
            let joined = LineBytes(bytes)
            let parsed = CrashLine.classify(joined)
            report?.fragment.removeAll(keepingCapacity: true)
            if parsed.kind != .other, parsed.kind != .blank {
                // A line that a terminal broke keeps its line end, one that was cut has none.
                report?.skipNext = isCut ? carried.offset ?? 0 : 0
                if state != .headline { return take(line, joined, parsed, window, &table) }
                if parsed.kind == report?.kind, report?.parts.count == 1 {
                    report?.commit(line)
                } else {
                    // Only a header behind a blank line gets here.
                    report?.endsInBlank = true
                    headlineStep(line, joined, parsed, carried, window, &table)
                }
                return true
            }
            if !isCut, CrashLine.classify(text).kind == .other, CrashLine.isOpen(joined),
                whole.count < 4096
            {
                report?.hold(line, .report)
                report?.fragment = whole
                return true
            }
            return false
        }
    }

    /// Another writer's line, as far as can be seen.
    private mutating func setAside(
        _ line: RawLine, _ stamp: Int64?, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if report?.mayBeOver == true, case .none? = report?.wrapping {
            // The next report's headline, glued to a line that its process did not finish.
            let text = LineBytes(carrier.open(window.line(line)).text)
            if case .embedded = CrashOpener.find(text, atStart: false) {
                close(window, &table, then: line)
                return
            }
        }
        if case .errorRecord? = report?.wrapping, stamp == nil {
            report?.hold(line, .rest)
        } else {
            report?.hold(line, .foreign, stamp: stamp)
        }
        closeIfOver(window, &table)
    }

    private mutating func closeIfOver(_ window: FrameWindow, _ table: inout RecordTable) {
        if report?.isOver == true { close(window, &table) }
    }

    /// The report has reached its cap: what there is becomes the record, the rest is dropped.
    private mutating func beginOverflow(
        _ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        report?.truncated = true
        // Lines in limbo are looked at again in the new state, and then this one.
        close(window, &table, then: line)
        state = .overflow
        overflowRun = 0
    }

    /// State overflow: the report's lines are dropped and counted, others are text.
    mutating func overflowStep(_ line: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let text = LineBytes(carrier.open(window.line(line)).text)
        let parsed = CrashLine.classify(text)
        switch parsed.kind {
        case .blank:
            overflowRun += overflowRun > 0 ? 1 : 0
            if overflowRun > 0 { write(line, window, &table) }
        case .panic, .fatal, .race, .exception, .signal, .bar:
            state = .idle
            again(line)
            return
        case .other:
            write(line, window, &table)
            overflowRun += 1
        default:
            table.skippedBytes += line.count
            overflowRun = 0
        }
        if overflowRun > 256 { state = .idle }
    }
}
