/// Where and what a report's headline is on its line.
enum CrashHeadline {
    /// Offset of the headline on the first line of a report, behind whatever prefix; nil where the
    /// line has none.
    static func place(in line: LineBytes) -> Int? {
        if let at = line.find("http: panic serving ") { return at }
        if let at = line.find("Observed a panic") {
            return at > 0 && line[at - 1] == 0x22 ? at - 1 : at
        }
        let panic = line.find("panic: ")
        let fatal = line.find("fatal error: ")
        if let at = [panic, fatal].compactMap(\.self).min() { return at }
        for word in ["Exception 0x", "SIG", "WARNING: DATA RACE"] as [StaticString] {
            guard let at = line.find(word),
                CrashLine.headline(line, at, line.trimmedEnd) != nil
            else { continue }
            return at
        }
        return nil
    }

    /// The value in `http: panic serving 10.0.0.5:49233: value`.
    static func servedValue(_ line: LineBytes, _ at: Int) -> Range<Int>? {
        guard line.has("http: panic serving ", at: at) else { return nil }
        let end = line.trimmedEnd
        let from = at + 20
        guard from <= end, let colon = line.find(": ", from: from), colon < end else {
            return end..<end
        }
        // The value may be empty, and its blank is cut off with the line's end.
        return min(colon + 2, end)..<end
    }

    /// The value in `Observed a panic: &v (value)`, or of klog's `"Observed a panic" panic="value"`.
    static func observedValue(_ line: LineBytes, _ at: Int) -> Range<Int>? {
        let end = line.trimmedEnd
        if let structured = line.find("panic=\"", from: at) {
            let from = structured + 7
            return from..<(JSONText.stringEnd(line, from: from) ?? end)
        }
        guard let colon = line.find("Observed a panic: ", from: at) else { return nil }
        let from = min(colon + 18, end)
        guard end > from, line[end - 1] == UInt8(ascii: ")") else { return from..<end }
        var depth = 0
        var i = end
        while i > from {
            i -= 1
            if line[i] == UInt8(ascii: ")") { depth += 1 }
            if line[i] == UInt8(ascii: "(") {
                depth -= 1
                if depth == 0 { break }
            }
        }
        return depth == 0 && i > from ? i + 1..<end - 1 : from..<end
    }
}
