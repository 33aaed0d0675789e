import Glibc
import WinnowKit

/// One line as it stands in the input; offsets count from the input's first byte.
struct RawLine {
    /// Its first byte.
    var start: Int
    /// After its last byte, line end excluded.
    var end: Int
    /// Where the next line begins; `end` at the end of the input.
    var next: Int
    /// True when it was longer than the cap and only its beginning is meant.
    var truncated = false

    var count: Int { end - start }
}

/// Cuts a text input into lines.
///
/// A line ends at LF, a CR before it included; in an input whose first line end is a CR alone, at
/// each CR and each LF. Remembers how far it has looked, so that no byte is looked at twice however
/// the input is cut into calls.
struct LineSplitter {
    /// Longest line in bytes; the rest of a longer one is dropped as it streams.
    static let maxLine = 1 << 20
    /// So many NULs in a row are a hole in the file (an unwritten block), fewer are dirt in a line.
    static let hole = 8

    /// What comes next in the input.
    enum Step {
        /// A line.
        case line(RawLine)
        /// A hole begins at an offset.
        case hole(Int)
        /// So many bytes belong to no record.
        case skipped(Int)
        /// More bytes are needed, or the input is at its end.
        case wait
    }

    private enum Style { case undecided, lf, cr }

    private var style = Style.undecided
    /// Where the line being read begins.
    private(set) var lineStart = 0
    /// Everything before it has been looked at.
    private var examined = 0
    private var dropping = false
    private var inHole = false
    private var afterHole = false

    /// How lines are counted so far.
    var lineBreak: LineBreak { style == .cr ? .cr : .lf }

    /// True when nothing but complete lines lies behind, so that lines may be cut by LF alone.
    var isPlain: Bool {
        style == .lf && !dropping && !inHole && !afterHole && examined == lineStart
    }

    /// How far the input has been taken; what lies before is in no later step.
    var position: Int { dropping || inHole ? examined : lineStart }

    /// Goes on behind lines that somebody else has cut.
    mutating func resume(at start: Int) {
        lineStart = start
        examined = start
    }

    /// The next step over `bytes`, whose first byte is at offset `base`.
    mutating func next(_ bytes: UnsafeRawBufferPointer, base: Int, atEnd: Bool) -> Step {
        let limit = base + bytes.count
        if inHole {
            let from = examined
            while examined < limit, bytes[examined - base] == 0 { examined += 1 }
            if examined < limit || atEnd {
                inHole = false
                afterHole = true
                lineStart = examined
            }
            if examined > from { return .skipped(examined - from) }
            if examined == limit { return .wait }
        }
        while true {
            let stop = nextStop(bytes, base: base)
            guard let stop else { return unfinished(bytes, base: base, atEnd: atEnd) }
            let byte = bytes[stop - base]
            if byte == 0 {
                var end = stop
                while end < limit, bytes[end - base] == 0 { end += 1 }
                if end - stop >= Self.hole { return openHole(stop) }
                if end == limit, !atEnd {
                    examined = stop
                    return isTooLong(to: stop) ? truncate() : .wait
                }
                examined = end
                continue
            }
            if byte == 0x0D {
                if style == .undecided {
                    guard stop + 1 < limit || atEnd else {
                        let passed = stop - examined
                        examined = stop
                        if dropping { return passed > 0 ? .skipped(passed) : .wait }
                        return isTooLong(to: stop) ? truncate() : .wait
                    }
                    if stop + 1 < limit, bytes[stop + 1 - base] == 0x0A {
                        style = .lf
                        examined = stop + 1
                        continue
                    }
                    style = .cr
                }
                return finish(at: stop, end: stop)
            }
            if style == .undecided { style = .lf }
            var end = stop
            if style == .lf, end > lineStart, bytes[end - 1 - base] == 0x0D { end -= 1 }
            return finish(at: stop, end: end)
        }
    }

    /// The offset of the next byte that may end a line or begin a hole, or nil.
    private func nextStop(_ bytes: UnsafeRawBufferPointer, base: Int) -> Int? {
        let line = LineBytes(bytes)
        let from = examined - base
        var stop = line.first(0x0A, from: from)
        if style != .lf { stop = line.first(0x0D, from: from, end: stop ?? bytes.count) ?? stop }
        if !dropping { stop = line.first(0, from: from, end: stop ?? bytes.count) ?? stop }
        return stop.map { $0 + base }
    }

    private func isTooLong(to end: Int) -> Bool { !dropping && end - lineStart > Self.maxLine }

    /// The first part of a line that is too long; the rest is dropped.
    private mutating func truncate() -> Step {
        let line = RawLine(
            start: lineStart, end: lineStart + Self.maxLine, next: lineStart + Self.maxLine,
            truncated: true)
        dropping = true
        examined = line.next
        lineStart = line.next
        afterHole = false
        return .line(line)
    }

    private mutating func finish(at stop: Int, end: Int) -> Step {
        if dropping {
            let skipped = end - examined
            dropping = false
            resume(at: stop + 1)
            // A CR that was taken for part of the line lies before `examined`.
            return .skipped(max(skipped, 0))
        }
        if isTooLong(to: end) { return truncate() }
        let line = RawLine(start: lineStart, end: end, next: stop + 1)
        resume(at: stop + 1)
        let isRestOfHole = afterHole && line.count == 0
        afterHole = false
        // The line end behind a hole ends no line.
        return isRestOfHole ? .skipped(0) : .line(line)
    }

    private mutating func openHole(_ start: Int) -> Step {
        if isTooLong(to: start) { return truncate() }
        if start > lineStart {
            let line = RawLine(start: lineStart, end: start, next: start)
            resume(at: start)
            afterHole = false
            return .line(line)
        }
        inHole = true
        examined = start
        return .hole(start)
    }

    /// No line end in sight: the rest of the input, or a part of a line.
    private mutating func unfinished(
        _ bytes: UnsafeRawBufferPointer, base: Int, atEnd: Bool
    ) -> Step {
        let limit = base + bytes.count
        let from = examined
        if dropping {
            // A CR at the end may belong to the line end.
            var end = limit
            if !atEnd, end > from, bytes[end - 1 - base] == 0x0D { end -= 1 }
            examined = end
            if atEnd {
                dropping = false
                lineStart = limit
            }
            return end > from ? .skipped(end - from) : .wait
        }
        examined = limit
        var end = limit
        if end > lineStart, bytes[end - 1 - base] == 0x0D {
            end -= 1
            // In a CR style or an undecided one the CR would have been a stop.
            if !atEnd { examined = limit - 1 }
        }
        if isTooLong(to: end) { return truncate() }
        guard atEnd, limit > lineStart else { return .wait }
        let line = RawLine(start: lineStart, end: limit, next: limit)
        resume(at: limit)
        afterHole = false
        return .line(line)
    }
}
