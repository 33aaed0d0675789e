extension RuleReader {
    /// Warns of what a rule that is read without a fault can never do.
    func lint(
        _ events: [EventsReader.Event], _ product: String?, _ lets: [LetValue],
        _ filter: Condition?, _ when: WhenReader.Result
    ) {
        reportProduct(product)
        let named = diagnoser.optionalPairs(pairs.value("events"))
        let selections = events.enumerated().compactMap { index, event -> RuleLint.Event? in
            guard case .records(let condition) = event.wants else { return nil }
            return RuleLint.Event(
                name: event.name, index: index,
                node: named.first { $0.key == event.name }?.keyNode ?? idNode,
                condition: condition)
        }
        let lint = RuleLint(
            diagnoser: diagnoser, rule: name, product: product, events: selections, filter: filter,
            flow: CaptureFlow(captures: scope.captures, lets: lets))
        lint.report()
        if let operation = when.when {
            lint.report(
                operation, value: when.value, field: when.field,
                at: pairs.first { $0.key == "when" }?.keyNode ?? idNode)
        }
    }

    private func reportProduct(_ product: String?) {
        guard let product, !RecordKinds.products.contains(product),
            let node = diagnoser.optionalPairs(pairs.value("logsource")).value("product")
        else { return }
        diagnoser.report(
            .unknownKind, at: node, "no decoder gives records of the product `\(product)`",
            help: NearestName.hint(for: product, in: RecordKinds.products)
                ?? "the rule looks at all records; known are "
                + RecordKinds.products.joined(separator: " and "))
    }
}
