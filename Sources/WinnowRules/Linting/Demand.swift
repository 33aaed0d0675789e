/// What parts that must all hold ask of one field that has at most one value, gathered test by test.
///
/// Sound where it says that nothing can meet them all: what it does not understand, patterns for one,
/// it takes for something that can be met.
struct Demand {
    /// Values of which the field's must be one, in lower case (ASCII letters); nil: any.
    private(set) var values: [[UInt8]]?
    /// Checks of which one must hold, each; what was asked before values were known counts as well.
    private var asked: [[ValueCheck]] = []
    private var excluded: [FieldTest] = []
    private var low: (bound: Number, isIn: Bool)?
    private var high: (bound: Number, isIn: Bool)?
    private var mustBeThere = false
    private var mustBeFilled = false
    private var mustBeAbsent = false
    private var mustBeEmpty = false

    /// Longer lists of values are taken for something that can be met.
    private static let maxValues = 1000

    /// True when no value, and no absence, meets all that was added.
    var isImpossible: Bool {
        if mustBeAbsent && mustBeThere || mustBeEmpty && mustBeFilled { return true }
        if let values, values.isEmpty { return true }
        guard let low, let high else { return false }
        let order = Number.order(low.bound, high.bound)
        return order > 0 || order == 0 && !(low.isIn && high.isIn)
    }

    /// Adds a test that must hold.
    mutating func add(_ test: FieldTest) {
        if test.isNegated {
            mustBeThere = true
            excluded.append(test)
            values = values?.filter { !test.surelyHolds(for: $0) }
            return
        }
        if test.needsAll {
            for check in test.checks { add([check]) }
        } else {
            add(test.checks)
        }
    }

    /// Adds a test that must not hold.
    mutating func addOpposite(_ test: FieldTest) {
        guard !test.isNegated, !test.needsAll || test.checks.count == 1 else { return }
        if test.checks.count == 1, case .exists(let wanted) = test.checks[0] {
            if wanted { mustBeAbsent = true } else { mustBeThere = true }
            return
        }
        excluded.append(test)
        values = values?.filter { !test.surelyHolds(for: $0) }
    }

    /// Adds checks of which one must hold.
    private mutating func add(_ checks: [ValueCheck]) {
        guard checks.count <= Demand.maxValues else { return }
        if checks.allSatisfy(\.needsValue) { mustBeThere = true }
        if checks.allSatisfy(\.needsFilledValue) { mustBeFilled = true }
        if checks.count == 1 {
            switch checks[0] {
            case .exists(false): mustBeAbsent = true
            case .null: mustBeEmpty = true
            case .number(let comparison, let number): narrow(comparison, number)
            default: break
            }
        }
        if values == nil, let exact = Demand.exact(checks) {
            values = exact.filter { value in
                asked.allSatisfy { $0.contains { $0.mayHold(for: value) } }
                    && !excluded.contains { $0.surelyHolds(for: value) }
            }
        } else {
            values = values?.filter { value in checks.contains { $0.mayHold(for: value) } }
        }
        asked.append(checks)
    }

    private mutating func narrow(_ comparison: Comparison, _ number: Number) {
        switch comparison {
        case .equal: break
        case .greater, .greaterOrEqual:
            let new = (bound: number, isIn: comparison == .greaterOrEqual)
            if let low, Demand.isTighter(low, new, 1) { return }
            low = new
        case .less, .lessOrEqual:
            let new = (bound: number, isIn: comparison == .lessOrEqual)
            if let high, Demand.isTighter(high, new, -1) { return }
            high = new
        }
    }

    private static func isTighter(
        _ a: (bound: Number, isIn: Bool), _ b: (bound: Number, isIn: Bool), _ sign: Int
    ) -> Bool {
        let order = Number.order(a.bound, b.bound) * sign
        return order > 0 || order == 0 && !a.isIn
    }

    /// The values, where each check is for one value.
    private static func exact(_ checks: [ValueCheck]) -> [[UInt8]]? {
        var out: [[UInt8]] = []
        for check in checks {
            switch check {
            case .text(let text) where text.relation == .equals:
                out.append(text.bytes.map(\.asciiLowercased))
            case .number(.equal, let number): out.append(Array(number.written.utf8))
            default: return nil
            }
        }
        return out
    }
}

extension ValueCheck {
    /// False where it may hold for a field that is absent.
    fileprivate var needsValue: Bool {
        switch self {
        case .null, .exists(false): false
        default: true
        }
    }

    /// False where it may hold for a field that is absent or empty.
    fileprivate var needsFilledValue: Bool {
        switch self {
        case .null, .exists, .pattern, .glob, .reference: false
        case .text(let text): !text.bytes.isEmpty
        case .number, .network: true
        }
    }

    /// False where it surely does not hold for a value; `value` is in lower case.
    fileprivate func mayHold(for value: [UInt8]) -> Bool {
        switch self {
        case .exists(false): return false
        case .null: return value.isEmpty
        case .text(let text):
            let wanted = text.bytes.map(\.asciiLowercased)
            // A number may be written in another way: 7, 7.0, 007.
            if let number = Number(String(decoding: value, as: UTF8.self)) {
                guard text.relation == .equals else { return true }
                return Number(String(decoding: wanted, as: UTF8.self)).map {
                    Number.order($0, number) == 0
                } ?? false
            }
            switch text.relation {
            case .equals: return value == wanted
            case .startsWith: return value.starts(with: wanted)
            case .endsWith: return value.reversed().starts(with: wanted.reversed())
            case .contains: return Demand.holds(wanted, in: value)
            }
        case .number(let comparison, let bound):
            return Number(String(decoding: value, as: UTF8.self)).map {
                comparison.holds($0, bound)
            } ?? false
        default: return true
        }
    }
}

extension FieldTest {
    /// True where some check holds for a value, however its letters are written.
    fileprivate func surelyHolds(for value: [UInt8]) -> Bool {
        checks.contains { check in
            switch check {
            case .text(let text):
                // A number among the values stands for all ways to write it.
                return text.relation == .equals && !text.isCased && text.bytes == value
                    && Number(String(decoding: value, as: UTF8.self)) == nil
            case .number(.equal, let bound):
                return Number(String(decoding: value, as: UTF8.self)).map {
                    Number.order($0, bound) == 0
                } ?? false
            default: return false
            }
        }
    }
}

extension Demand {
    fileprivate static func holds(_ wanted: [UInt8], in value: [UInt8]) -> Bool {
        guard wanted.count <= value.count else { return false }
        return (0...(value.count - wanted.count)).contains {
            value[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
