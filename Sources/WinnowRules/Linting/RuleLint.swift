/// Warns of what makes a rule that loads useless: parts that exclude each other, kinds of records
/// that nobody gives, groups that an alternative never makes, silences that outlast the window.
struct RuleLint {
    /// An event of records, or the one selection of `match`.
    struct Event {
        /// nil for `match`.
        var name: String?
        /// Position in `Rule.events`.
        var index: Int
        /// Where its key stands.
        var node: YAMLNode
        var condition: Condition
    }

    let diagnoser: Diagnoser
    /// The rule in messages.
    let rule: String
    let product: String?
    let events: [Event]
    let filter: Condition?
    let flow: CaptureFlow

    /// Reports all that is found.
    func report() {
        for event in events {
            reportKinds(event.condition)
            reportContradictions(event)
            reportLackingGroups(event)
        }
    }

    // MARK: - Kinds

    private func reportKinds(_ condition: Condition) {
        switch condition {
        case .all(let parts), .any(let parts): for part in parts { reportKinds(part) }
        case .not(let inner): reportKinds(inner)
        case .test(let test):
            guard test.source == .kind else { return }
            for case .text(let text) in test.checks where text.relation == .equals {
                let kind = String(decoding: text.bytes, as: UTF8.self)
                guard !RecordKinds.known.contains(kind.lowercased()) else { continue }
                warn(
                    .unknownKind, test, "no decoder gives records of kind `\(kind)`",
                    help: NearestName.hint(for: kind, in: RecordKinds.known)
                        ?? "the kinds are " + RecordKinds.known.joined(separator: ", "))
            }
        }
    }

    // MARK: - Contradictions

    private func reportContradictions(_ event: Event) {
        var reachability = Reachability(product: product)
        reachability.look(at: [event.condition] + (filter.map { [$0] } ?? []))
        for dead in reachability.dead {
            let what =
                dead.isAlternative
                ? "an alternative of \(rule)"
                : event.name.map { "the event `\($0)` of \(rule)" } ?? rule
            warn(
                .neverMatches, dead.test, "\(what) can never match: \(fault(dead.test))",
                help: "parts of one map, and `match` and `where`, must all hold; "
                    + "values of which one is enough are a list, or stand under `any`")
        }
    }

    private func fault(_ test: FieldTest) -> String {
        let name: String
        switch test.source {
        case .kind: name = FieldNames.kind
        case .field(let field): name = field
        case .capture(let index):
            name = flow.captures.indices.contains(index) ? flow.captures[index] : "a group"
        }
        if name == CandidateScreen.codeField, test.isNoNumber { return "`\(name)` is a number" }
        if name == FieldNames.kind, let product {
            return "no `\(name)` meets all that is asked of it, `logsource` (\(product)) included"
        }
        return "no `\(name)` meets all that is asked of it"
    }

    // MARK: - Groups

    private func reportLackingGroups(_ event: Event) {
        guard let filter else { return }
        let needed = flow.needed(by: filter)
        guard !needed.isEmpty else { return }
        let made = CaptureFlow.made(by: event.condition)
        if let group = needed.subtracting(made).min() {
            diagnoser.report(
                .neverMatches, at: event.node,
                "the event `\(event.name ?? "match")` of \(rule) can never match: `where` asks for "
                    + "`\(group)`, which it does not make",
                help: "make the group in its pattern, or write `\(group)|exists: false` beside it "
                    + "under `any`")
            return
        }
        for (branch, group) in CaptureFlow.lacking(needed, in: event.condition) {
            guard let test = branch.firstTest else { continue }
            warn(
                .neverMatches, test,
                "an alternative of \(rule) can never match: `where` asks for `\(group)`, which it "
                    + "does not make",
                help: "make the group in each alternative, or leave the alternative out")
        }
    }

    // MARK: - `when`

    /// Warns of an operator that can never fire.
    func report(_ when: When, value: Source?, field: String?, at node: YAMLNode) {
        switch when {
        case .sequence(let steps, let within):
            let silences = steps.dropLast().compactMap { $0.silence?.nanoseconds }
                .reduce(0, +)
            guard silences >= within else { return }
            diagnoser.report(
                .neverMatches, at: node,
                "\(rule) can never fire: the silences between its steps last "
                    + "\(DurationWords.text(silences)), and `within` is \(DurationWords.text(within))",
                help: "`within` spans the first record to the last, silences included")
        case .distinct(let event, _, _), .stat(let event, _, _):
            report(value, field, of: event, at: node)
        case .trend(let trend, _): report(value, field, of: trend.event, at: node)
        case .count, .all, .join: break
        }
    }

    private func report(_ value: Source?, _ field: String?, of index: Int, at node: YAMLNode) {
        guard case .capture(let capture)? = value, let field,
            let event = events.first(where: { $0.index == index })
        else { return }
        let lacking = flow.groups(behind: capture).subtracting(
            CaptureFlow.made(by: event.condition))
        guard !lacking.isEmpty else { return }
        diagnoser.report(
            .neverMatches, at: node,
            "\(rule) can never fire: `\(field)` has no value in the event "
                + "`\(event.name ?? "match")`",
            help: "make the group in the pattern of that event")
    }

    private func warn(_ code: DiagnosticCode, _ test: FieldTest, _ message: String, help: String) {
        diagnoser.report(
            code, at: diagnoser.source.place(character: test.start), message, help: help)
    }
}

extension FieldTest {
    /// True when it asks for texts only that are no numbers.
    fileprivate var isNoNumber: Bool {
        checks.allSatisfy { check in
            guard case .text(let text) = check else { return false }
            return Number(String(decoding: text.bytes, as: UTF8.self)) == nil
        }
    }
}
