/// Tells which rules may match a record at all, by what each of them needs: the record's kind, an
/// event code, one of some texts in the message.
///
/// Never wrong in the other direction: a rule that is left out could not have matched.
///
/// A class, as are the scan and the tables in it: a struct of many arrays would be retained piece
/// by piece at each use.
final class CandidateScreen: Sendable {
    /// The field whose number selects rules.
    static let codeField = "event.code"
    /// The field whose text selects rules.
    static let messageField = "message"

    /// Slot of `codeField`.
    let codeSlot: Int32?
    /// Slot of `messageField`.
    let messageSlot: Int32?
    private let enabled: [Bool]
    private let products: [String?]
    private let kinds: [Set<String>?]
    /// Rules by the codes that they need.
    private let rulesByCode: [Int64: [Int32]]
    /// All rules that need a code.
    let codeRules: RuleSet
    /// All rules that need a text, and no code.
    let literalRules: RuleSet
    /// Rules that need neither.
    private let otherRules: RuleSet
    private let scan: LiteralScan?
    /// By the literals of `scan`.
    private let rulesByText: [[Int32]]

    init(_ rules: [RuleLogic], codeSlot: Int32?, messageSlot: Int32?) {
        self.codeSlot = codeSlot
        self.messageSlot = messageSlot
        enabled = rules.map(\.isEnabled)
        products = rules.map(\.product)
        kinds = rules.map { Needs.kinds($0.match) }
        var byCode: [Int64: [Int32]] = [:]
        var texts: [Literal: Int] = [:]
        var byText: [[Int32]] = []
        var codeRules = RuleSet(count: rules.count)
        var literalRules = RuleSet(count: rules.count)
        var otherRules = RuleSet(count: rules.count)
        for (index, rule) in rules.enumerated() where rule.isEnabled {
            if let codes = Needs.codes(rule.match) {
                codeRules.insert(index)
                for code in codes { byCode[code, default: []].append(Int32(index)) }
            } else if let needed = Needs.texts(rule.match) {
                literalRules.insert(index)
                for text in needed {
                    let position = texts[text] ?? byText.count
                    if position == byText.count {
                        texts[text] = position
                        byText.append([])
                    }
                    byText[position].append(Int32(index))
                }
            } else {
                otherRules.insert(index)
            }
        }
        let ordered = texts.sorted { $0.value < $1.value }.map(\.key)
        scan = ordered.isEmpty ? nil : LiteralScan(ordered)
        if scan == nil {
            otherRules.formUnion(literalRules)
            literalRules = RuleSet(count: rules.count)
        }
        rulesByCode = byCode
        rulesByText = byText
        self.codeRules = codeRules
        self.literalRules = literalRules
        self.otherRules = otherRules
    }

    /// What is the same for all records of a kind.
    func kindTable(_ kind: String) -> KindTable {
        let name = kind.lowercased()
        var eligible = RuleSet(count: products.count)
        for index in products.indices
        where enabled[index] && CandidateScreen.isOf(products[index], kind: name)
            && kinds[index]?.contains(name) ?? true
        {
            eligible.insert(index)
        }
        return KindTable(
            kind: Array(kind.utf8), eligible: eligible, always: eligible.intersection(otherRules),
            needsCode: !eligible.intersection(codeRules).isEmpty,
            needsTexts: !eligible.intersection(literalRules).isEmpty)
    }

    /// True for an entry that is looked at for every record of its product.
    func isUnscreened(_ index: Int) -> Bool { otherRules.contains(index) && kinds[index] == nil }

    /// A product's records: Windows' own logs and counters, or what a program wrote itself.
    static func isOf(_ product: String?, kind: String) -> Bool {
        let isWindows = kind.hasPrefix("windows.") || kind.hasPrefix("perfmon.")
        switch product {
        case "windows": return isWindows
        case "go": return !isWindows
        default: return true
        }
    }

    /// The rules that need this code.
    func rules(code: Int64) -> [Int32] { rulesByCode[code] ?? [] }

    /// Adds the rules whose texts stand in `message`.
    func addRules(message: UnsafeRawBufferPointer, to set: inout RuleSet) {
        scan?.scan(message) { text, _ in
            for rule in rulesByText[text] { set.insert(Int(rule)) }
        }
    }
}

/// The rules for one kind of records.
final class KindTable {
    /// The kind as rules see it.
    let kind: [UInt8]
    /// Those that this kind can meet.
    let eligible: RuleSet
    /// Those of them that must be looked at for every record.
    let always: RuleSet
    /// Whether the record's code selects more.
    let needsCode: Bool
    /// Whether the message's texts select more.
    let needsTexts: Bool

    init(
        kind: [UInt8], eligible: RuleSet, always: RuleSet, needsCode: Bool, needsTexts: Bool
    ) {
        self.kind = kind
        self.eligible = eligible
        self.always = always
        self.needsCode = needsCode
        self.needsTexts = needsTexts
    }
}

/// A set of rules, by position.
struct RuleSet: Sendable, Equatable {
    private(set) var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    /// Takes over the members of a set of the same size, without new memory.
    mutating func assign(_ other: RuleSet) {
        for i in words.indices { words[i] = other.words[i] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    @inline(__always)
    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

    func contains(_ index: Int) -> Bool { words[index >> 6] & 1 << UInt64(index & 63) != 0 }

    mutating func formUnion(_ other: RuleSet) {
        for i in words.indices { words[i] |= other.words[i] }
    }

    mutating func formIntersection(_ other: RuleSet) {
        for i in words.indices { words[i] &= other.words[i] }
    }

    func intersection(_ other: RuleSet) -> RuleSet {
        var out = self
        out.formIntersection(other)
        return out
    }
}
