import Glibc
import WinnowKit

/// Cuts a text input into lines and Go reports.
///
/// Ordinary lines cost one search for line feeds and one for the words of `CrashScreen`; only a
/// line with such a word, and the lines that follow it, meet the crash machine.
final class TextFramer: Framer {
    private var splitter = LineSplitter()
    /// Bytes of one report; what comes behind them is dropped.
    static let maxReport = 16 << 20

    private var machine: CrashMachine
    /// Offset in the input of the first byte of the next call.
    private var base = 0

    init(maxReport: Int = TextFramer.maxReport) { machine = CrashMachine(maxReport: maxReport) }

    var lineBreak: LineBreak { splitter.lineBreak }

    func frame(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, into table: inout RecordTable
    ) -> Int {
        let window = FrameWindow(bytes: bytes, base: base)
        loop: while true {
            if machine.isIdle, !machine.isAtStart, splitter.isPlain { takePlain(window, &table) }
            switch splitter.next(bytes, base: base, atEnd: atEnd) {
            case .line(let line):
                machine.feed(line, window, &table)
            case .hole(let start):
                machine.flush(window, &table)
                table.problems.append(
                    Problem(
                        offset: start - base,
                        reason: "a stretch of NUL bytes: a hole in the file", lostRecord: false))
            case .skipped(let count):
                table.skippedBytes += count
                // The rest of an endless line must not pile up behind an open report.
                if let held = machine.heldStart,
                    splitter.position - held > machine.maxReport
                {
                    machine.flush(window, &table)
                }
            case .wait:
                break loop
            }
        }
        if atEnd { machine.flush(window, &table) }
        let consumed = min(machine.heldStart ?? splitter.position, splitter.position) - base
        base += consumed
        return consumed
    }

    /// Writes ordinary lines up to the first that needs a closer look.
    private func takePlain(_ window: FrameWindow, _ table: inout RecordTable) {
        let bytes = window.bytes
        guard let start = bytes.baseAddress else { return }
        var at = splitter.lineStart - window.base
        var last: RawLine?
        // In pieces, so that a line that needs a look costs no search of all that follows it.
        while let limit = pieceEnd(bytes, from: at) {
            // A NUL may be a hole; the splitter knows.
            let plain = memchr(start + at, 0, limit - at).map { start.distance(to: $0) } ?? limit
            let stop = machine.screen.next(bytes, from: at, to: plain) ?? plain
            while at < stop, let hit = memchr(start + at, 0x0A, stop - at) {
                let feed = start.distance(to: hit)
                var end = feed
                if end > at, bytes[end - 1] == 0x0D { end -= 1 }
                guard end - at <= LineSplitter.maxLine else { break }
                table.records.append(.init(start: at, end: end, kind: TextKind.text))
                last = RawLine(start: at + window.base, end: end + window.base, next: feed + 1)
                at = feed + 1
            }
            if at < limit { break }
        }
        if let last {
            machine.remember(last, window)
            splitter.resume(at: at + window.base)
        }
    }

    /// Where a piece of whole lines ends that begins at `from`; nil when no line is complete.
    private func pieceEnd(_ bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        let size = 8192
        if bytes.count - from > size {
            var end = from + size
            while end > from, bytes[end - 1] != 0x0A { end -= 1 }
            if end > from { return end }
        }
        let rest = LineBytes(bytes)
        if bytes.count - from > size {
            return rest.first(0x0A, from: from).map { $0 + 1 }
        }
        var end = bytes.count
        while end > from, bytes[end - 1] != 0x0A { end -= 1 }
        return end > from ? end : nil
    }
}

/// Cuts a text input into lines and nothing else.
final class PlainLineFramer: Framer {
    private var splitter = LineSplitter()
    private var base = 0

    var lineBreak: LineBreak { splitter.lineBreak }

    func frame(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, into table: inout RecordTable
    ) -> Int {
        loop: while true {
            switch splitter.next(bytes, base: base, atEnd: atEnd) {
            case .line(let line):
                table.records.append(
                    .init(
                        start: line.start - base, end: line.end - base, kind: TextKind.text,
                        truncated: line.truncated))
            case .hole(let start):
                table.problems.append(
                    Problem(
                        offset: start - base,
                        reason: "a stretch of NUL bytes: a hole in the file", lostRecord: false))
            case .skipped(let count): table.skippedBytes += count
            case .wait: break loop
            }
        }
        let consumed = splitter.position - base
        base += consumed
        return consumed
    }
}
