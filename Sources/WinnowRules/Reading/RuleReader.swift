import WinnowKit

/// Reads one rule.
struct RuleReader {
    static let keys = [
        "id", "title", "level", "status", "description", "author", "date", "modified", "tags",
        "logsource", "match", "events", "let", "where", "when", "suppress", "remediation",
        "references", "falsepositives", "tests",
    ]
    static let statuses = ["experimental", "test", "stable", "deprecated"]

    /// Longest title or remediation, in bytes.
    static let maxTextBytes = 16_384
    /// Most named groups and `let` values together: each match walks over them.
    static let maxCaptures = 256

    let diagnoser: Diagnoser
    let patterns: PatternStore
    private let node: YAMLNode
    private let pairs: [YAMLPair]
    /// The id, or a stand-in for messages.
    private(set) var id = "?"
    /// The rule in messages.
    private var name: String { pairs.value("id") == nil ? "this rule" : "rule `\(id)`" }
    /// Where a fault of the whole rule is reported.
    private(set) var idNode: YAMLNode
    /// True when the id itself can be used.
    private(set) var hasID = false
    private var scope = NameScope()
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
        let level = level()
        let status = pairs.value("status").flatMap {
            diagnoser.choice($0, "`status`", of: RuleReader.statuses)
        }
        let match = match()
        let lets = lets()
        let filter = filter()
        let (when, by) = when()
        let suppress = pairs.value("suppress").flatMap { diagnoser.duration($0, "`suppress`") }
        let title = template("title")
        let remediation = template("remediation")
        let variables = variables([title, remediation])
        let logsource = logsource()
        let tests = TestReader(diagnoser, rule: name).tests(pairs.value("tests"), idNode)
        let texts = texts()
        warnUnused()
        guard diagnoser.errorCount == errorsBefore, hasID, let level, let match, let title else {
            return nil
        }
        return RuleDraft(
            id: id, place: diagnoser.source.place(character: idNode.start), level: level,
            status: status ?? "experimental", tags: texts["tags"] ?? [], logsource: logsource,
            title: title.template, remediation: remediation?.template,
            description: pairs.value("description")?.scalar?.text,
            references: texts["references"] ?? [], falsepositives: texts["falsepositives"] ?? [],
            when: when, suppress: suppress, by: by.map { scope.shownName($0.name) }, tests: tests,
            logic: RuleLogic(
                product: logsource?.product, match: match, captures: scope.captures, lets: lets,
                filter: filter, key: by.map(\.source), variables: variables))
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
            // A rule of events is not supported yet, and one of Sigma says so already.
            if key == "match", usesSigma || pairs.value("events") != nil { continue }
            diagnoser.report(.missingKey, at: idNode, "\(name) has no `\(key)`")
        }
        if let events = pairs.first(where: { $0.key == "events" }) {
            diagnoser.report(
                .notSupported, at: events.keyNode, "`events` is not supported by this version",
                help: "one selection under `match` can have alternatives: `any: […]`")
        }
    }

    private func level() -> Level? {
        guard let node = pairs.value("level"),
            let text = diagnoser.choice(node, "`level`", of: Level.allCases.map(\.rawValue))
        else { return nil }
        return Level(rawValue: text)
    }

    private func logsource() -> LogSource? {
        guard let node = pairs.value("logsource"),
            let pairs = diagnoser.pairs(node, "`logsource`")
        else { return nil }
        diagnoser.checkKeys(
            pairs, known: ["product", "service", "category", "definition"], in: "`logsource`")
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

    private mutating func match() -> Condition? {
        guard let node = pairs.value("match") else { return nil }
        var reader = SelectionReader(diagnoser, patterns, rule: name, part: .match, scope: scope)
        let selected = reader.selection(node, "`match`")
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
        return selected?.condition
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

    private static func isLetName(_ name: String) -> Bool {
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
        do throws(ExpressionReader.Fault) {
            let steps = try ExpressionReader.read(text) { name in
                var scope = before
                return scope.value(name)
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

    private mutating func when() -> (When?, [(name: String, source: Source)]) {
        guard let node = pairs.value("when") else { return (nil, []) }
        var reader = WhenReader(diagnoser, rule: name, scope: scope)
        let result = reader.read(node)
        scope.used = reader.scope.used
        return (result.when, result.by)
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
        return (template, node)
    }

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
            "unknown variable `\(variable)` in \(name)", help: scope.hint(for: variable))
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
