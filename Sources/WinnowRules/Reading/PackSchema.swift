import WinnowKit

/// The JSON Schema of a pack, from the lists of keys and words that the readers use.
///
/// For editors: it says less than `rules check`, and nothing that a pack which loads does not meet.
/// Source: JSON Schema draft 2020-12.
public enum PackSchema {
    /// The schema as indented JSON with a line end.
    public static func json() -> String {
        var out: [UInt8] = []
        schema.append(to: &out, indent: 0)
        out.append(0x0A)
        return String(decoding: out, as: UTF8.self)
    }

    private static var schema: SchemaValue {
        .object([
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "A Winnow rule pack"),
            ("type", "object"),
            (
                "properties",
                properties(
                    PackReader.keys,
                    [
                        "pack": header, "rules": list(of: rule), "filters": list(of: filter),
                        "overrides": list(of: override),
                    ])
            ),
            ("required", strings(["pack"])), ("anyOf", oneOf(PackReader.contentKeys)),
            ("additionalProperties", .bool(false)),
            (
                "$defs",
                .object([
                    ("selection", selection),
                    (
                        "value",
                        .object([("type", strings(["string", "number", "boolean", "null"]))])
                    ),
                    ("duration", duration),
                ])
            ),
        ])
    }

    private static var header: SchemaValue {
        map(
            "What the pack is.", PackReader.headerKeys, required: PackReader.requiredHeaderKeys,
            [
                "name": text("Lower-case letters, digits, `.`, `-` and `_`."),
                "version": text("A semantic version, as 1.0.0."),
                "engine": text("Versions of winnow it is for, as \">=0.1 <2\"."),
                "license": text("An SPDX expression."),
                "description": text("One sentence."),
            ])
    }

    private static var filter: SchemaValue {
        map(
            "Records that some rules shall not see.", OverlayReader.filterKeys,
            required: OverlayReader.filterKeys,
            ["rules": ruleNames, "unless": reference("selection")])
    }

    private static var override: SchemaValue {
        map(
            "What some rules shall have instead.", OverlayReader.overrideKeys, required: ["rules"],
            [
                "rules": ruleNames,
                "level": choice("How bad their findings are.", Level.allCases.map(\.rawValue)),
                "enabled": .object([
                    ("description", "false: the rules find nothing."), ("type", "boolean"),
                ]),
                "suppress": reference("duration"),
            ])
    }

    private static var ruleNames: SchemaValue {
        .object([
            ("description", "Ids of rules, or globs with * and ?; one or a list."),
            ("anyOf", oneOrSeveral),
        ])
    }

    static var oneOrSeveral: SchemaValue { .list([scalar("One."), texts("Several.")]) }

    private static var rule: SchemaValue {
        map(
            "One rule.", RuleReader.keys, required: ["id", "title", "level", "tests"],
            [
                "id": text("The permanent name, as go.fd-exhausted."),
                "title": text("One line about a finding; {{name|default: text}} is a value of it."),
                "level": choice("How bad a finding is.", Level.allCases.map(\.rawValue)),
                "status": choice("How far the rule is.", RuleReader.statuses),
                "description": text("What it finds and why that matters."),
                "author": scalar("Who wrote it."), "date": scalar("When it was written."),
                "modified": scalar("When it was changed."), "tags": texts("Words to group by."),
                "logsource": map(
                    "Which records it is for.", RuleReader.logsourceKeys, required: [],
                    [
                        "product": scalar("windows or go."), "service": scalar("As gctrace."),
                        "category": scalar("A kind of log."), "definition": scalar("A remark."),
                    ]),
                "match": reference("selection"),
                "events": events,
                "let": .object([
                    ("description", "Values computed from others: name and expression."),
                    ("type", "object"), ("additionalProperties", scalar("As a + b.")),
                ]),
                "where": reference("selection"),
                "when": when,
                "suppress": reference("duration"),
                "remediation": text("What to do; {{name|default: text}} as in title."),
                "references": texts("Addresses to read more at."),
                "falsepositives": texts("What else may set it off."),
                "tests": list(of: test),
            ])
    }

    private static var test: SchemaValue {
        map(
            "Records, and how many findings they give.", TestReader.keys, required: ["fires"],
            [
                "fires": whole("How many findings.", from: 0), "lines": list(of: line),
                "service": scalar("The service whose output the lines are."),
                "events": list(of: event), "repeat": whole("How often.", from: 1),
                "every": reference("duration"),
            ])
    }

    private static var line: SchemaValue {
        .object([
            (
                "anyOf",
                .list([
                    scalar("A line of text."),
                    map(
                        "A line and whose log it stands in.", TestReader.lineKeys,
                        required: ["text"],
                        [
                            "text": scalar("The line."), "host": scalar("host.name."),
                            "service": scalar("service.name."),
                        ]),
                ])
            )
        ])
    }

    private static var event: SchemaValue {
        let plain = ["level", "record_id", "qualifiers"].map { ($0, whole("A number.", from: 0)) }
        let words = ["channel", "host", "time", "guid", "binary", "message"].map {
            ($0, scalar("Text."))
        }
        return map(
            "A Windows event.", TestEventReader.keys, required: TestEventReader.requiredKeys,
            [
                "provider": scalar("The provider's name."), "code": whole("EventID.", from: 0),
                "data": .object([
                    ("description", "A list for Data without names, a map for Data with names."),
                    ("type", strings(["array", "object"])),
                ]),
                "user_data": .object([
                    ("description", "The element below UserData."), ("type", "object"),
                ]),
            ].merging(plain + words) { first, _ in first })
    }

    private static var selection: SchemaValue {
        let modifiers = FieldKey.Modifier.allCases.map(\.rawValue).joined(separator: "|")
        let either = SchemaValue.object([
            (
                "anyOf",
                .list([reference("value"), list(of: reference("value"))])
            )
        ])
        return .object([
            ("description", "field|modifier: value or list; any, all and not nest."),
            ("type", strings(["object", "array"])),
            ("items", reference("selection")),
            (
                "properties",
                .object([
                    ("any", list(of: reference("selection"))),
                    ("all", list(of: reference("selection"))), ("not", reference("selection")),
                ])
            ),
            ("additionalProperties", either),
            (
                "propertyNames",
                .object([("pattern", .text("^[^|]+(\\|(" + modifiers + "))*$"))])
            ),
        ])
    }

    private static var duration: SchemaValue {
        .object([
            ("description", "A number with ms, s, m, h or d, as 500ms or 10m."),
            ("type", "string"), ("pattern", "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$"),
        ])
    }

    // MARK: - Parts

    static func map(
        _ description: String, _ keys: [String], required: [String],
        _ shapes: [String: SchemaValue]
    ) -> SchemaValue {
        .object([
            ("description", .text(description)), ("type", "object"),
            ("properties", properties(keys, shapes)), ("required", strings(required)),
            ("additionalProperties", .bool(false)),
        ])
    }

    /// Keys in the readers' order; one without a shape is allowed, and a test fails.
    static func properties(
        _ keys: [String], _ shapes: [String: SchemaValue]
    ) -> SchemaValue {
        .object(keys.map { ($0, shapes[$0] ?? .object([])) })
    }

    static func text(_ description: String) -> SchemaValue { scalar(description) }

    /// Text, or what YAML takes for a number or a date.
    static func scalar(_ description: String) -> SchemaValue {
        .object([
            ("description", .text(description)),
            ("type", strings(["string", "number", "boolean"])),
        ])
    }

    static func texts(_ description: String) -> SchemaValue {
        .object([
            ("description", .text(description)), ("type", "array"), ("items", scalar("Text.")),
        ])
    }

    static func whole(_ description: String, from least: Int) -> SchemaValue {
        .object([
            ("description", .text(description)), ("type", "integer"),
            ("minimum", .number(least)),
        ])
    }

    static func choice(_ description: String, _ words: [String]) -> SchemaValue {
        .object([("description", .text(description)), ("enum", strings(words))])
    }

    static func list(of item: SchemaValue) -> SchemaValue {
        .object([("type", "array"), ("items", item)])
    }

    static func reference(_ name: String) -> SchemaValue {
        .object([("$ref", .text("#/$defs/" + name))])
    }

    /// At least one of some keys.
    private static func oneOf(_ keys: [String]) -> SchemaValue {
        .list(keys.map { .object([("required", strings([$0]))]) })
    }

    static func strings(_ list: [String]) -> SchemaValue { .list(list.map { .text($0) }) }
}

