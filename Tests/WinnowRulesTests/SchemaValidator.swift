import Foundation

@testable import WinnowRules

/// Checks values against the part of JSON Schema (draft 2020-12) that the schema of packs uses.
struct SchemaValidator {
    typealias Object = [String: Any]

    /// Words that are understood; any other makes the check fail, so that nothing is skipped.
    private static let known: Set<String> = [
        "$schema", "$defs", "$ref", "title", "description", "type", "enum", "properties",
        "required",
        "additionalProperties", "propertyNames", "items", "anyOf", "oneOf", "not", "pattern",
        "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties",
    ]

    let root: Object

    init() throws {
        let json = try JSONSerialization.jsonObject(with: Data(PackSchema.json().utf8))
        guard let root = json as? Object else { throw CocoaError(.propertyListReadCorrupt) }
        self.root = root
    }

    /// What is wrong with a value, each with its path; nothing for one that the schema allows.
    func faults(_ node: YAMLNode) -> [String] { faults(Value(node), root, "") }

    /// A value as JSON has it; keys in their order.
    private indirect enum Value {
        case null
        case bool(Bool)
        case whole(Int64)
        case real(Double)
        case text(String)
        case list([Value])
        case object([(key: String, value: Value)])

        init(_ node: YAMLNode) {
            switch node.content {
            case .mapping(let pairs): self = .object(pairs.map { ($0.key, Value($0.value)) })
            case .sequence(let items): self = .list(items.map(Value.init))
            case .scalar(let scalar):
                switch scalar.value {
                case .null: self = .null
                case .bool(let value): self = .bool(value)
                case .int(let value): self = .whole(value)
                case .float(let value): self = .real(value)
                case .text: self = .text(scalar.text)
                }
            }
        }

        func isOf(_ type: String) -> Bool {
            switch self {
            case .null: type == "null"
            case .bool: type == "boolean"
            case .whole: type == "integer" || type == "number"
            case .real: type == "number"
            case .text: type == "string"
            case .list: type == "array"
            case .object: type == "object"
            }
        }

        var number: Double? {
            switch self {
            case .whole(let value): Double(value)
            case .real(let value): value
            default: nil
            }
        }
    }

    private func faults(_ value: Value, _ schema: Object, _ path: String) -> [String] {
        var out = Set(schema.keys).subtracting(Self.known).map { "the schema says \($0)" }
        func fault(_ text: String) { out.append("\(path): \(text)") }
        if let reference = schema["$ref"] as? String {
            let name = reference.replacing("#/$defs/", with: "")
            let target = (root["$defs"] as? Object)?[name] as? Object
            return target.map { faults(value, $0, path) } ?? ["no \(reference)"]
        }
        if let type = schema["type"] {
            let types = type as? [String] ?? [type as? String ?? "?"]
            if !types.contains(where: value.isOf) { fault("no \(types)") }
        }
        if let words = schema["enum"] as? [String] {
            if case .text(let text) = value, words.contains(text) {
            } else {
                fault("not of \(words)")
            }
        }
        if let least = schema["minimum"] as? Double, let number = value.number, number < least {
            fault("less than \(least)")
        }
        if let most = schema["maximum"] as? Double, let number = value.number, number > most {
            fault("more than \(most)")
        }
        if let pattern = schema["pattern"] as? String, case .text(let text) = value,
            (try? Regex(pattern)).map({ !text.contains($0) }) ?? true
        {
            fault("`\(text)` is no \(pattern)")
        }
        if let choices = schema["anyOf"] as? [Object],
            !choices.contains(where: { faults(value, $0, path).isEmpty })
        {
            fault("none of \(choices.count)")
        }
        if let choices = schema["oneOf"] as? [Object] {
            let count = choices.filter { faults(value, $0, path).isEmpty }.count
            if count != 1 { fault("\(count) of \(choices.count) instead of one") }
        }
        if let not = schema["not"] as? Object, faults(value, not, path).isEmpty { fault("refused") }
        switch value {
        case .list(let items):
            count(items.count, schema, "Items", fault)
            if let item = schema["items"] as? Object {
                for (index, value) in items.enumerated() {
                    out += faults(value, item, "\(path)[\(index)]")
                }
            }
        case .object(let pairs):
            count(pairs.count, schema, "Properties", fault)
            for key in schema["required"] as? [String] ?? []
            where !pairs.contains(where: { $0.key == key }) {
                fault("no \(key)")
            }
            let properties = schema["properties"] as? Object ?? [:]
            for (key, value) in pairs {
                if let names = schema["propertyNames"] as? Object {
                    out += faults(.text(key), names, "\(path).\(key)")
                }
                if let property = properties[key] as? Object {
                    out += faults(value, property, "\(path).\(key)")
                } else if let more = schema["additionalProperties"] as? Object {
                    out += faults(value, more, "\(path).\(key)")
                } else if schema["additionalProperties"] as? Bool == false {
                    fault("unknown \(key)")
                }
            }
        default: break
        }
        return out
    }

    private func count(
        _ count: Int, _ schema: Object, _ what: String, _ fault: (String) -> Void
    ) {
        if let least = schema["min" + what] as? Int, count < least { fault("fewer than \(least)") }
        if let most = schema["max" + what] as? Int, count > most { fault("more than \(most)") }
    }
}
