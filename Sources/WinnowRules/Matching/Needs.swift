/// What a record must have for a condition to hold: sound, not complete.
enum Needs {
    /// Codes of which `event.code` must be one, or nil where any will do.
    static func codes(_ condition: Condition) -> Set<Int64>? {
        combine(condition, isBetter: isSmaller, union: union) { (test: FieldTest) -> Set<Int64>? in
            guard test.source == .field(CandidateScreen.codeField), !test.isNegated else {
                return nil
            }
            return each(test, isBetter: isSmaller, code).map(union)
        }
    }

    private static func code(_ check: ValueCheck) -> Set<Int64>? {
        switch check {
        case .number(.equal, .whole(let code)): return [code]
        // A text like `7036` is compared as text, which a number in the field meets too.
        case .text(let text) where text.relation == .equals:
            guard case .whole(let code)? = Number(String(decoding: text.bytes, as: UTF8.self))
            else {
                return nil
            }
            return [code]
        default: return nil
        }
    }

    /// Kinds, in lower case, of which the record's must be one, or nil where any will do.
    static func kinds(_ condition: Condition) -> Set<String>? {
        combine(condition, isBetter: isSmaller, union: union) { (test: FieldTest) -> Set<String>? in
            guard test.source == .kind, !test.isNegated else { return nil }
            return each(test, isBetter: isSmaller, kind).map(union)
        }
    }

    private static func kind(_ check: ValueCheck) -> Set<String>? {
        guard case .text(let text) = check, text.relation == .equals else { return nil }
        return [String(decoding: text.bytes, as: UTF8.self).lowercased()]
    }

    private static func isSmaller<Value>(_ a: Set<Value>, _ b: Set<Value>) -> Bool {
        a.count < b.count
    }

    private static func union<Value>(_ sets: [Set<Value>]) -> Set<Value> {
        sets.reduce(into: []) { $0.formUnion($1) }
    }

    /// Texts of which `message` must hold one, each once, or nil where nothing is known.
    static func texts(_ condition: Condition) -> [Literal]? {
        let need = LiteralNeed.of(condition) {
            $0 == CandidateScreen.messageField ? .verbatim : nil
        }
        return need?.literals.map(\.literal)
    }

    /// Fields of which one must be there, or nil where a record without them may do; `message`, which
    /// nearly every record has, counts as nothing.
    static func fields(_ condition: Condition) -> Set<String>? {
        combine(condition, isBetter: isSmaller, union: union) { (test: FieldTest) -> Set<String>? in
            guard case .field(let name) = test.source, name != CandidateScreen.messageField else {
                return nil
            }
            // A negated test asks for the field, too.
            let needs = each(test, isBetter: isSmaller) { check -> Set<String>? in
                switch check {
                case .null, .exists(false): test.isNegated ? [name] : nil
                default: [name]
                }
            }
            return needs.map(union)
        }
    }

    /// Walks a condition: one child of an `all` is enough, of an `any` each must give something.
    static func combine<Need>(
        _ condition: Condition, isBetter: (Need, Need) -> Bool, union: ([Need]) -> Need?,
        leaf: (FieldTest) -> Need?
    ) -> Need? {
        switch condition {
        case .test(let test): return leaf(test)
        case .not: return nil
        case .all(let children):
            var best: Need?
            for child in children {
                guard
                    let need = combine(child, isBetter: isBetter, union: union, leaf: leaf)
                else { continue }
                if best.map({ isBetter(need, $0) }) ?? true { best = need }
            }
            return best
        case .any(let children):
            var all: [Need] = []
            for child in children {
                guard let need = combine(child, isBetter: isBetter, union: union, leaf: leaf) else {
                    return nil
                }
                all.append(need)
            }
            return all.isEmpty ? nil : union(all)
        }
    }

    /// The same for the checks of one test.
    static func each<Need>(
        _ test: FieldTest, isBetter: (Need, Need) -> Bool, _ need: (ValueCheck) -> Need?
    ) -> [Need]? {
        let needs = test.checks.map(need)
        if test.needsAll {
            var best: Need?
            for case let need? in needs where best.map({ isBetter(need, $0) }) ?? true {
                best = need
            }
            return best.map { [$0] }
        }
        let known = needs.compactMap { $0 }
        return known.count == needs.count && !known.isEmpty ? known : nil
    }
}
