/// Reads values of a selection that are neither patterns nor other fields.
struct ValueReader {
    /// Longest value, in bytes.
    static let maxBytes = 8192

    let diagnoser: Diagnoser
    let key: FieldKey

    /// The checks for one value: several where a modifier makes variants of it; nil after a report.
    func checks(_ scalar: YAMLScalar, _ node: YAMLNode) -> [ValueCheck]? {
        switch key.relation {
        case .exists: return exists(scalar, node).map { [$0] }
        case .gt: return bound(.greater, scalar, node).map { [$0] }
        case .gte: return bound(.greaterOrEqual, scalar, node).map { [$0] }
        case .lt: return bound(.less, scalar, node).map { [$0] }
        case .lte: return bound(.lessOrEqual, scalar, node).map { [$0] }
        case .cidr: return network(scalar, node).map { [$0] }
        default: return texts(scalar, node)
        }
    }

    private func exists(_ scalar: YAMLScalar, _ node: YAMLNode) -> ValueCheck? {
        guard case .bool(let wanted) = scalar.value else {
            diagnoser.report(
                .wrongType, at: node, "`exists` takes true or false, not \(node.kindName)")
            return nil
        }
        return .exists(wanted)
    }

    private func bound(
        _ comparison: Comparison, _ scalar: YAMLScalar, _ node: YAMLNode
    ) -> ValueCheck? {
        guard let number = number(scalar) else {
            let modifier = key.relation?.rawValue ?? ""
            diagnoser.report(
                .wrongType, at: node, "`\(modifier)` takes a number, not \(node.kindName)",
                help: Number(scalar.text) == nil ? nil : "write the number without quotes")
            return nil
        }
        return .number(comparison, number)
    }

    /// A number written in decimal. A hexadecimal one is text here: that is how records write it.
    private func number(_ scalar: YAMLScalar) -> Number? {
        switch scalar.value {
        case .int, .float: Number(scalar.text)
        default: nil
        }
    }

    private func network(_ scalar: YAMLScalar, _ node: YAMLNode) -> ValueCheck? {
        guard let network = Network(scalar.text) else {
            diagnoser.report(
                .badValue, at: node, "`\(scalar.text)` is no network",
                help: "write it as `10.0.0.0/8` or `fe80::/10`")
            return nil
        }
        return .network(network)
    }

    private func texts(_ scalar: YAMLScalar, _ node: YAMLNode) -> [ValueCheck]? {
        let isPlain = key.modifiers.allSatisfy { $0 == .neq || $0 == .all }
        if scalar.value == .null {
            guard isPlain, !key.has(.neq) else {
                diagnoser.report(
                    .modifierMisuse, at: node, "nothing has no text to compare with",
                    help: "write `\(key.name): null` for a field that is absent or empty")
                return nil
            }
            return [.null]
        }
        if isPlain, let number = number(scalar) { return [.number(.equal, number)] }
        guard scalar.text.utf8.count <= ValueReader.maxBytes else {
            diagnoser.report(
                .tooLarge, at: node, "a value is longer than \(ValueReader.maxBytes) bytes")
            return nil
        }
        if scalar.text.isEmpty, key.relation != nil {
            diagnoser.report(
                .badValue, at: node, "every text holds the empty one",
                help: "write `\(key.name)|exists: true`")
            return nil
        }
        var variants = [scalar.text]
        if key.has(.windash) {
            guard let dashes = TextValues.windash(scalar.text) else {
                diagnoser.report(
                    .modifierMisuse, at: node,
                    "`windash` takes at most \(TextValues.maxDashes) dashes in a value")
                return nil
            }
            variants = dashes
        }
        if key.has(.base64) || key.has(.base64offset) { return encoded(variants, node) }
        var checks: [ValueCheck] = []
        for variant in variants {
            guard let check = text(variant, node) else { return nil }
            checks.append(check)
        }
        return checks
    }

    /// Base64 keeps its case: it is part of the code.
    private func encoded(_ variants: [String], _ node: YAMLNode) -> [ValueCheck]? {
        var checks: [ValueCheck] = []
        for variant in variants {
            let units = WildcardUnit.parse(variant)
            let bytes = units.compactMap { unit in
                if case .byte(let byte) = unit { byte } else { nil }
            }
            guard bytes.count == units.count, bytes.count >= 3 else {
                diagnoser.report(
                    .modifierMisuse, at: node,
                    "base64 needs a text of three bytes or more, without wildcards")
                return nil
            }
            let plain = String(decoding: bytes, as: UTF8.self)
            let wide = key.modifiers.first { $0.isWide }
            let content = wide.map { TextValues.wide(plain, $0) } ?? bytes
            let codes =
                key.has(.base64offset)
                ? TextValues.base64Offsets(content) : [TextValues.base64(content)]
            checks += codes.map {
                .text(TextCheck(relation: key.textRelation, bytes: $0, isCased: true))
            }
        }
        return checks
    }

    private func text(_ value: String, _ node: YAMLNode) -> ValueCheck? {
        let isCased = key.has(.cased)
        var units = WildcardUnit.parse(value)
        let hasWildcard = units.contains { $0 == .anyOne || $0 == .anyRun }
        if !isCased, ValueReader.hasCaseBeyondASCII(value) { return caseless(units, node) }
        guard hasWildcard else {
            let bytes = units.compactMap { unit -> UInt8? in
                if case .byte(let byte) = unit {
                    isCased ? byte : byte.asciiLowercased
                } else {
                    nil
                }
            }
            return .text(TextCheck(relation: key.textRelation, bytes: bytes, isCased: isCased))
        }
        units = anchored(units)
        return .glob(Glob(units, isCased: isCased))
    }

    /// With `*` where the relation leaves an end open.
    private func anchored(_ units: [WildcardUnit]) -> [WildcardUnit] {
        switch key.textRelation {
        case .equals: units
        case .startsWith: units + [.anyRun]
        case .endsWith: [.anyRun] + units
        case .contains: [.anyRun] + units + [.anyRun]
        }
    }

    /// Letters beyond ASCII compare by Unicode's simple case folding, which PCRE2 knows.
    private func caseless(_ units: [WildcardUnit], _ node: YAMLNode) -> ValueCheck? {
        // An open end is no anchor; `.*` in its place would only cost steps.
        var units = anchored(units)[...]
        let isOpenAtStart = units.first == .anyRun
        let isOpenAtEnd = units.last == .anyRun
        while units.first == .anyRun { units.removeFirst() }
        while units.last == .anyRun { units.removeLast() }
        var source: [UInt8] = isOpenAtStart ? [] : Array("\\A".utf8)
        for unit in units {
            switch unit {
            case .anyRun: source += Array(".*?".utf8)
            case .anyOne: source.append(UInt8(ascii: "."))
            case .byte(let byte):
                let isWord =
                    byte >= 0x80 || byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
                if !isWord { source.append(UInt8(ascii: "\\")) }
                source.append(byte)
            }
        }
        if !isOpenAtEnd { source += Array("\\z".utf8) }
        do throws(PatternError) {
            return .pattern(
                try Pattern(String(decoding: source, as: UTF8.self), flags: [.caseless, .dotAll]))
        } catch {
            diagnoser.report(
                .tooLarge, at: node, "the value is too long to compare: \(error.message)")
            return nil
        }
    }

    private static func hasCaseBeyondASCII(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            scalar.value >= 0x80
                && (scalar.properties.isUppercase || scalar.properties.isLowercase
                    || scalar.properties.changesWhenCaseMapped)
        }
    }
}
