/// How the values of a field stand in the bytes of a record, as a decoder promises it.
enum StoredForm: Equatable, Sendable {
    /// A value's bytes stand in the record side by side, as they are.
    case verbatim
    /// So they do, and whole numbers have digits only: no plus, no zeros before, no point.
    case verbatimWithPlainNumbers
}

/// What must stand in the bytes of a record for a rule to match: one of some literals, each a part
/// of a value of its field.
struct LiteralNeed: Equatable, Sendable {
    struct Part: Hashable, Sendable {
        var field: String
        var literal: Literal
    }

    /// No two are the same.
    private(set) var literals: [Part]
    /// By `LiteralRarity.cost`.
    private(set) var cost: Double

    /// Longer lists screen nothing out that would pay for looking.
    private static let maxCount = 256

    private init?(_ literals: [Part], _ rarity: LiteralRarity) {
        var seen: Set<Part> = []
        self.literals = literals.filter { seen.insert($0).inserted }
        guard self.literals.count <= LiteralNeed.maxCount,
            let cost = rarity.cost(self.literals.map(\.literal))
        else { return nil }
        self.cost = cost
    }

    /// What an event of a rule needs, its filter included.
    ///
    /// - Parameters:
    ///   - rarity: What the data looks like; call again when more is known of it.
    ///   - form: How a field's values are stored; nil for fields that may be stored otherwise.
    /// - Returns: nil where records without any known text may match.
    static func of(
        _ logic: RuleLogic, by rarity: LiteralRarity = .general, form: (String) -> StoredForm?
    ) -> LiteralNeed? {
        of(.all([logic.match] + [logic.filter].compactMap { $0 }), by: rarity, form: form)
    }

    /// The same for a condition.
    static func of(
        _ condition: Condition, by rarity: LiteralRarity = .general,
        form: (String) -> StoredForm?
    ) -> LiteralNeed? {
        Needs.combine(
            condition, isBetter: isCheaper, union: { union($0, rarity) },
            leaf: { of($0, rarity, form) })
    }

    private static func of(
        _ test: FieldTest, _ rarity: LiteralRarity, _ form: (String) -> StoredForm?
    ) -> LiteralNeed? {
        guard case .field(let field) = test.source, !test.isNegated, let form = form(field) else {
            return nil
        }
        let needs = Needs.each(test, isBetter: isCheaper) { check -> LiteralNeed? in
            let all = sets(check, form, rarity).compactMap { set in
                LiteralNeed(set.map { Part(field: field, literal: $0) }, rarity)
            }
            return all.min(by: isCheaper)
        }
        return needs.flatMap { union($0, rarity) }
    }

    private static func isCheaper(_ a: LiteralNeed, _ b: LiteralNeed) -> Bool { a.cost < b.cost }

    private static func union(_ needs: [LiteralNeed], _ rarity: LiteralRarity) -> LiteralNeed? {
        LiteralNeed(needs.flatMap(\.literals), rarity)
    }

    /// Sets of which a value that meets the check holds one of each.
    private static func sets(
        _ check: ValueCheck, _ form: StoredForm, _ rarity: LiteralRarity
    ) -> [[Literal]] {
        switch check {
        case .text(let text): [[literal(text.bytes, isCased: text.isCased)]]
        case .glob(let glob): glob.runs.map { [literal($0, isCased: glob.isCased)] }
        case .pattern(let pattern):
            PatternLiterals.required(pattern, by: rarity).map { [$0.literals] } ?? []
        case .number(.equal, .whole(let number)) where form == .verbatimWithPlainNumbers:
            [[Literal(Array(String(number).utf8))]]
        default: []
        }
    }

    /// Of long texts the beginning: that is rare enough, and comparing stays short on any input.
    private static func literal(_ bytes: [UInt8], isCased: Bool) -> Literal {
        Literal(Array(bytes.prefix(maxLength)), isCaseless: !isCased)
    }

    private static let maxLength = 64
}
