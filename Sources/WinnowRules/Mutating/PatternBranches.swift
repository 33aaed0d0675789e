/// The alternatives of a regular expression, as far as one can be left out.
struct PatternBranches {
    /// One alternative among others.
    struct Branch {
        /// The bytes of the pattern that it takes.
        var range: Range<Int>
        /// The bytes to leave out: it and the `|` before or after it.
        var cut: Range<Int>
    }

    /// Those of the whole pattern and of every group in it, in the order of their places.
    private(set) var branches: [Branch] = []
    private let bytes: [UInt8]

    init(_ pattern: String) {
        bytes = Array(pattern.utf8)
        var open: [(start: Int, bars: [Int])] = [(0, [])]
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\"):
                if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "Q") {
                    at = endOfQuote(from: at + 2)
                    continue
                }
                at += 1
            case UInt8(ascii: "["): at = endOfClass(from: at)
            case UInt8(ascii: "("): open.append((at + 1 + prefix(after: at), []))
            case UInt8(ascii: "|"): open[open.count - 1].bars.append(at)
            case UInt8(ascii: ")"):
                if open.count > 1 { close(open.removeLast(), end: at) }
            default: break
            }
            at += 1
        }
        close(open[0], end: bytes.count)
        branches.sort {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
    }

    /// The pattern without a branch.
    func pattern(without branch: Branch) -> String {
        String(
            decoding: bytes[..<branch.cut.lowerBound] + bytes[branch.cut.upperBound...],
            as: UTF8.self)
    }

    /// The text of a branch.
    func text(_ branch: Branch) -> String { String(decoding: bytes[branch.range], as: UTF8.self) }

    private mutating func close(_ group: (start: Int, bars: [Int]), end: Int) {
        guard !group.bars.isEmpty else { return }
        let starts = [group.start] + group.bars.map { $0 + 1 }
        let ends = group.bars + [end]
        for (index, (start, stop)) in zip(starts, ends).enumerated() where start <= stop {
            let cut = index == 0 ? start..<stop + 1 : start - 1..<stop
            branches.append(Branch(range: start..<stop, cut: cut))
        }
    }

    /// Bytes of `?:`, `?<name>`, `?i:` and the like behind a parenthesis.
    private func prefix(after open: Int) -> Int {
        var at = open + 1
        guard at < bytes.count, bytes[at] == UInt8(ascii: "?") else { return 0 }
        at += 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "P") { at += 1 }
        guard at < bytes.count else { return 0 }
        switch bytes[at] {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: ">"), UInt8(ascii: "|"): at += 1
        case UInt8(ascii: "<"):
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "=") || bytes[at] == UInt8(ascii: "!") {
                at += 1
            } else {
                at = (bytes[at...].firstIndex(of: UInt8(ascii: ">")) ?? at) + 1
            }
        case UInt8(ascii: "'"):
            at = (bytes[(at + 1)...].firstIndex(of: UInt8(ascii: "'")) ?? at) + 1
        default:
            // Options, up to their colon; `(?i)` alone has no content.
            let end = bytes[at...].firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ")") }
            guard let end, bytes[end] == UInt8(ascii: ":") else { return 0 }
            at = end + 1
        }
        return at - open - 1
    }

    /// The index behind `\E`.
    private func endOfQuote(from start: Int) -> Int {
        var at = start
        while at + 1 < bytes.count {
            if bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "E") { return at + 2 }
            at += 1
        }
        return bytes.count
    }

    /// The index of the bracket that closes a class.
    private func endOfClass(from open: Int) -> Int {
        var at = open + 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "^") { at += 1 }
        // A bracket at the beginning is a member.
        if at < bytes.count, bytes[at] == UInt8(ascii: "]") { at += 1 }
        while at < bytes.count, bytes[at] != UInt8(ascii: "]") {
            if bytes[at] == UInt8(ascii: "\\") {
                at += 1
            } else if bytes[at] == UInt8(ascii: "["), at + 1 < bytes.count,
                bytes[at + 1] == UInt8(ascii: ":"),
                let end = bytes[(at + 2)...].firstIndex(of: UInt8(ascii: "]"))
            {
                at = end
            }
            at += 1
        }
        return at
    }
}
