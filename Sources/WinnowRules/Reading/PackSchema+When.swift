/// `events` and `when`, from what `EventsReader` and `WhenReader` declare.
extension PackSchema {
    static var events: SchemaValue {
        .object([
            ("description", "What the rule looks for, each with a name."), ("type", "object"),
            ("minProperties", .number(1)), ("maxProperties", .number(EventsReader.maxEvents)),
            ("propertyNames", .object([("pattern", "^[A-Za-z_][A-Za-z0-9_]*$")])),
            (
                "additionalProperties",
                .object([
                    (
                        "anyOf",
                        .list([
                            map(
                                "Findings of a rule.", ["rule"], required: ["rule"],
                                [
                                    "rule": .object([
                                        ("description", "Ids of rules."), ("anyOf", oneOrSeveral),
                                    ])
                                ]), reference("selection"),
                        ])
                    )
                ])
            ),
        ])
    }

    static var when: SchemaValue {
        let keys = WhenReader.operators + WhenReader.commonKeys
        let one = WhenReader.operators.map { name -> SchemaValue in
            // `for` of an absence is its window.
            name == "absent"
                ? .object([
                    ("required", strings([name])),
                    ("not", .object([("required", strings(["within"]))])),
                ]) : .object([("required", strings([name, "within"]))])
        }
        return .object([
            ("description", "One operator, as count: {gte: 5}, with within and by."),
            ("type", "object"), ("properties", properties(keys, shapes)),
            ("oneOf", .list(one)), ("additionalProperties", .bool(false)),
        ])
    }

    private static var shapes: [String: SchemaValue] {
        let most = Int(WhenReader.maxCount)
        return [
            "within": reference("duration"),
            "by": .object([
                ("description", "Fields of the key."), ("type", "array"),
                ("items", scalar("A field, group or let value.")),
                ("maxItems", .number(WhenReader.maxBy)),
            ]),
            "count": operation(
                "count", "At least so many records.",
                ["gte": whole("How many.", from: 1, to: most)]),
            "rate": operation(
                "rate", "At least so many records a time.",
                ["gte": pattern("As 2/s, 30/m or 1.5/h.", "^[0-9]+(\\.[0-9]+)?/(s|m|h)$")]),
            "distinct": operation(
                "distinct", "At least so many different values of a field.",
                ["gte": whole("How many.", from: 1, to: most)]),
            "stat": statistic,
            "all": .object([
                ("description", "Events that must all come, in any order."), ("type", "array"),
                ("items", scalar("An event.")), ("minItems", .number(2)),
            ]),
            "sequence": sequence,
            "absent": operation(
                "absent", "No further record for so long.", ["for": reference("duration")]),
            "trend": operation(
                "trend", "A number that rises or falls.",
                [
                    "slope": exactlyOne(
                        "How fast; gte rises, lte falls.", ["gte", "lte"],
                        operands("trend.slope") { _ in slope }),
                    "points": whole(
                        "Fewest points.", from: Int(WhenReader.pointRange.lowerBound),
                        to: Int(WhenReader.pointRange.upperBound)),
                    "span": reference("duration"),
                    "eta": map(
                        "When the line meets a value.", keys(of: "trend.eta"),
                        required: required(of: "trend.eta"),
                        ["reach": number("The value."), "lt": reference("duration")]),
                    "reset": scalar("The event after which values begin anew."),
                    "field": measured,
                ]),
            "join": operation(
                "join", "Each record of an event, with what there is of others around it.",
                [
                    "with": texts("Events that are joined where they are there."),
                    "without": texts("Events that must not be there."),
                    "grace": reference("duration"),
                    "same": scalar("A field whose equal values are counted."),
                    "context": scalar("The event before which lines are shown."),
                ]),
        ]
    }

    private static var slope: SchemaValue {
        pattern(
            "As 2/min or -2/min.",
            "^[-+]?[0-9.]+([eE][-+]?[0-9]+)?/("
                + (Trend.Unit.allCases.map(\.rawValue) + ["m"]).joined(separator: "|") + ")$")
    }

