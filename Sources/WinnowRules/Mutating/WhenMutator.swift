/// Changes of `when`: thresholds and windows shifted, a step, an event, a silence or a part of the
/// key left out.
struct WhenMutator {
    let source: SourceText
    /// True for a rule with `suppress`.
    let isSuppressed: Bool

    func variants(_ node: YAMLNode) -> [NodeVariant] {
        node.pairs.enumerated().flatMap { index, pair -> [NodeVariant] in
            switch pair.key {
            case "count", "distinct": return node.varying(pair: index, counts(pair.value))
            case "rate", "stat": return node.varying(pair: index, bounds(pair.value))
            case "all", "sequence": return several(node, index)
            case "absent": return node.varying(pair: index, spans(pair.value, "for"))
            case "join": return node.varying(pair: index, join(pair.value))
            case "trend": return node.varying(pair: index, trend(pair.value))
            case "within":
                let isIdle = node.pairs.value("join").map(isGathering) ?? isWindowNeedless(node)
                return isIdle ? [] : spans(node, "within")
            case "by":
                let isIdle = node.pairs.value("join").map(isGathering) ?? false
                return isIdle && !isSuppressed ? [] : by(node, index)
            default: return []
            }
        }
    }

    /// True for a count of one with `suppress`: whatever the window, records in order give a
    /// finding where `suppress` of the last one has ended, and nowhere else.
    func isWindowNeedless(_ node: YAMLNode) -> Bool {
        isSuppressed
            && node.pairs.contains {
                $0.key == "count" && $0.value.pairs.value("gte")?.scalar?.text == "1"
            }
    }

    private func place(_ node: YAMLNode) -> Place { source.place(character: node.start) }

    /// The value of a key replaced by each of some texts.
    private func shifted(_ node: YAMLNode, _ key: String, by shift: (String) -> [String])
        -> [NodeVariant]
    {
        guard let index = node.pairs.firstIndex(where: { $0.key == key }),
            let text = node.pairs[index].value.scalar?.text
        else { return [] }
        let value = node.pairs[index].value
        return node.varying(
            pair: index,
            shift(text).map {
                NodeVariant(
                    node: value.with(plain: $0), place: place(value),
                    change: "\(key) \(text) → \($0)")
            })
    }

    private func spans(_ node: YAMLNode, _ key: String) -> [NodeVariant] {
        shifted(node, key, by: Shift.durations)
    }

    /// Counts of no record are no rule.
    private func counts(_ node: YAMLNode) -> [NodeVariant] {
        shifted(node, "gte") { Shift.numbers($0).filter { $0 != "0" } }
    }

    /// The bound of a statistic by one, a rate by a factor.
    private func bounds(_ node: YAMLNode) -> [NodeVariant] {
        Statistic.Relation.allCases.flatMap { relation in
            shifted(node, relation.rawValue) {
                $0.contains("/") ? Shift.factors($0) : Shift.numbers($0)
            }
        }
    }

    private func by(_ node: YAMLNode, _ index: Int) -> [NodeVariant] {
        let list = node.pairs[index].value
        return list.items.enumerated().flatMap { at, item in
            let change = "drop `\(item.scalar?.text ?? "")` of `by`"
            guard list.items.count > 1 else {
                return [
                    NodeVariant(
                        node: node.dropping(pair: index), place: place(item), change: change)
                ]
            }
            return node.varying(
                pair: index,
                [NodeVariant(node: list.dropping(item: at), place: place(item), change: change)])
        }
    }

    /// A join makes a finding at each record of `of`: what it gathers there, by `with`, `same` and
    /// `context`, makes none more or less.
    private func join(_ node: YAMLNode) -> [NodeVariant] {
        node.pairs.enumerated().flatMap { index, pair -> [NodeVariant] in
            switch pair.key {
            case "without":
                let items = pair.value.items
                guard items.count > 1 else {
                    return [
                        NodeVariant(
                            node: node.dropping(pair: index), place: place(pair.keyNode),
                            change: "drop `without`")
                    ]
                }
                return items.enumerated().flatMap { at, item in
                    node.varying(
                        pair: index,
                        [
                            NodeVariant(
                                node: pair.value.dropping(item: at), place: place(item),
                                change: "drop `\(item.scalar?.text ?? "")` of `without`")
                        ])
                }
            case "grace": return isGathering(node) ? [] : spans(node, "grace")
            default: return []
            }
        }
    }

