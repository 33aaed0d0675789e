/// Texts of which every match of a pattern holds at least one.
enum PatternLiterals {
    /// Shorter ones stand in nearly every record.
    static let minLength = 3
    /// Longer lists screen nothing out that would pay for looking.
    static let maxCount = 64

    /// The texts in lower case (ASCII letters only), or nil where nothing is known for sure.
    ///
    /// To be looked for without regard to the case of ASCII letters.
    static func required(_ pattern: Pattern) -> [[UInt8]]? {
        guard let syntax = PatternSyntax(pattern) else { return nil }
        var search = Search(foldsBeyondASCII: pattern.isUTF && syntax.isCaseless)
        return search.best(of: syntax.root)
    }

    /// Lists compare by their shortest text, then by how few they are.
    static func isBetter(_ a: [[UInt8]], than b: [[UInt8]]) -> Bool {
        let x = a.map(\.count).min() ?? 0
        let y = b.map(\.count).min() ?? 0
        return x != y ? x > y : a.count < b.count
    }
}

/// Walks a pattern and gathers what must stand in every match.
private struct Search {
    /// True where a letter may match characters beyond ASCII: `k` the Kelvin sign, `s` the long s.
    let foldsBeyondASCII: Bool

    /// The run of characters that stand side by side so far.
    private var run: [UInt8] = []
    private var candidate: [[UInt8]]?

    init(foldsBeyondASCII: Bool) { self.foldsBeyondASCII = foldsBeyondASCII }

    /// The best list for a part of a pattern taken alone.
    mutating func best(of node: PatternNode) -> [[UInt8]]? {
        var inner = Search(foldsBeyondASCII: foldsBeyondASCII)
        inner.walk(node)
        inner.endRun()
        return inner.candidate
    }

    private mutating func endRun() {
        if run.count >= PatternLiterals.minLength { offer([run]) }
        run = []
    }

    private mutating func offer(_ list: [[UInt8]]) {
        if let candidate, !PatternLiterals.isBetter(list, than: candidate) { return }
        candidate = list
    }

    private mutating func walk(_ node: PatternNode) {
        switch node {
        case .empty: break
        case .literal(let bytes): add(bytes)
        case .sequence(let items): for item in items { walk(item) }
        case .group(let content, _): walk(content)
        case .repeated(let content, 1, 1, _, _): walk(content)
        case .repeated(let content, let min, _, _, _):
            endRun()
            if min > 0, let list = best(of: content) { offer(list) }
        case .choice(let branches):
            endRun()
            var all: [[UInt8]] = []
            for branch in branches {
                guard let list = best(of: branch) else { return }
                all += list
            }
            if all.count <= PatternLiterals.maxCount { offer(all) }
        case .oneOf, .look, .opaque: endRun()
        }
    }

    private mutating func add(_ bytes: [UInt8]) {
        for byte in bytes {
            let lower = byte.asciiLowercased
            if foldsBeyondASCII
                && (lower >= 0x80 || lower == UInt8(ascii: "k") || lower == UInt8(ascii: "s"))
            {
                endRun()
            } else {
                run.append(lower)
            }
        }
    }
}

extension UInt8 {
    /// The letter in lower case; anything else as it is.
    @inline(__always)
    var asciiLowercased: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }
}
