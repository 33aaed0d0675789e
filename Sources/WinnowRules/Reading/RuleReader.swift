import WinnowKit

/// Reads one rule.
struct RuleReader {
    static let keys = [
        "id", "title", "level", "status", "description", "author", "date", "modified", "tags",
        "logsource", "match", "events", "let", "where", "when", "suppress", "remediation",
        "references", "falsepositives", "tests",
    ]
    static let logsourceKeys = ["product", "service", "category", "definition"]
    static let statuses = ["experimental", "test", "stable", "deprecated"]

    /// Longest title or remediation, in bytes.
    static let maxTextBytes = 16_384
    /// Most named groups and `let` values together: each match walks over them.
    static let maxCaptures = 256

    let diagnoser: Diagnoser
    let patterns: PatternStore
    private let node: YAMLNode
    let pairs: [YAMLPair]
    /// The id, or a stand-in for messages.
    private(set) var id = "?"
    /// The rule in messages.
    var name: String { pairs.value("id") == nil ? "this rule" : "rule `\(id)`" }
    /// Where a fault of the whole rule is reported.
    private(set) var idNode: YAMLNode
    /// True when the id itself can be used.
    private(set) var hasID = false
    private(set) var scope = NameScope()
    private var eventNames: [String] = []
    private var groupPlaces: [(name: String, place: Place)] = []

    /// nil after a report: the node is no rule at all.
    init?(_ node: YAMLNode, _ diagnoser: Diagnoser, _ patterns: PatternStore) {
        self.diagnoser = diagnoser
        self.patterns = patterns
        self.node = node
        guard let pairs = diagnoser.pairs(node, "a rule") else { return nil }
        self.pairs = pairs
        idNode = pairs.value("id") ?? pairs.first?.keyNode ?? node
        readID()
    }

    private mutating func readID() {
        guard let value = pairs.value("id") else { return }
        guard let text = diagnoser.text(value, "`id`") else { return }
        id = text
        guard RuleReader.isSlug(text) else {
            diagnoser.report(
                .badID, at: value, "`\(text)` is no rule id",
                help: "lower-case letters, digits, `.`, `-` and `_`, as `go.fd-exhausted`; "
                    + "at most 100 characters")
            return
        }
        hasID = true
    }

