import WinnowKit

extension CrashMachine {
    /// Where another writer's line begins in this one, or nil.
    func foreignStart(_ line: ReportLine) -> Int? {
        // Where the text was rewritten there is no place to cut the line at; a whole frame has no
        // room for another line.
        guard line.offset != nil, line.parsed.kind == .other else { return nil }
        switch report?.wrapping {
        case .none?, .undecided?: break
        default: return nil
        }
        return LogStamp.find(line.text)?.start ?? lead?.find(in: line.text)
    }

    /// A line of which the first part may be the report's and the rest is another writer's.
    mutating func split(
        _ line: ReportLine, _ cut: Int, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        let stamp = LogStamp.find(line.text)?.seconds
        guard cut > 0, let offset = line.offset, let fragment = report?.fragment else {
            setAside(line.raw, stamp, window, &table)
            return
        }
        let candidate = fragment + line.text.raw[0..<cut]
        guard candidate.count < 65_536,
            candidate.withUnsafeBytes({ CrashLine.isBeginning(LineBytes($0)) })
        else {
            setAside(line.raw, stamp, window, &table)
            return
        }
        report?.skipNext = fragment.isEmpty ? 0 : offset
        report?.hold(line.raw, .cut(offset + cut), stamp: stamp)
        report?.fragment = candidate
        closeIfOver(window, &table)
    }

    /// A line that may complete one that was cut, broken by a terminal, or divided by a carrier;
    /// false when it does not.
    mutating func join(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) -> Bool {
        guard let report else { return false }
        let isCut = report.foreignRun > 0
        if isCut, let cut = foreignStart(line) {
            split(line, cut, window, &table)
            return true
        }
        let whole = report.fragment + Array(line.text.raw)
        if line.isPartial, whole.count < 65_536 {
            self.report?.hold(line.raw, .report)
            self.report?.fragment = whole
            return true
        }
        self.report?.fragment.removeAll(keepingCapacity: true)
        return whole.withUnsafeBytes { bytes in
            let text = LineBytes(bytes)
            let joined = ReportLine(
                raw: line.raw, text: text, parsed: CrashLine.classify(text), offset: line.offset,
                isPartial: false)
            if joined.parsed.kind != .other, joined.parsed.kind != .blank {
                // A line that a terminal broke keeps its line end, one that was cut has none.
                self.report?.skipNext = isCut ? line.offset ?? 0 : 0
                return takeJoined(joined, window, &table)
            }
            if !isCut, line.parsed.kind == .other, CrashLine.isOpen(text), whole.count < 4096,
                report.limbo.count < 64
            {
                self.report?.hold(line.raw, .report)
                self.report?.fragment = whole
                return true
            }
            return false
        }
    }

    private mutating func takeJoined(
        _ line: ReportLine, _ window: FrameWindow, _ table: inout RecordTable
    ) -> Bool {
        guard state == .headline else { return take(line, window, &table) }
        if line.parsed.kind == report?.kind, report?.goroutines == 0 {
            commit(line)
        } else {
            // Only a header that was cut behind its blank line gets here.
            report?.endsInBlank = true
            headlineStep(line, window, &table)
        }
        return true
    }

    /// Another writer's line, as far as can be seen.
    mutating func setAside(
        _ raw: RawLine, _ stamp: Int64?, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        if report?.mayBeOver == true, case .none? = report?.wrapping {
            // The next report's headline, glued to a line that its process did not finish.
            let text = LineBytes(carrier.open(window.line(raw)).text)
            if case .embedded = CrashOpener.find(text, atStart: false) {
                close(window, &table, then: raw)
                return
            }
        }
        if case .errorRecord? = report?.wrapping, stamp == nil {
            report?.hold(raw, .rest)
        } else {
            report?.hold(raw, .foreign, stamp: stamp)
        }
        closeIfOver(window, &table)
    }

    /// The report has reached its cap: what there is becomes the record, the rest is dropped.
    mutating func beginOverflow(
        _ raw: RawLine, _ window: FrameWindow, _ table: inout RecordTable
    ) {
        report?.truncated = true
        overflow = (report?.wrapping ?? .none, 0)
        // Lines in limbo are looked at again in the new state, and then this one.
        close(window, &table, then: raw)
        state = .overflow
    }

    /// State overflow: the report's lines are dropped and counted, others are text.
    mutating func overflowStep(_ raw: RawLine, _ window: FrameWindow, _ table: inout RecordTable) {
        let carried = LineBytes(carrier.open(window.line(raw)).text)
        let kind = unwrap(carried, overflow.wrapping).map { CrashLine.classify($0).kind } ?? .other
        switch kind {
        case .panic, .fatal, .race, .exception, .signal, .bar:
            state = .idle
            again(raw)
            return
        case .blank where overflow.foreign == 0: break
        case .blank, .other:
            write(raw, window, &table)
            overflow.foreign += 1
        default:
            table.skippedBytes += raw.count
            overflow.foreign = 0
        }
        if overflow.foreign > 256 { state = .idle }
    }
}
