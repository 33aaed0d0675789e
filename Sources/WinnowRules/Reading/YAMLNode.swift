/// A value of a YAML document, with the place where it stands.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    var content: Content
    /// Index of the first character, the quote included.
    var start: Int
    /// Index after the last character.
    var end: Int
    /// Values in it, itself included, with aliases written out.
    var size: Int
    /// Levels of values in it; 1 for a scalar.
    var height: Int

    var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// What it is, in the words of a message.
    var kindName: String {
        switch content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: "nothing"
            case .bool: "true or false"
            case .int, .float: "a number"
            case .text: "text"
            }
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}

/// A key with its value.
struct YAMLPair: Sendable {
    /// The key's text.
    var key: String
    /// The key's node, for its place.
    var keyNode: YAMLNode
    var value: YAMLNode
}

/// A scalar as written and as YAML understands it.
struct YAMLScalar: Sendable {
    enum Style: Sendable {
        case plain
        case singleQuoted
        case doubleQuoted
        case block
    }

    enum Value: Sendable, Equatable {
        case null
        case bool(Bool)
        case int(Int64)
        case float(Double)
        case text
    }

    /// The text after unquoting, unescaping and folding.
    var text: String
    var style: Style
    /// What the text stands for; quoted scalars are text always.
    var value: Value

    init(text: String, style: Style, forcedText: Bool) {
        self.text = text
        self.style = style
        self.value = style == .plain && !forcedText ? YAMLScalar.resolve(text) : .text
    }

    /// The value of a plain scalar under the core schema.
    ///
    /// Source: YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
    static func resolve(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first < 0x40, text.utf8.count <= 64 else { return .text }
        if text.hasPrefix("0o") {
            return Int64(text.dropFirst(2), radix: 8).map { .int($0) } ?? .text
        }
        if text.hasPrefix("0x") {
            return Int64(text.dropFirst(2), radix: 16).map { .int($0) } ?? .text
        }
        guard let number = DecimalText(text) else { return .text }
        if number.isWhole, let value = Int64(text) { return .int(value) }
        return Double(text).map { .float($0) } ?? .text
    }
}

/// The grammar of decimal numbers: `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
struct DecimalText {
    /// True when there is neither a point nor an exponent.
    let isWhole: Bool

    /// nil where `text` as a whole is no number.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            rest.removeFirst()
        }
        func digits() -> Int {
            var count = 0
            while let first = rest.first, first &- 48 < 10 {
                rest.removeFirst()
                count += 1
            }
            return count
        }
        let before = digits()
        var whole = true
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            whole = false
            let after = digits()
            if before == 0 && after == 0 { return nil }
        } else if before == 0 {
            return nil
        }
        if let first = rest.first, first == UInt8(ascii: "e") || first == UInt8(ascii: "E") {
            rest.removeFirst()
            whole = false
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                rest.removeFirst()
            }
            if digits() == 0 { return nil }
        }
        guard rest.isEmpty else { return nil }
        isWhole = whole
    }
}
