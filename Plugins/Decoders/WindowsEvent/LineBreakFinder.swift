import WinnowKit

/// Finds out how lines end in an input: by the first line end.
struct LineBreakFinder {
    /// The answer so far.
    private(set) var lineBreak = LineBreak.lf
    private var isKnown = false
    private var sawCR = false
    /// The next byte to look at.
    private var at = 0

    /// Looks at what was not looked at before.
    mutating func look(at bytes: UnsafeRawBufferPointer, atEnd: Bool) {
        while !isKnown, at < bytes.count {
            let byte = bytes[at]
            at += 1
            if sawCR {
                isKnown = true
                if byte != 0x0A { lineBreak = .cr }
            } else if byte == 0x0D {
                sawCR = true
            } else if byte == 0x0A {
                isKnown = true
            }
        }
        if atEnd, sawCR, !isKnown { lineBreak = .cr }
    }

    /// Offsets count from `count` bytes further on.
    mutating func consume(_ count: Int) { at = max(at - count, 0) }
}