/// A JSON value whose keys keep their order.
indirect enum SchemaValue: ExpressibleByStringLiteral {
    case text(String)
    case number(Int)
    case bool(Bool)
    case list([SchemaValue])
    case object([(String, SchemaValue)])

    init(stringLiteral text: String) { self = .text(text) }

    func append(to out: inout [UInt8], indent: Int) {
        switch self {
        case .text(let text): JSONWriter.string(text, to: &out)
        case .number(let number): JSONWriter.number(number, to: &out)
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .list(let items):
            SchemaValue.append(items.map { (nil, $0) }, "[", "]", to: &out, indent)
        case .object(let pairs):
            SchemaValue.append(pairs.map { ($0.0, $0.1) }, "{", "}", to: &out, indent)
        }
    }

    static func append(
        _ items: [(String?, SchemaValue)], _ open: String, _ close: String,
        to out: inout [UInt8], _ indent: Int
    ) {
        out += open.utf8
        for (index, (key, value)) in items.enumerated() {
            out += ((index > 0 ? "," : "") + "\n" + String(repeating: " ", count: indent + 2)).utf8
            if let key {
                JSONWriter.string(key, to: &out)
                out += ": ".utf8
            }
            value.append(to: &out, indent: indent + 2)
        }
        if !items.isEmpty { out += ("\n" + String(repeating: " ", count: indent)).utf8 }
        out += close.utf8
    }
}
