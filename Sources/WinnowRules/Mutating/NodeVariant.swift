/// A value of a pack, changed in one place.
///
/// Made when it is asked for: a list of a thousand values has a thousand variants of that length.
struct NodeVariant {
    let make: @Sendable () -> YAMLNode
    /// Where the change is.
    let place: Place
    /// What it is.
    let change: String

    init(
        node: @autoclosure @escaping @Sendable () -> YAMLNode, place: Place, change: String
    ) {
        make = node
        self.place = place
        self.change = change
    }
}

extension YAMLNode {
    /// The same place with something else in it.
    func with(_ content: Content) -> YAMLNode {
        var copy = self
        copy.content = content
        return copy
    }

    /// A plain scalar, as if it stood where this node stands.
    func with(plain text: String) -> YAMLNode {
        with(.scalar(YAMLScalar(text: text, style: .plain, forcedText: false)))
    }

    /// The pairs of a map; none where it is none.
    var pairs: [YAMLPair] {
        if case .mapping(let pairs) = content { pairs } else { [] }
    }

    /// The items of a list; none where it is none.
    var items: [YAMLNode] {
        if case .sequence(let items) = content { items } else { [] }
    }

    /// A map with the value of one pair changed in each of some ways.
    func varying(pair index: Int, _ variants: [NodeVariant]) -> [NodeVariant] {
        variants.map { variant in
            NodeVariant(
                node: replacing(pair: index, by: variant.make()), place: variant.place,
                change: variant.change)
        }
    }

    /// A list with one item changed in each of some ways.
    func varying(item index: Int, _ variants: [NodeVariant]) -> [NodeVariant] {
        variants.map { variant in
            NodeVariant(
                node: replacing(item: index, by: variant.make()), place: variant.place,
                change: variant.change)
        }
    }

    /// A map with another value in one of its pairs.
    func replacing(pair index: Int, by value: YAMLNode) -> YAMLNode {
        var pairs = pairs
        pairs[index].value = value
        return with(.mapping(pairs))
    }

    /// A list with another item.
    private func replacing(item index: Int, by item: YAMLNode) -> YAMLNode {
        var items = items
        items[index] = item
        return with(.sequence(items))
    }

    /// A map without one of its pairs.
    func dropping(pair index: Int) -> YAMLNode {
        var pairs = pairs
        pairs.remove(at: index)
        return with(.mapping(pairs))
    }

    /// A list without one of its items.
    func dropping(item index: Int) -> YAMLNode {
        var items = items
        items.remove(at: index)
        return with(.sequence(items))
    }
}
