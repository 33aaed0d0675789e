/// Reads a Windows event of a test.
struct TestEventReader {
    static let keys = [
        "provider", "code", "level", "channel", "host", "time", "record_id", "qualifiers", "guid",
        "binary", "message", "data", "user_data",
    ]

    static let requiredKeys = ["provider", "code"]

    let diagnoser: Diagnoser
    let rule: String

    init(_ diagnoser: Diagnoser, rule: String) {
        self.diagnoser = diagnoser
        self.rule = rule
    }

    /// The event; nil after a report.
    func event(_ node: YAMLNode) -> TestEvent? {
        guard let pairs = diagnoser.pairs(node, "each event") else { return nil }
        let meant = diagnoser.checkKeys(pairs, known: TestEventReader.keys, in: "an event")
        for key in TestEventReader.requiredKeys
        where pairs.value(key) == nil && !meant.contains(key) {
            diagnoser.report(
                .missingKey, at: node, "an event in a test of \(rule) has no `\(key)`")
        }
        func text(_ key: String) -> String? {
            pairs.value(key).flatMap { diagnoser.text($0, "`\(key)`") }
        }
        func number(_ key: String, _ range: ClosedRange<Int64>) -> Int? {
            pairs.value(key).flatMap { diagnoser.whole($0, "`\(key)`", in: range) }
        }
        let provider = text("provider")
        let code = number("code", 0...0xFFFF_FFFF)
        var event = TestEvent(provider: provider ?? "", code: code ?? 0)
        event.level = number("level", 0...255)
        event.channel = text("channel")
        event.host = text("host")
        event.time = text("time")
        event.recordID = number("record_id", 0...Int64.max)
        event.qualifiers = number("qualifiers", 0...0xFFFF)
        event.guid = text("guid")
        event.binary = text("binary")
        event.message = text("message")
        if let data = pairs.value("data") { event.data = payload(data) }
        if let userData = pairs.first(where: { $0.key == "user_data" }) {
            event.userData = root(userData)
            if let data = pairs.first(where: { $0.key == "data" }) {
                diagnoser.report(
                    .badTest, at: data.keyNode, "an event has `data` or `user_data`, not both")
            }
        }
        return provider != nil && code != nil ? event : nil
    }

    /// Text as written; nothing is the empty text.
    private func value(_ node: YAMLNode, _ path: String) -> String? {
        if let scalar = node.scalar { return scalar.value == .null ? "" : scalar.text }
        diagnoser.report(.wrongType, at: node, "\(path) must be text, not \(node.kindName)")
        return nil
    }

    private func payload(_ node: YAMLNode) -> TestEvent.Payload {
        switch node.content {
        case .sequence(let items):
            return .unnamed(items.compactMap { value($0, "each item of `data`") })
        case .mapping(let pairs):
            return .named(
                pairs.flatMap { pair -> [(name: String, value: String)] in
                    let values: [YAMLNode]
                    if case .sequence(let items) = pair.value.content {
                        values = items
                    } else {
                        values = [pair.value]
                    }
                    return values.compactMap { value($0, "`data.\(pair.key)`") }
                        .map { (pair.key, $0) }
                })
        case .scalar:
            diagnoser.report(
                .wrongType, at: node, "`data` must be a list or a map, not \(node.kindName)",
                help: "a list for Data without names, a map for Data with names")
            return .none
        }
    }

    private func root(_ pair: YAMLPair) -> TestEvent.Element? {
        guard let pairs = diagnoser.pairs(pair.value, "`user_data`") else { return nil }
        guard pairs.count == 1, let root = pairs.first else {
            diagnoser.report(
                .badTest, at: pair.value, "`user_data` has one root element, not \(pairs.count)")
            return nil
        }
        return element(root.key, root.keyNode, root.value)
    }

    private func element(_ name: String, _ keyNode: YAMLNode, _ node: YAMLNode) -> TestEvent.Element
    {
        if !TestEventReader.isElementName(name) {
            diagnoser.report(.badTest, at: keyNode, "`\(name)` cannot name an XML element")
        }
        var element = TestEvent.Element(name: name)
        guard case .mapping(let pairs) = node.content else {
            element.text = value(node, "`\(name)`") ?? ""
            return element
        }
        for pair in pairs {
            if pair.key.hasPrefix("@") {
                let attribute = String(pair.key.dropFirst())
                if !TestEventReader.isElementName(attribute) {
                    diagnoser.report(
                        .badTest, at: pair.keyNode, "`\(pair.key)` cannot name an XML attribute")
                }
                element.attributes.append((attribute, value(pair.value, "`\(pair.key)`") ?? ""))
            } else if case .sequence(let items) = pair.value.content {
                element.children += items.map { self.element(pair.key, pair.keyNode, $0) }
            } else {
                element.children.append(self.element(pair.key, pair.keyNode, pair.value))
            }
        }
        return element
    }

    /// The names that Windows uses; XML allows more.
    private static func isElementName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(first &- 48 < 10), first != UInt8(ascii: "-"),
            first != UInt8(ascii: ".")
        else { return false }
        return name.utf8.allSatisfy {
            $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 >= 0x80
        }
    }
}