    private static var statistic: SchemaValue {
        let relations = Statistic.Relation.allCases.map(\.rawValue)
        var shapes: [String: SchemaValue] = [
            "fn": choice("What is computed.", Statistic.Function.allCases.map(\.rawValue)),
            "points": whole(
                "Fewest values.", from: Int(WhenReader.valueRange.lowerBound),
                to: Int(WhenReader.valueRange.upperBound)),
            "field": measured,
        ]
        for relation in relations { shapes[relation] = number("The bound.") }
        return exactlyOne(
            "A statistic of a number.", relations,
            operation("stat", "A statistic of a number.", shapes))
    }

    /// A name, or a number that takes two records.
    private static var measured: SchemaValue {
        let pair = SchemaValue.object([
            ("description", "The time since an event, or what a number changed by."),
            ("type", "object"), ("minProperties", .number(1)), ("maxProperties", .number(1)),
            (
                "properties",
                .object(WhenReader.derivations.map { ($0, scalar("An event or a field.")) })
            ),
            ("additionalProperties", .bool(false)),
        ])
        return .object([("anyOf", .list([scalar("A field, group or let value."), pair]))])
    }

    private static var sequence: SchemaValue {
        let counted = map(
            "How many records.", WhenReader.stepKeys, required: WhenReader.stepKeys,
            [
                "gte": whole(
                    "At least so many.", from: Int(WhenReader.stepRange.lowerBound),
                    to: Int(WhenReader.stepRange.upperBound))
            ])
        let step = SchemaValue.object([
            ("description", "An event that must come several times."), ("type", "object"),
            ("minProperties", .number(1)), ("maxProperties", .number(1)),
            ("additionalProperties", counted),
        ])
        let silence = map(
            "No record of an event for so long.", WhenReader.silenceKeys,
            required: WhenReader.silenceKeys,
            ["not": scalar("An event."), "for": reference("duration")])
        return .object([
            ("description", "Records of the steps one after the other."), ("type", "array"),
            (
                "items",
                .object([("anyOf", .list([scalar("An event."), silence, step]))])
            ),
            ("minItems", .number(1)), ("maxItems", .number(WhenReader.maxSteps)),
        ])
    }

    // MARK: - Parts

    /// The map of an operator, with the shapes that are its own.
    private static func operation(
        _ name: String, _ description: String, _ own: [String: SchemaValue]
    ) -> SchemaValue {
        var shapes = own
        shapes["of"] = scalar("The event; left out where there is one.")
        if shapes["field"] == nil { shapes["field"] = scalar("The field that is looked at.") }
        return map(description, keys(of: name), required: required(of: name), shapes)
    }

    private static func keys(of name: String) -> [String] { WhenReader.operands[name]?.keys ?? [] }

    private static func required(of name: String) -> [String] {
        WhenReader.operands[name]?.required ?? []
    }

    private static func operands(
        _ name: String, _ shape: (String) -> SchemaValue
    ) -> SchemaValue {
        let keys = keys(of: name)
        return map(
            "", keys, required: [], Dictionary(uniqueKeysWithValues: keys.map { ($0, shape($0)) }))
    }

    /// A map that has exactly one of some keys.
    private static func exactlyOne(
        _ description: String, _ keys: [String], _ map: SchemaValue
    ) -> SchemaValue {
        guard case .object(let pairs) = map else { return map }
        return .object(
            [("description", .text(description))] + pairs.filter { $0.0 != "description" } + [
                ("oneOf", .list(keys.map { .object([("required", strings([$0]))]) }))
            ])
    }

    private static func pattern(_ description: String, _ pattern: String) -> SchemaValue {
        .object([
            ("description", .text(description)), ("type", "string"), ("pattern", .text(pattern)),
        ])
    }

    private static func number(_ description: String) -> SchemaValue {
        .object([("description", .text(description)), ("type", "number")])
    }

    private static func whole(_ description: String, from least: Int, to most: Int) -> SchemaValue {
        .object([
            ("description", .text(description)), ("type", "integer"),
            ("minimum", .number(least)), ("maximum", .number(most)),
        ])
    }
}
