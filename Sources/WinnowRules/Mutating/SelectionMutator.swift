/// Changes of a selection: a condition, a branch, a value or an alternative of a pattern left out,
/// the number of a comparison shifted.
struct SelectionMutator {
    let source: SourceText

    /// All of a selection. What stands alone in it is left to whoever holds it: an empty selection
    /// is no rule.
    func variants(_ node: YAMLNode) -> [NodeVariant] {
        if case .sequence = node.content { return branches(node, of: "any") }
        var out: [NodeVariant] = []
        for (index, pair) in node.pairs.enumerated() {
            if node.pairs.count > 1 {
                out.append(
                    NodeVariant(
                        node: node.dropping(pair: index), place: place(pair.keyNode),
                        change: "drop `\(pair.key)`"))
            }
            let inner =
                switch pair.key {
                case "any", "all": branches(pair.value, of: pair.key)
                case "not": variants(pair.value)
                default: field(pair)
                }
            out += node.varying(pair: index, inner)
        }
        return out
    }

    private func place(_ node: YAMLNode) -> Place { source.place(character: node.start) }

    private func branches(_ node: YAMLNode, of name: String) -> [NodeVariant] {
        node.items.enumerated().flatMap { index, item in
            let drop = NodeVariant(
                node: node.dropping(item: index), place: place(item),
                change: "drop branch \(index + 1) of `\(name)`")
            return (node.items.count > 1 ? [drop] : [])
                + node.varying(item: index, variants(item))
        }
    }

    private func field(_ pair: YAMLPair) -> [NodeVariant] {
        let modifiers = pair.key.split(separator: "|").dropFirst().map(String.init)
        guard case .sequence(let items) = pair.value.content else {
            return value(pair.value, modifiers)
        }
        return items.enumerated().flatMap { index, item in
            let drop = NodeVariant(
                node: pair.value.dropping(item: index), place: place(item),
                change: "drop value \(quoted(item.scalar?.text ?? ""))")
            return (items.count > 1 ? [drop] : [])
                + pair.value.varying(item: index, value(item, modifiers))
        }
    }

    private func value(_ node: YAMLNode, _ modifiers: [String]) -> [NodeVariant] {
        guard let scalar = node.scalar else { return [] }
        if modifiers.contains("re") {
            let branches = PatternBranches(scalar.text)
            return branches.branches.map { branch in
                let text = branches.pattern(without: branch)
                return NodeVariant(
                    node: node.with(
                        .scalar(YAMLScalar(text: text, style: scalar.style, forcedText: true))),
                    place: source.place(of: node, offset: branch.range.lowerBound),
                    change: "drop alternative \(quoted(branches.text(branch)))")
            }
        }
        guard let relation = modifiers.first(where: { ["gt", "gte", "lt", "lte"].contains($0) })
        else { return [] }
        return Shift.numbers(scalar.text).map { number in
            NodeVariant(
                node: node.with(plain: number), place: place(node),
                change: "\(relation) \(scalar.text) → \(number)")
        }
    }

    /// At most some 60 characters of a value.
    private func quoted(_ text: String) -> String {
        "`\(text.count <= 60 ? text : text.prefix(59) + "…")`"
    }
}
