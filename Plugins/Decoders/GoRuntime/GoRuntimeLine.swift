import WinnowKit

/// Lines of Go runtime diagnostics: what `GODEBUG=gctrace=1` and its like print, and the memory
/// line that services print themselves.
///
/// The whole line must fit the grammar of Go 1.18 to 1.27: the runtime writes a line in pieces, so
/// lines of other goroutines can stand in the middle of one, and such a line is text.
enum GoRuntimeLine {
    /// Adds the fields of a diagnostics line.
    ///
    /// A log header may stand before it (a time, level, tags, `billing: `), as where a supervisor
    /// stamps a child's output; a value in quotes (slog's `msg="…"`) is not looked into.
    ///
    /// - Parameters:
    ///   - line: One line without line end, colours and a carrier's prefix.
    ///   - fields: Gets the fields; untouched when the line is no diagnostics.
    /// - Returns: A kind of `TextKind`, or nil when the line is none of these.
    /// - Complexity: A few byte compares at the line's end for ordinary lines.
    static func decode(_ line: UnsafeRawBufferPointer, into fields: inout FieldTable) -> UInt8? {
        guard let kind = kind(line), let at = start(of: kind, line) else { return nil }
        var cursor = LineCursor(line, at: at)
        let fits =
            switch kind {
            case TextKind.gctrace: gctrace(&cursor, into: &fields)
            case TextKind.scavtrace: scavtrace(&cursor, into: &fields)
            case TextKind.schedtrace: schedtrace(&cursor, into: &fields)
            case TextKind.inittrace: inittrace(&cursor, into: &fields)
            default: memstats(&cursor, into: &fields)
            }
        return fits ? kind : nil
    }

    /// The only kind whose lines end as this one does.
    ///
    /// By the end and not the beginning, since a header may stand there, and because ordinary lines
    /// differ in their last bytes more than in their first.
    private static func kind(_ bytes: UnsafeRawBufferPointer) -> UInt8? {
        guard bytes.count > 24, let last = bytes.last else { return nil }
        let line = LineCursor(bytes)
        func ends(_ text: StaticString) -> Bool {
            line.has(text, at: line.limit - text.utf8CodeUnitCount)
        }
        switch last {
        case UInt8(ascii: "P"): return ends(" P") ? TextKind.gctrace : nil
        case UInt8(ascii: ")"):
            if ends(" P (forced)") { return TextKind.gctrace }
            return ends("% util (forced)") ? TextKind.scavtrace : nil
        case UInt8(ascii: "l"): return ends("% util") ? TextKind.scavtrace : nil
        case UInt8(ascii: "]"):
            if ends("% util [controller reset]") { return TextKind.scavtrace }
            let before = bytes[bytes.count - 2]
            return before == UInt8(ascii: " ") || before.isDigit ? TextKind.schedtrace : nil
        case UInt8(ascii: "s"): return ends(" allocs") ? TextKind.inittrace : nil
        case UInt8(ascii: "e"):
            return ends(" sysmonwait=false") || ends(" sysmonwait=true")
                ? TextKind.schedtrace : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            var digits = bytes.count - 1
            while digits > 0, bytes[digits - 1].isDigit, bytes.count - digits < 20 { digits -= 1 }
            if line.has("NumGC = ", at: digits - 8) { return TextKind.memstats }
            // Up to Go 1.19 the flags of scheddetail were numbers.
            return line.has(" sysmonwait=", at: digits - 12) ? TextKind.schedtrace : nil
        default: return nil
        }
    }

    /// Where the diagnostics begin: at the line's begin or behind a log header.
    private static func start(of kind: UInt8, _ line: UnsafeRawBufferPointer) -> Int? {
        let word: StaticString =
            switch kind {
            case TextKind.gctrace: "gc "
            case TextKind.scavtrace: "scav "
            case TextKind.schedtrace: "SCHED "
            case TextKind.inittrace: "init "
            default: "Alloc = "
            }
        var cursor = LineCursor(line)
        if cursor.has(word, at: 0) { return 0 }
        // The zone does not matter: only where the header ends is asked for.
        cursor.at = LineHeader.parse(line, DecoderSettings()).message
        // log.Lmsgprefix puts the program's prefix here: `billing: `.
        for _ in 0..<2 where !cursor.has(word, at: cursor.at) {
            guard let colon = cursor.offset(of: UInt8(ascii: ":"), from: cursor.at, reach: 64),
                cursor.offset(of: UInt8(ascii: " "), from: cursor.at, reach: 65) == colon + 1
            else { return nil }
            cursor.at = colon + 2
        }
        return cursor.has(word, at: cursor.at) ? cursor.at : nil
    }
}
