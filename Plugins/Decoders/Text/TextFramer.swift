import Glibc
import WinnowKit

/// Cuts a text input into lines and Go reports.
///
/// Ordinary lines cost one search for line feeds and one for the words of `CrashScreen`; only a
/// line with such a word, and the lines that follow it, meet the crash machine.
final class TextFramer: Framer {
    private var splitter = LineSplitter()
    private var machine = CrashMachine()
    private let screen = CrashScreen()
    /// Offset in the input of the first byte of the next call.
    private var base = 0

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
                    splitter.position - held > CrashMachine.maxReport
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
        var limit = bytes.count
        while limit > at, bytes[limit - 1] != 0x0A { limit -= 1 }
        guard limit > at else { return }
        // A NUL may be a hole; the splitter knows.
        var stop = screen.next(bytes, from: at, to: limit) ?? limit
        if let nul = memchr(start + at, 0, stop - at) { stop = start.distance(to: nul) }
        var last: RawLine?
        while at < stop, let hit = memchr(start + at, 0x0A, limit - at) {
            let feed = start.distance(to: hit)
            guard feed < stop else { break }
            var end = feed
            if end > at, bytes[end - 1] == 0x0D { end -= 1 }
            guard end - at <= LineSplitter.maxLine else { break }
            table.records.append(.init(start: at, end: end, kind: TextKind.text))
            last = RawLine(start: at + window.base, end: end + window.base, next: feed + 1 + window.base)
            at = feed + 1
        }
        if let last {
            machine.remember(last, window)
            splitter.resume(at: at + window.base)
        }
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
