import Glibc

/// What is known of where a kind of section ends.
///
/// A section that never ends is given up and its inside scanned again; another such section inside
/// must not search the same bytes once more, or a file of unclosed comments would take quadratic
/// time.
struct Terminator {
    /// The bytes searched: from ..< to.
    var from = 0
    var to = 0
    /// Whether the terminator's `>` lies at `to`; else there is none in from ..< to.
    var found = false

    /// Offsets count from `count` bytes further on.
    mutating func consume(_ count: Int) {
        from -= count
        to -= count
    }
}

extension MarkupScanner {
    /// Where the section whose content begins at `content` ends (behind its `>`), or nil when it
    /// does not end before `end`.
    mutating func terminator(
        of section: Section, _ base: UnsafePointer<UInt8>, from content: Int, to end: Int
    ) -> Int? {
        var known = terminators[section.rawValue]
        if content < known.from || content > known.to {
            known = Terminator(from: content, to: content, found: false)
        }
        let length = section == .instruction ? 1 : 2
        let mark: UInt8 =
            switch section {
            case .comment: UInt8(ascii: "-")
            case .cdata: UInt8(ascii: "]")
            default: UInt8(ascii: "?")
            }
        defer { terminators[section.rawValue] = known }
        while true {
            if !known.found {
                guard known.to < end,
                    let hit = memchr(base + known.to, Int32(UInt8(ascii: ">")), end - known.to)
                else {
                    known.to = max(known.to, end)
                    return nil
                }
                known.to = UnsafePointer(hit.assumingMemoryBound(to: UInt8.self)) - base
                known.found = true
            }
            let close = known.to
            if close >= end { return nil }
            if close - length >= content && base[close - 1] == mark
                && (length == 1 || base[close - 2] == mark)
            {
                return close + 1
            }
            known.found = false
            known.to = close + 1
        }
    }

    /// Whether a comment or CDATA section seems to end only because a later one does: it holds
    /// another opening, and before that the start of an event.
    ///
    /// XML allows both in a CDATA section. No exporter writes that, though, and where a log was
    /// broken inside a section, the events up to the next section would be lost.
    func swallowsEvents(
        _ section: Section, _ base: UnsafePointer<UInt8>, _ content: Int, _ close: Int
    ) -> Bool {
        guard section == .comment || section == .cdata else { return false }
        let opening = section.opening
        let length = opening.utf8CodeUnitCount
        var i = content
        while i + length <= close,
            let hit = memchr(base + i, Int32(UInt8(ascii: "<")), close - i - length + 1)
        {
            i = UnsafePointer(hit.assumingMemoryBound(to: UInt8.self)) - base
            if memcmp(base + i, opening.utf8Start, length) == 0 {
                let before = UnsafeRawBufferPointer(start: base + content, count: i - content)
                return EventStart.find(before) == .found
            }
            i += 1
        }
        return false
    }
}
