/// Finds texts of which every match of a pattern holds at least one.
enum PatternLiterals {
    /// Longer lists screen nothing out that would pay for looking.
    static let maxCount = 64

    /// The set that costs least to look for, or nil where nothing is known for sure.
    ///
    /// The texts stand in the subject where the pattern matches; with `\K` that may be before the
    /// reported start.
    static func required(
        _ pattern: Pattern, by rarity: LiteralRarity = .general
    ) -> LiteralSet? {
        guard let syntax = PatternSyntax(pattern) else { return nil }
        let search = LiteralSearch(rarity: rarity)
        let extent = search.extent(of: syntax.root)
        let atStart = search.inner(extent.prefixes)
        // Where a match begins with the text, it need not be looked for from the record's start.
        if syntax.mayStartLate, let atStart,
            atStart.cost <= (extent.inner?.cost ?? .infinity) * PatternLiterals.prefixGain
        {
            return LiteralSet(atStart.literals, isPrefix: true)
        }
        return search.better(extent.inner, atStart).map { LiteralSet($0.literals) }
    }

    /// How much more often a text may stand in the data if matches begin with it.
    private static let prefixGain = 2.0
}

/// What is known of the texts that a part of a pattern matches.
struct LiteralExtent {
    /// All of them, where they are few and short.
    var exact: [Literal]?
    /// Each of them begins with one of these.
    var prefixes: [Literal]
    /// Each of them ends with one of these.
    var suffixes: [Literal]
    /// Each of them holds one of these.
    var inner: Inner?

    struct Inner {
        var literals: [Literal]
        var cost: Double
    }

    static let nothing = [Literal([])]
    /// Takes no characters.
    static let empty = LiteralExtent(exact: nothing, prefixes: nothing, suffixes: nothing)
    /// Takes any.
    static let any = LiteralExtent(exact: nil, prefixes: nothing, suffixes: nothing)
}

/// Walks a pattern from the leaves up.
struct LiteralSearch {
    let rarity: LiteralRarity

    /// Longer texts are cut.
    private static let maxLength = 32
    /// Turns of a repeat that are written out.
    private static let maxTurns = 16

    func extent(of node: PatternNode) -> LiteralExtent {
        switch node {
        case .empty, .look: return .empty
        case .opaque: return .any
        case .character(let character):
            guard let texts = character.texts else { return .any }
            return exact(texts.map { Literal($0, isCaseless: character.isCaseless) })
        case .sequence(let items):
            return items.reduce(.empty) { join($0, extent(of: $1)) }
        case .choice(let branches): return union(branches.map(extent))
        case .group(let content, _): return extent(of: content)
        case .repeated(let content, let min, let max, _, _):
            return repeated(extent(of: content), min, max)
        }
    }

    private func exact(_ texts: [Literal]) -> LiteralExtent {
        LiteralExtent(exact: texts, prefixes: texts, suffixes: texts, inner: inner(texts))
    }

    func inner(_ literals: [Literal]) -> LiteralExtent.Inner? {
        rarity.cost(literals).map { LiteralExtent.Inner(literals: literals, cost: $0) }
    }

    func better(
        _ a: LiteralExtent.Inner?, _ b: LiteralExtent.Inner?
    ) -> LiteralExtent.Inner? {
        guard let a, let b else { return a ?? b }
        return b.cost < a.cost ? b : a
    }

    /// Every text of the one followed by every text of the other; nil where they are too many.
    private func product(_ a: [Literal], _ b: [Literal]) -> [Literal]? {
        guard a.count * b.count <= PatternLiterals.maxCount else { return nil }
        if a.count == 1, b.count == 1 { return [a[0].followed(by: b[0])] }
        var seen: Set<Literal> = []
        return a.flatMap { first in
            b.map { first.followed(by: $0) }.filter { seen.insert($0).inserted }
        }
    }

    private func join(_ a: LiteralExtent, _ b: LiteralExtent) -> LiteralExtent {
        var out = LiteralExtent.any
        out.inner = better(a.inner, b.inner)
        if let across = product(a.suffixes, b.prefixes) {
            out.inner = better(out.inner, inner(across.map { cut($0, fromEnd: false) }))
        }
        if let x = a.exact, let y = b.exact, let all = product(x, y),
            all.allSatisfy({ $0.bytes.count <= LiteralSearch.maxLength })
        {
            out.exact = all
        }
        out.prefixes = a.prefixes
        if let x = a.exact, let longer = product(x, b.prefixes) {
            let longer = longer.map { cut($0, fromEnd: false) }
            // More texts that are hardly rarer are no gain.
            if let cost = rarity.cost(a.prefixes), let new = rarity.cost(longer), cost < new {
            } else {
                out.prefixes = longer
            }
        }
        out.suffixes = b.suffixes
        if let y = b.exact, let longer = product(a.suffixes, y) {
            out.suffixes = longer.map { cut($0, fromEnd: true) }
        }
        return out
    }

    private func cut(_ literal: Literal, fromEnd: Bool) -> Literal {
        guard literal.bytes.count > LiteralSearch.maxLength else { return literal }
        let part =
            fromEnd
            ? literal.bytes.suffix(LiteralSearch.maxLength)
            : literal.bytes.prefix(LiteralSearch.maxLength)
        return Literal(Array(part), isCaseless: literal.isCaseless)
    }

    private func union(_ parts: [LiteralExtent]) -> LiteralExtent {
        LiteralExtent(
            exact: union(parts.map(\.exact)),
            prefixes: union(parts.map(\.prefixes)) ?? LiteralExtent.nothing,
            suffixes: union(parts.map(\.suffixes)) ?? LiteralExtent.nothing,
            inner: union(parts.map { $0.inner?.literals }).flatMap(inner))
    }

    private func union(_ lists: [[Literal]?]) -> [Literal]? {
        var out: [Literal] = []
        var seen: Set<Literal> = []
        for list in lists {
            guard let list else { return nil }
            for literal in list where seen.insert(literal).inserted { out.append(literal) }
            if out.count > PatternLiterals.maxCount { return nil }
        }
        return out
    }

    private func repeated(_ part: LiteralExtent, _ min: Int, _ max: Int?) -> LiteralExtent {
        if min == 0 {
            guard max == 1, let exact = part.exact else { return .any }
            return union([self.exact(exact), .empty])
        }
        var out = part
        var turns = 1
        while turns < Swift.min(min, LiteralSearch.maxTurns), part.exact != nil || turns == 1 {
            out = join(out, part)
            turns += 1
        }
        if turns == max { return out }
        // More turns may follow: what is known of the ends stays, and of the whole nothing.
        out.exact = nil
        return out
    }
}
