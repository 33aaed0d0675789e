import WinnowKit

/// Reads typed values from nodes; what does not fit is reported with the path to it.
extension Diagnoser {
    /// The pairs of a map.
    func pairs(_ node: YAMLNode, _ path: String) -> [YAMLPair]? {
        if case .mapping(let pairs) = node.content { return pairs }
        report(.wrongType, at: node, "\(path) must be a map, not \(node.kindName)")
        return nil
    }

    /// The pairs of a map; none where something else stands, which others report.
    func optionalPairs(_ node: YAMLNode?) -> [YAMLPair] {
        if case .mapping(let pairs)? = node?.content { return pairs }
        return []
    }

    /// The items of a list.
    func items(_ node: YAMLNode, _ path: String) -> [YAMLNode]? {
        if case .sequence(let items) = node.content { return items }
        report(
            .wrongType, at: node, "\(path) must be a list, not \(node.kindName)",
            help: node.scalar == nil ? nil : "write `[…]`, or one `- ` item a line")
        return nil
    }

    /// Text, or a number or truth value as it is written; not nothing.
    func text(_ node: YAMLNode, _ path: String) -> String? {
        guard let scalar = node.scalar, scalar.value != .null else {
            report(.wrongType, at: node, "\(path) must be text, not \(node.kindName)")
            return nil
        }
        return scalar.text
    }

    /// Text with something in it.
    func filledText(_ node: YAMLNode, _ path: String) -> String? {
        guard let text = text(node, path) else { return nil }
        guard text.utf8.contains(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x09 }) else {
            report(.badValue, at: node, "\(path) must not be empty")
            return nil
        }
        return text
    }

    /// A list of texts.
    func texts(_ node: YAMLNode, _ path: String) -> [String]? {
        guard let items = items(node, path) else { return nil }
        let texts = items.compactMap { text($0, "each item of \(path)") }
        return texts.count == items.count ? texts : nil
    }

    /// A whole number in a range.
    func whole(_ node: YAMLNode, _ path: String, in range: ClosedRange<Int64>) -> Int? {
        guard case .int(let value)? = node.scalar?.value else {
            let quoted = node.scalar.map { YAMLScalar.resolve($0.text) }
            var help: String?
            if case .int? = quoted { help = "write the number without quotes" }
            var seen = node.kindName
            if case .float? = node.scalar?.value { seen = "`\(node.scalar?.text ?? "")`" }
            report(
                .wrongType, at: node, "\(path) must be a whole number, not \(seen)", help: help)
            return nil
        }
        guard range.contains(value) else {
            report(
                .badNumber, at: node,
                "\(path) must be between \(range.lowerBound) and \(range.upperBound), not \(value)")
            return nil
        }
        return Int(value)
    }

    /// One of some words.
    func choice(_ node: YAMLNode, _ path: String, of words: [String]) -> String? {
        guard let text = text(node, path) else { return nil }
        if words.contains(text) { return text }
        let list = words.joined(separator: ", ")
        report(
            .badChoice, at: node, "\(path) cannot be `\(text)`",
            help: (NearestName.hint(for: text, in: words).map { $0 + " " } ?? "")
                + "(one of \(list))")
        return nil
    }

    /// True or false.
    func flag(_ node: YAMLNode, _ path: String) -> Bool? {
        if case .bool(let value)? = node.scalar?.value { return value }
        var help = node.scalar == nil ? nil : "write `true` or `false`"
        if case .bool? = node.scalar.map({ YAMLScalar.resolve($0.text) }) {
            help = "write it without quotes"
        }
        report(
            .wrongType, at: node, "\(path) must be true or false, not \(node.kindName)", help: help)
        return nil
    }

    /// A finding's level.
    func level(_ node: YAMLNode) -> Level? {
        choice(node, "`level`", of: Level.allCases.map(\.rawValue))
            .flatMap { Level(rawValue: $0) }
    }

    /// A duration in nanoseconds.
    func duration(_ node: YAMLNode, _ path: String) -> Int64? {
        guard let text = text(node, path) else { return nil }
        do throws(DurationText.Fault) {
            return try DurationText.nanoseconds(text)
        } catch {
            let message: String
            switch error {
            case .notADuration: message = "\(path) is no duration: `\(text)`"
            case .zero: message = "\(path) must be more than zero"
            case .tooLong: message = "\(path) is longer than 30 days: `\(text)`"
            }
            report(
                .badDuration, at: node, message,
                help: "a number with ms, s, m, h or d, as `500ms`, `60s`, `2h`, `7d`")
            return nil
        }
    }

    /// Reports keys that nobody reads; gives the known names that they look like.
    @discardableResult
    func checkKeys(_ pairs: [YAMLPair], known: [String], in place: String) -> Set<String> {
        var meant: Set<String> = []
        let unknown = pairs.filter { !known.contains($0.key) }
        guard !unknown.isEmpty else { return meant }
        let keys = Set(pairs.map(\.key))
        let free = known.filter { !keys.contains($0) }
        for (index, pair) in unknown.enumerated() {
            // Nobody mistypes so many keys; looking for what was meant takes its time.
            let isMistyped = index < Diagnoser.maxHints
            let nearest = isMistyped ? NearestName.nearest(to: pair.key, in: free) : nil
            if let nearest { meant.insert(nearest) }
            let other = nearest ?? (isMistyped ? NearestName.nearest(to: pair.key, in: known) : nil)
            report(
                .unknownKey, at: pair.keyNode, "unknown key `\(pair.key)` in \(place)",
                help: other.map { "did you mean `\($0)`?" }
                    ?? "the keys here are " + known.joined(separator: ", "))
        }
        return meant
    }

    /// Reports where `text` stands inside a scalar; the scalar's beginning where it is not found.
    func report(
        _ code: DiagnosticCode, at node: YAMLNode, finding text: String, _ message: String,
        help: String? = nil
    ) {
        report(code, at: source.place(of: text, in: node), message, help: help)
    }
}

extension Sequence where Element == YAMLPair {
    /// The value under a key, or nil.
    func value(_ key: String) -> YAMLNode? { first { $0.key == key }?.value }
}

extension SourceText {
    /// Where `text` first stands in the bytes of a node; the node's first character if nowhere.
    func place(of text: String, in node: YAMLNode) -> Place {
        let start = byteOffset(character: node.start)
        let end = byteOffset(character: node.end)
        let wanted = Array(text.utf8)
        var at = start
        while !wanted.isEmpty, at + wanted.count <= end {
            if bytes[at] == wanted[0], bytes[at..<at + wanted.count].elementsEqual(wanted) {
                return place(byte: at)
            }
            at += 1
        }
        return place(character: node.start)
    }
}