    /// True for a join that nothing keeps from its finding.
    private func isGathering(_ join: YAMLNode) -> Bool {
        join.pairs.value("without")?.items.isEmpty ?? true
    }

    /// The events whose records decide whether there is a finding; nil where all do.
    static func decidingEvents(_ when: YAMLNode?) -> Set<String>? {
        guard let join = when?.pairs.value("join"), let of = join.pairs.value("of")?.scalar?.text
        else { return nil }
        return Set([of] + (join.pairs.value("without")?.items ?? []).compactMap(\.scalar?.text))
    }

    private func trend(_ node: YAMLNode) -> [NodeVariant] {
        var out = shifted(node, "points", by: Shift.numbers)
        for (index, pair) in node.pairs.enumerated() {
            switch pair.key {
            case "slope":
                for relation in ["gte", "lte"] {
                    out += node.varying(
                        pair: index, shifted(pair.value, relation, by: Shift.factors))
                }
            case "eta":
                out += node.varying(
                    pair: index,
                    shifted(pair.value, "reach", by: Shift.factors) + spans(pair.value, "lt"))
                fallthrough
            case "reset":
                out.append(
                    NodeVariant(
                        node: node.dropping(pair: index), place: place(pair.keyNode),
                        change: "drop `\(pair.key)`"))
            default: break
            }
        }
        return out
    }
}

/// `all` and `sequence`.
extension WhenMutator {
    private func several(_ node: YAMLNode, _ index: Int) -> [NodeVariant] {
        let key = node.pairs[index].key
        let list = node.pairs[index].value
        var out: [NodeVariant] = []
        for (at, item) in list.items.enumerated() {
            let isSilence = item.pairs.value("not") != nil
            if isSilence {
                out += node.varying(pair: index, list.varying(item: at, spans(item, "for")))
            } else if let step = item.pairs.first {
                out += node.varying(
                    pair: index,
                    list.varying(item: at, item.varying(pair: 0, counts(step.value))))
            }
            if let less = dropping(node, index, item: at) {
                let name =
                    (isSilence ? item.pairs.value("not")?.scalar?.text : item.pairs.first?.key)
                    ?? item.scalar?.text ?? ""
                let what = isSilence ? "`not: \(name)`" : "`\(name)`"
                out.append(
                    NodeVariant(
                        node: less, place: place(item), change: "drop \(what) of `\(key)`"))
            }
        }
        return out
    }

    /// `when` without a step or event, with what is left of it as a count where it is one event; nil
    /// where nothing is left that a rule could say.
    private func dropping(_ node: YAMLNode, _ index: Int, item: Int) -> YAMLNode? {
        let list = node.pairs[index].value
        var rest = list.items
        rest.remove(at: item)
        // A silence goes with the step that it follows.
        if item < rest.count, list.items[item].pairs.value("not") == nil,
            rest[item].pairs.value("not") != nil
        {
            rest.remove(at: item)
        }
        guard let first = rest.first else { return nil }
        var pairs = node.pairs
        guard rest.count == 1 else {
            pairs[index].value = list.with(.sequence(rest))
            return node.with(.mapping(pairs))
        }
        let name = first.pairs.first?.key ?? first.scalar?.text ?? ""
        let count = first.pairs.first?.value.pairs.value("gte")?.scalar?.text ?? "1"
        pairs[index].key = "count"
        pairs[index].value = list.with(
            .mapping([
                YAMLPair(key: "of", keyNode: list, value: list.with(plain: name)),
                YAMLPair(key: "gte", keyNode: list, value: list.with(plain: count)),
            ]))
        return node.with(.mapping(pairs))
    }
}
