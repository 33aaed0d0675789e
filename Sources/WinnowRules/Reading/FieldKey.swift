/// A key of a selection: a field's name and its modifiers, as `message|contains|all`.
struct FieldKey {
    enum Modifier: String, CaseIterable {
        case contains, startswith, endswith, re, exists, gt, gte, lt, lte, neq, cidr, fieldref
        case all, cased, windash
        case base64, base64offset, wide, utf16le, utf16be, utf16
        case i, m, s

        /// Those of which a key can have one.
        var isRelation: Bool {
            switch self {
            case .contains, .startswith, .endswith, .re, .exists, .gt, .gte, .lt, .lte, .cidr: true
            default: false
            }
        }

        /// UTF-16 of a text, before base64.
        var isWide: Bool {
            switch self {
            case .wide, .utf16le, .utf16be, .utf16: true
            default: false
            }
        }
    }

    let name: String
    /// In the order of writing.
    private(set) var modifiers: [Modifier] = []

    func has(_ modifier: Modifier) -> Bool { modifiers.contains(modifier) }

    /// The relation, or nil for plain equality.
    var relation: Modifier? { modifiers.first { $0.isRelation } }

    /// How texts are compared.
    var textRelation: TextRelation {
        switch relation {
        case .contains: .contains
        case .startswith: .startsWith
        case .endswith: .endsWith
        default: .equals
        }
    }

    /// Reads a key; nil after a report.
    init?(_ node: YAMLNode, _ diagnoser: Diagnoser) {
        let text = node.scalar?.text ?? ""
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        name = String(parts[0])
        guard !name.isEmpty else {
            diagnoser.report(
                .modifierMisuse, at: node, "a value without a field",
                help: "name the field, as `message|contains`")
            return nil
        }
        var offset = name.utf8.count + 1
        var isGood = true
        for part in parts.dropFirst() {
            if let modifier = Modifier(rawValue: String(part)) {
                if has(modifier) {
                    isGood = false
                    diagnoser.report(
                        .modifierMisuse, in: node, offset: offset,
                        "modifier `\(part)` stands twice in `\(text)`")
                }
                modifiers.append(modifier)
            } else {
                isGood = false
                let names = Modifier.allCases.map(\.rawValue)
                diagnoser.report(
                    .unknownModifier, in: node, offset: offset,
                    "unknown modifier `\(part)` in `\(text)`",
                    help: NearestName.hint(for: String(part), in: names)
                        ?? "the modifiers are " + names.joined(separator: ", "))
            }
            offset += part.utf8.count + 1
        }
        guard isGood, check(node, diagnoser) else { return nil }
    }

    /// Reports modifiers that do not go together.
    private func check(_ node: YAMLNode, _ diagnoser: Diagnoser) -> Bool {
        guard let fault = misuse() else { return true }
        let text = node.scalar?.text ?? ""
        diagnoser.report(.modifierMisuse, at: node, "`\(text)`: \(fault.message)", help: fault.help)
        return false
    }

    private func misuse() -> (message: String, help: String?)? {
        let relations = modifiers.filter(\.isRelation)
        if relations.count > 1 {
            return (
                "`\(relations[0].rawValue)` and `\(relations[1].rawValue)` exclude each other", nil
            )
        }
        let isText =
            relation == nil || relation == .contains || relation == .startswith
            || relation == .endswith
        for flag in [Modifier.i, .m, .s] where has(flag) && relation != .re {
            return (
                "`\(flag.rawValue)` is an option of `re`",
                flag == .i ? "texts are compared without regard to case anyway" : nil
            )
        }
        if has(.cased), !isText {
            return (
                "`cased` is for texts",
                relation == .re ? "`re` regards case; `re|i` does not" : nil
            )
        }
        for other in [Modifier.windash, .base64, .base64offset, .fieldref]
        where has(other) && !isText {
            return ("`\(other.rawValue)` is for texts", nil)
        }
        if has(.all), !(isText || relation == .re) || has(.neq) {
            return ("`all` is for texts and `re`", nil)
        }
        if has(.neq), relation != nil {
            return ("`neq` stands alone", "put the selection under `not:`")
        }
        if has(.fieldref), has(.windash) || has(.base64) || has(.base64offset) {
            return ("`fieldref` takes the other field as it is", nil)
        }
        if has(.base64), has(.base64offset) {
            return ("`base64` and `base64offset` exclude each other", nil)
        }
        if has(.base64offset), relation != .contains {
            return ("`base64offset` needs `contains`", "write `|base64offset|contains`")
        }
        let wide = modifiers.filter(\.isWide)
        if let first = wide.first, !(has(.base64) || has(.base64offset)) || wide.count > 1 {
            return (
                "`\(first.rawValue)` needs `base64` or `base64offset` after it",
                "records are compared as UTF-8, whatever their file was"
            )
        }
        return nil
    }
}