    /// Words of lower-case letters and digits, joined by single `.`, `-` or `_`.
    static func isSlug(_ text: String) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { ".-_".contains($0) }
        return text.utf8.count <= 100
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0 &- 48 < 10 || $0 &- UInt8(ascii: "a") < 26 }
            }
    }

    /// Reads all of the rule; nil when something in it is wrong, which is reported.
    mutating func read() -> RuleDraft? {
        let errorsBefore = diagnoser.errorCount
        reportSigma()
        let meant = diagnoser.checkKeys(
            pairs.filter { RuleReader.sigmaKeys[$0.key] == nil }, known: RuleReader.keys,
            in: "\(name)")
        requireKeys(meant)
        let level = pairs.value("level").flatMap { diagnoser.level($0) }
        let status = pairs.value("status").flatMap {
            diagnoser.choice($0, "`status`", of: RuleReader.statuses)
        }
        let events = events()
        let lets = lets()
        let filter = filter()
        let when = when()
        let suppress = pairs.value("suppress").flatMap { diagnoser.duration($0, "`suppress`") }
        let title = template("title")
        let remediation = template("remediation")
        let variables = variables([title, remediation])
        let logsource = logsource()
        let tests = TestReader(diagnoser, rule: name).tests(pairs.value("tests"), idNode)
        let texts = texts()
        // What uses a group may be the part that is wrong.
        if diagnoser.errorCount == errorsBefore, let events {
            warnUnused()
            lint(events, logsource?.product, lets, filter, when)
        }
        guard diagnoser.errorCount == errorsBefore, hasID, let level, let events, let title else {
            return nil
        }
        return RuleDraft(
            id: id, place: diagnoser.source.place(character: idNode.start), level: level,
            status: status ?? "experimental", tags: texts["tags"] ?? [], logsource: logsource,
            title: title.template, remediation: remediation?.template,
            description: pairs.value("description")?.scalar?.text,
            references: texts["references"] ?? [], falsepositives: texts["falsepositives"] ?? [],
            events: events.compactMap(\.name), when: when.when, suppress: suppress,
            by: when.by.map { scope.shownName($0.name) }, tests: tests, captures: scope.captures,
            logic: logic(events, logsource, lets, filter, when, variables),
            links: events.enumerated().flatMap { index, event in
                guard case .findings(let rules) = event.wants else { return [RuleDraft.Link]() }
                return rules.map { RuleDraft.Link(event: index, id: $0.rule, place: $0.place) }
            }, field: when.field.map { scope.shownName($0) },
            asked: (when.by.map(\.name) + (when.field.map { [$0] } ?? []) + variables.map(\.name))
                .map { scope.shownName($0) })
    }

    private func logic(
        _ events: [EventsReader.Event], _ logsource: LogSource?, _ lets: [LetValue],
        _ filter: Condition?, _ when: WhenReader.Result,
        _ variables: [(name: String, source: Source)]
    ) -> [RuleLogic] {
        events.enumerated().compactMap { index, event in
            guard case .records(let condition) = event.wants else { return nil }
            return RuleLogic(
                event: index, product: logsource?.product, match: condition,
                captures: scope.captures, lets: lets, filter: filter,
                key: when.by.map(\.source), value: when.value, variables: variables)
        }
    }

    // MARK: - Keys

    /// Keys of Sigma that are written in another way here.
    private static let sigmaKeys = [
        "detection": "a selection is written under `match`, its condition with `any`, `all`, `not`",
        "condition": "write `any`, `all` and `not` in `match`",
        "timeframe": "write `when: {count: {gte: …}, within: …}`",
    ]

    private func reportSigma() {
        for pair in pairs {
            if let help = RuleReader.sigmaKeys[pair.key] {
                diagnoser.report(
                    .unknownKey, at: pair.keyNode, "unknown key `\(pair.key)` in \(name)",
                    help: help)
            }
        }
    }

    private func requireKeys(_ meant: Set<String>) {
        let usesSigma = pairs.contains { RuleReader.sigmaKeys[$0.key] != nil }
        for key in ["id", "title", "level", "match"]
        where pairs.value(key) == nil && !meant.contains(key) {
            // A rule of Sigma is told what to write instead.
            if key == "match", usesSigma || pairs.value("events") != nil { continue }
            diagnoser.report(.missingKey, at: idNode, "\(name) has no `\(key)`")
        }
        guard let events = pairs.first(where: { $0.key == "events" }) else { return }
        if pairs.value("match") != nil {
            diagnoser.report(
                .badEvent, at: events.keyNode, "\(name) has `match` and `events`",
                help: "one selection is `match`, several with names are `events`")
        }
        if pairs.value("when") == nil, !meant.contains("when") {
            diagnoser.report(
                .missingKey, at: idNode, "\(name) has `events` and no `when`",
                help: "`when` says what of its events makes a finding, as "
                    + "`when: {all: [a, b], within: 5m}`")
        }
    }

    private func logsource() -> LogSource? {
        guard let node = pairs.value("logsource"),
            let pairs = diagnoser.pairs(node, "`logsource`")
        else { return nil }
        diagnoser.checkKeys(
            pairs, known: RuleReader.logsourceKeys, in: "`logsource`")
        func text(_ key: String) -> String? {
            pairs.value(key).flatMap { diagnoser.text($0, "`logsource.\(key)`") }
        }
        return LogSource(
            product: text("product"), service: text("service"), category: text("category"))
    }

    private func texts() -> [String: [String]] {
        for key in ["description", "author", "date", "modified"] {
            if let node = pairs.value(key) { _ = diagnoser.text(node, "`\(key)`") }
        }
        var lists: [String: [String]] = [:]
        for key in ["tags", "references", "falsepositives"] {
            if let node = pairs.value(key) { lists[key] = diagnoser.texts(node, "`\(key)`") }
        }
        return lists
    }

    // MARK: - Logic

    private mutating func events() -> [EventsReader.Event]? {
        let key = pairs.value("match") == nil ? "events" : "match"
        guard let node = pairs.value(key) else { return nil }
        var reader = EventsReader(diagnoser, patterns, rule: name, scope: scope)
        let events = key == "match" ? reader.match(node) : reader.events(node)
        eventNames = reader.names
        groupPlaces = reader.groups
        scope.captures = reader.groups.map(\.name)
        guard scope.captures.count <= RuleReader.maxCaptures else {
            diagnoser.report(
                .tooLarge, at: node, "\(name) has more than \(RuleReader.maxCaptures) named groups")
            scope.captures = []
            groupPlaces = []
            return nil
        }
        scope.groupCount = scope.captures.count
        return events
    }

    private mutating func lets() -> [LetValue] {
        guard let node = pairs.value("let"), let values = diagnoser.pairs(node, "`let`") else {
            return []
        }
        guard scope.captures.count + values.count <= RuleReader.maxCaptures else {
            diagnoser.report(
                .tooLarge, at: node,
                "\(name) has more than \(RuleReader.maxCaptures) groups and `let` values")
            return []
        }
        var lets: [LetValue] = []
        for pair in values {
            guard RuleReader.isLetName(pair.key) else {
                diagnoser.report(
                    .badExpression, at: pair.keyNode, "`\(pair.key)` cannot name a value",
                    help: "letters, digits and `_`, not a digit first")
                continue
            }
            guard !scope.captures.contains(pair.key) else {
                diagnoser.report(
                    .duplicateKey, at: pair.keyNode,
                    "`\(pair.key)` is a named group already in \(name)")
                continue
            }
            let steps = expression(pair)
            // Known from here on even when it is wrong, so that one fault gives one message.
            scope.captures.append(pair.key)
            if let steps { lets.append(LetValue(capture: scope.captures.count - 1, steps: steps)) }
        }
        return lets
    }

    /// Letters, digits and `_`, not a digit first.
    static func isLetName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(first &- 48 < 10), name.utf8.count <= 64 else {
            return false
        }
        return name.utf8.allSatisfy {
            $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_")
        }
    }

    private mutating func expression(_ pair: YAMLPair) -> [LetStep]? {
        guard let text = diagnoser.filledText(pair.value, "`let.\(pair.key)`") else { return nil }
        let before = scope
        var fields: [String] = []
        do throws(ExpressionReader.Fault) {
            let steps = try ExpressionReader.read(text) { name in
                var scope = before
                let source = scope.value(name)
                if case .field = source { fields.append(name) }
                return source
            }
            for name in fields {
                guard let other = FieldNames.suggestion(for: name) else { continue }
                diagnoser.report(
                    .unknownField, at: pair.value, finding: name,
                    "no decoder gives a field `\(name)`", help: "did you mean `\(other)`?")
            }
            for case .value(.capture(let index)) in steps {
                scope.used.insert(scope.captures[index])
            }
            return steps
        } catch {
            diagnoser.report(
                error.isUnknownName ? .unknownName : .badExpression, in: pair.value,
                offset: error.offset, "`let.\(pair.key)` of \(name): \(error.message)",
                help: error.isUnknownName ? scope.hint(for: error.name) : nil)
            return nil
        }
    }

    private mutating func filter() -> Condition? {
        guard let node = pairs.value("where") else { return nil }
        var reader = SelectionReader(diagnoser, patterns, rule: name, part: .filter, scope: scope)
        let selected = reader.selection(node, "`where`")
        scope.used = reader.scope.used
        return selected?.condition
    }

    private mutating func when() -> WhenReader.Result {
        guard let node = pairs.value("when") else { return WhenReader.Result() }
        let events = pairs.value("events") == nil ? nil : eventNames
        var reader = WhenReader(diagnoser, rule: name, events: events, scope: scope)
        let result = reader.read(node)
        scope.used = reader.scope.used
        for pair in diagnoser.optionalPairs(pairs.value("events"))
        where result.when != nil && !reader.usedEvents.contains(pair.key) {
            diagnoser.report(
                .unusedEvent, at: pair.keyNode, "`when` of \(name) uses no event `\(pair.key)`",
                help: "name it in `when`, or leave it out")
        }
        return result
    }

    // MARK: - Templates

    private func template(_ key: String) -> (template: Template, node: YAMLNode)? {
        guard let node = pairs.value(key), let text = diagnoser.filledText(node, "`\(key)`") else {
            return nil
        }
        guard text.utf8.count <= RuleReader.maxTextBytes else {
            diagnoser.report(
                .tooLarge, at: node, "`\(key)` is longer than \(RuleReader.maxTextBytes) bytes")
            return nil
        }
        let template = Template(text)
        if let open = template.unclosed {
            diagnoser.report(
                .badTemplate, at: node, finding: String(open.prefix { $0 != "\n" }),
                "`{{` without `}}` in `\(key)` of \(name)",
                help: "write `{{name}}`")
        }
        for filter in template.badFilters {
            diagnoser.report(
                .badTemplate, at: node, finding: filter,
                "`|\(filter)` in `\(key)` of \(name) is no default",
                help: "write `{{name|default: what to show where the value is absent}}`")
        }
        return (template, node)
    }

    /// What a finding says of itself, and no record can know.
    private static let findingKeys: Set<String> = [
        "count", "first_time", "last_time", "level", "rule", "suppressed", "suppressed_count",
        "time",
    ]

    private mutating func variables(
        _ templates: [(template: Template, node: YAMLNode)?]
    ) -> [(name: String, source: Source)] {
        var variables: [(name: String, source: Source)] = []
        for case let (template, node)? in templates {
            for variable in template.variables {
                guard let source = scope.value(variable) else {
                    reportUnknown(variable, node)
                    continue
                }
                if case .field = source, let other = FieldNames.suggestion(for: variable) {
                    diagnoser.report(
                        .unknownField, at: node, finding: variable,
                        "no decoder gives a field `\(variable)`", help: "did you mean `\(other)`?")
                }
                if !variables.contains(where: { $0.name == variable }) {
                    variables.append((variable, source))
                }
            }
        }
        return variables
    }

    private func reportUnknown(_ variable: String, _ node: YAMLNode) {
        guard !variable.isEmpty else {
            diagnoser.report(.badTemplate, at: node, finding: "{{}}", "empty braces in \(name)")
            return
        }
        diagnoser.report(
            .badTemplate, at: node, finding: variable,
            "unknown variable `\(variable)` in \(name)",
            help: RuleReader.findingKeys.contains(variable)
                ? "`\(variable)` is a key of the finding itself, which every sink shows"
                : scope.hint(for: variable))
    }

    private func warnUnused() {
        for group in groupPlaces where !scope.used.contains(group.name) {
            diagnoser.report(
                .unusedCapture, at: group.place,
                "the group `\(group.name)` of \(name) is used nowhere",
                help: "name it in title, remediation, `by`, `let` or `where`, or write `(?:…)`")
        }
    }
}
