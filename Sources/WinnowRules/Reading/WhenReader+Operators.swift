/// The operators of `when`, one function each; nil after a report.
extension WhenReader {
    /// How many values a statistic can ask for.
    static let valueRange: ClosedRange<Int64> = 1...1000

    /// The keys of a map below `when`, and those that must be there.
    struct Operands {
        var keys: [String]
        var required: [String]
    }

    /// All maps below `when`, by their path; what has no keys of its own is a list.
    static let operands: [String: Operands] = [
        "count": Operands(keys: ["of", "gte"], required: ["gte"]),
        "rate": Operands(keys: ["of", "gte"], required: ["gte"]),
        "distinct": Operands(keys: ["of", "field", "gte"], required: ["field", "gte"]),
        "stat": Operands(
            keys: ["of", "field", "fn", "points"] + Statistic.Relation.allCases.map(\.rawValue),
            required: ["field", "fn"]),
        "absent": Operands(keys: ["of", "for"], required: ["for"]),
        "trend": Operands(
            keys: ["of", "field", "slope", "points", "span", "eta", "reset"],
            required: ["field", "slope"]),
        "join": Operands(
            keys: ["of", "with", "without", "grace", "same", "context"], required: ["of"]),
        "trend.slope": Operands(keys: ["gte", "lte"], required: []),
        "trend.eta": Operands(keys: ["reach", "lt"], required: ["reach", "lt"]),
    ]

    mutating func count(_ node: YAMLNode, within: Int64) -> When? {
        guard let pairs = operands(node, "count") else {
            return nil
        }
        let event = of(pairs, node, "`when.count`")
        let atLeast = atLeast(pairs, "count")
        guard let event, let atLeast else { return nil }
        return .count(of: event, gte: atLeast, within: within)
    }

    mutating func rate(_ node: YAMLNode, within: Int64) -> When? {
        guard let pairs = operands(node, "rate") else {
            return nil
        }
        let event = of(pairs, node, "`when.rate`")
        guard let value = pairs.value("gte"), let text = diagnoser.text(value, "`when.rate.gte`")
        else { return nil }
        guard let rate = RateText.perNanosecond(text) else {
            diagnoser.report(
                .badNumber, at: value, "`when.rate.gte` is no rate: `\(text)`",
                help: "a number and a unit of time, as `2/s`, `30/m`, `1.5/h`")
            return nil
        }
        // A rate that comes out whole but for the last bits of a Double is whole.
        let needed = (rate * Double(within) - 1e-9).rounded(.up)
        guard needed <= Double(WhenReader.maxCount) else {
            diagnoser.report(
                .badNumber, at: value,
                "`\(text)` is more than \(WhenReader.maxCount) records in `within`",
                help: "a shorter `within` asks for the same rate")
            return nil
        }
        guard let event else { return nil }
        return .count(of: event, gte: max(Int(needed), 1), within: within)
    }

    mutating func distinct(_ node: YAMLNode, within: Int64) -> When? {
        guard let pairs = operands(node, "distinct") else { return nil }
        let event = of(pairs, node, "`when.distinct`")
        let hasField = field(pairs, "distinct")
        let atLeast = atLeast(pairs, "distinct")
        guard let event, hasField, let atLeast else { return nil }
        return .distinct(of: event, gte: atLeast, within: within)
    }

    mutating func stat(_ node: YAMLNode, within: Int64) -> When? {
        let relations = Statistic.Relation.allCases.map(\.rawValue)
        guard let pairs = operands(node, "stat") else { return nil }
        let event = of(pairs, node, "`when.stat`")
        let measured = measured(pairs, "stat")
        let points = pairs.value("points").map {
            diagnoser.whole($0, "`when.stat.points`", in: WhenReader.valueRange)
        }
        let function = pairs.value("fn").flatMap {
            diagnoser.choice(
                $0, "`when.stat.fn`", of: Statistic.Function.allCases.map(\.rawValue))
        }
        let bounds = pairs.filter { relations.contains($0.key) }
        guard bounds.count == 1 else {
            diagnoser.report(
                bounds.isEmpty ? .missingKey : .duplicateKey, at: node,
                "`when.stat` of \(rule) has \(bounds.isEmpty ? "no bound" : "several bounds")",
                help: "write one of `gte`, `gt`, `lte`, `lt`")
            return nil
        }
        guard let event, let measured, let points = points ?? 1,
            let function = function.flatMap({ Statistic.Function(rawValue: $0) }),
            let relation = Statistic.Relation(rawValue: bounds[0].key),
            let bound = number(bounds[0].value, "`when.stat.\(bounds[0].key)`")
        else { return nil }
        return .stat(
            of: event,
            Statistic(
                function: function, relation: relation, bound: bound, points: points,
                derivation: measured.derivation), within: within)
    }

    mutating func all(_ node: YAMLNode, within: Int64) -> When? {
        guard let items = diagnoser.items(node, "`when.all`") else { return nil }
        var found: [Int] = []
        for item in items {
            guard let event = event(item, "each item of `when.all`") else { continue }
            guard !found.contains(event) else {
                diagnoser.report(
                    .duplicateKey, at: item, "an event stands twice in `when.all` of \(rule)",
                    help: "`sequence` counts: `sequence: [{name: {gte: 2}}]`")
                continue
            }
            found.append(event)
        }
        guard found.count == items.count else { return nil }
        guard found.count >= 2 else {
            diagnoser.report(
                .badEvent, at: node, "`when.all` of \(rule) needs two events or more",
                help: "for one event there is `count: {gte: 1}`")
            return nil
        }
        return .all(of: found, within: within)
    }

    // MARK: - Operands

    func operands(_ node: YAMLNode, _ name: String) -> [YAMLPair]? {
        guard let operands = WhenReader.operands[name],
            let pairs = diagnoser.pairs(node, "`when.\(name)`")
        else { return nil }
        let meant = diagnoser.checkKeys(pairs, known: operands.keys, in: "`when.\(name)`")
        for key in operands.required where pairs.value(key) == nil && !meant.contains(key) {
            diagnoser.report(.missingKey, at: node, "`when.\(name)` has no `\(key)`")
        }
        return pairs
    }

    private func atLeast(_ pairs: [YAMLPair], _ name: String) -> Int? {
        pairs.value("gte").flatMap {
            diagnoser.whole($0, "`when.\(name).gte`", in: 1...WhenReader.maxCount)
        }
    }

    /// Reads `field` into `value`.
    mutating func field(_ pairs: [YAMLPair], _ name: String, key: String = "field") -> Bool {
        guard let node = pairs.value(key),
            let text = diagnoser.filledText(node, "`when.\(name).\(key)`")
        else { return false }
        self.field = text
        value = source(text, node, in: "`when.\(name).\(key)`")
        return value != nil
    }

    func number(_ node: YAMLNode, _ path: String) -> Double? {
        let value: Double
        switch node.scalar?.value {
        case .int(let whole): value = Double(whole)
        case .float(let real): value = real
        default:
            diagnoser.report(
                .wrongType, at: node, "\(path) must be a number, not \(node.kindName)")
            return nil
        }
        if abs(value) <= 1e300 { return value }
        diagnoser.report(.badNumber, at: node, "\(path) must be a number up to 1e300")
        return nil
    }
}
