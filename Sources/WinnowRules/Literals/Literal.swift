/// A text that stands in a record: bytes as stored.
struct Literal: Hashable, Sendable {
    /// In lower case (ASCII letters) if `isCaseless`.
    var bytes: [UInt8]
    /// True when ASCII letters stand for both cases.
    var isCaseless: Bool

    init(_ bytes: [UInt8], isCaseless: Bool = false) {
        self.bytes = isCaseless ? bytes.map(\.asciiLowercased) : bytes
        // A text without letters has no case.
        self.isCaseless =
            isCaseless && bytes.contains { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
    }

    /// The text before another one; without regard to case where one of both is.
    func followed(by other: Literal) -> Literal {
        if bytes.isEmpty { return other }
        if other.bytes.isEmpty { return self }
        return Literal(bytes + other.bytes, isCaseless: isCaseless || other.isCaseless)
    }

    /// True when every text that holds `other` holds this one, at its start if `atStart`.
    func isPart(of other: Literal, atStart: Bool) -> Bool {
        guard bytes.count <= other.bytes.count, isCaseless || !other.isCaseless else {
            return false
        }
        let text = isCaseless ? other.bytes.map(\.asciiLowercased) : other.bytes
        if atStart { return text.starts(with: bytes) }
        return (0...(text.count - bytes.count)).contains { text[$0...].starts(with: bytes) }
    }
}

/// Literals of which at least one stands in every text that is meant.
struct LiteralSet: Equatable, Sendable {
    var literals: [Literal]
    /// True when every match of the pattern begins with one of them, so that a search for the
    /// pattern may begin at the first place where one stands.
    var isPrefix = false

    /// Without literals that say nothing beside the others, in an order of their own.
    init(_ literals: [Literal], isPrefix: Bool = false) {
        self.isPrefix = isPrefix
        var kept: [Literal] = []
        // The short ones first: they can only be parts of those behind them.
        let ordered = literals.sorted {
            if $0.bytes.count != $1.bytes.count { return $0.bytes.count < $1.bytes.count }
            if $0.isCaseless != $1.isCaseless { return $0.isCaseless }
            return $0.bytes.lexicographicallyPrecedes($1.bytes)
        }
        for literal in ordered
        where !kept.contains(where: { $0.isPart(of: literal, atStart: isPrefix) }) {
            kept.append(literal)
        }
        self.literals = kept
    }
}

extension UInt8 {
    /// The letter in lower case; anything else as it is.
    @inline(__always)
    var asciiLowercased: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }
}
