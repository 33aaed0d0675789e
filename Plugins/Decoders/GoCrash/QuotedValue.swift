/// Values in quotes on a line of `key=value` pairs, with the escapes that Go's `%q` writes.
enum QuotedValue {
    /// The key and the value of the first pair whose quoted value begins with `text`.
    static func find(_ line: LineBytes, beginning text: StaticString) -> (
        key: Range<Int>, value: Range<Int>
    )? {
        var from = 0
        while let at = line.find("=\"", from: from) {
            from = at + 2
            guard line.has(text, at: from) else { continue }
            var start = at
            while start > 0, line[start - 1] != 0x20 { start -= 1 }
            guard start < at, let end = JSONText.stringEnd(line, from: from) else { return nil }
            return (start..<at, from..<end)
        }
        return nil
    }

    /// The value of `key`, between its quotes; a value whose end quote was cut reaches to the end.
    static func value(_ line: LineBytes, of key: UnsafeRawBufferPointer) -> Range<Int>? {
        var from = 0
        while let at = line.find("=\"", from: from) {
            from = at + 2
            let start = at - key.count
            guard start >= 0, start == 0 || line[start - 1] == 0x20,
                line.slice(start..<at).raw.elementsEqual(key)
            else { continue }
            return from..<(JSONText.stringEnd(line, from: from) ?? line.count)
        }
        return nil
    }
}
