extension Plan {
    /// Rules that need neither a kind, nor a code, nor a text, so that they are tried at every record
    /// of their product, ascending.
    public var unscreened: [Int] {
        let screen = program.screen
        return Set(
            program.rules.indices.filter { screen.isUnscreened($0) }.map { program.rules[$0].rule }
        ).sorted()
    }
}

extension PackLoader {
    /// The warning that a rule is tried at every record.
    ///
    /// - Parameters:
    ///   - cost: What that costs, in words.
    ///   - packs: The texts that the plan was loaded from.
    public static func unscreenedWarning(
        _ rule: Rule, in plan: Plan, cost: String, packs: [PackText]
    ) -> Diagnostic {
        let path = plan.packs[rule.pack].path
        let code = DiagnosticCode.noLiteral
        let line = packs.first { $0.path == path }.flatMap {
            SourceText(path: path, bytes: $0.bytes).text(line: rule.line)
        }
        let column = line.flatMap { line in
            line.firstRange(of: rule.id).map { line[..<$0.lowerBound].unicodeScalars.count }
        }
        return Diagnostic(
            code: code.rawValue, severity: code.severity, path: path, line: rule.line,
            column: (column ?? 0) + 1,
            message: "rule `\(rule.id)` needs no text and no event code, so it is tried at every "
                + "record: \(cost)",
            label: nil,
            help: "add `message|contains` with a text that is always there, or `event.code`",
            sourceLine: line)
    }
}
