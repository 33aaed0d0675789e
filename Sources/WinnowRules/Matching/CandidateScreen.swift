/// Tells which rules may match a record at all, by what each of them needs: the record's kind, an
/// event code, one of some texts in the message, one of some fields.
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
    /// The ways into each rule.
    private let routes: [[Route]]
    /// Rules by the codes that they need.
    private let rulesByCode: [Int64: [Int32]]
    /// All rules that need a code.
    let codeRules: RuleSet
    private let scan: LiteralScan?
    /// By the literals of `scan`.
    private let rulesByText: [[Int32]]
    private let slot: [String: Int32]

    /// - Parameter slots: Where fields lie that rules read.
    init(_ rules: [RuleLogic], slots: [String: Int32]) {
        slot = slots
        codeSlot = slots[CandidateScreen.codeField]
        messageSlot = slots[CandidateScreen.messageField]
        enabled = rules.map(\.isEnabled)
        products = rules.map(\.product)
        routes = rules.map { $0.isEnabled ? Route.all(into: $0.match) : [] }
        var byCode: [Int64: [Int32]] = [:]
        var texts: [Literal: Int] = [:]
        var byText: [[Int32]] = []
        var codeRules = RuleSet(count: rules.count)
        for (index, routes) in routes.enumerated() {
            for route in routes {
                switch route.key {
                case .codes(let codes):
                    codeRules.insert(index)
                    for code in codes { byCode[code, default: []].append(Int32(index)) }
                case .texts(let needed):
                    for text in needed {
                        let position = texts[text] ?? byText.count
                        if position == byText.count {
                            texts[text] = position
                            byText.append([])
                        }
                        byText[position].append(Int32(index))
                    }
                case .fields, .any: break
                }
            }
        }
        scan = LiteralScan(texts.sorted { $0.value < $1.value }.map(\.key))
        rulesByCode = byCode
        rulesByText = byText
        self.codeRules = codeRules
    }

    /// What is the same for all records of a kind.
    func kindTable(_ kind: String) -> KindTable {
        let name = kind.lowercased()
        let empty = RuleSet(count: products.count)
        let table = KindTable(kind: Array(kind.utf8), empty: empty)
        var fields: [Int32: RuleSet] = [:]
        for index in products.indices
        where enabled[index] && CandidateScreen.isOf(products[index], kind: name) {
            for route in routes[index] where route.isOpen(to: name) {
                table.eligible.insert(index)
                switch route.key {
                case .codes: table.needsCode = true
                // Without a scan nothing is screened out.
                case .texts where scan != nil: table.needsTexts = true
                case .fields(let names) where names.allSatisfy { slot[$0] != nil }:
                    for name in names {
                        if let slot = slot[name] { fields[slot, default: empty].insert(index) }
                    }
                case .texts, .fields, .any: table.always.insert(index)
                }
            }
        }
        table.fields = fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return table
    }

    /// True for an entry that is looked at for every record of its product, or for every one that
    /// has a field: how many have it nobody knows before.
    func isUnscreened(_ index: Int) -> Bool {
        routes[index].contains { route in
            switch route.key {
            case .any, .fields: route.kinds == nil
            case .codes, .texts: false
            }
        }
    }

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
    fileprivate(set) var eligible: RuleSet
    /// Those of them that must be looked at for every record.
    fileprivate(set) var always: RuleSet
    /// Those that must be looked at where a field is there, by its slot.
    fileprivate(set) var fields: [(slot: Int32, rules: RuleSet)] = []
    /// Whether the record's code selects more.
    fileprivate(set) var needsCode = false
    /// Whether the message's texts select more.
    fileprivate(set) var needsTexts = false

    fileprivate init(kind: [UInt8], empty: RuleSet) {
        self.kind = kind
        eligible = empty
        always = empty
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
