import WinnowKit
public import WinnowRules

extension RunReport {
    /// The run's manifest: one JSON object that says what was read with which rules and what came
    /// of it.
    public func manifest(command: String, plan: Plan?) -> [UInt8] {
        var out: [UInt8] = []
        out.append(UInt8(ascii: "{"))
        JSONWriter.key("winnow", to: &out)
        JSONWriter.string(WinnowVersion.current, to: &out)
        JSONWriter.key("version", to: &out)
        JSONWriter.string(WinnowVersion.current, to: &out)
        JSONWriter.key("command", to: &out)
        JSONWriter.string(command, to: &out)
        JSONWriter.key("packs", to: &out)
        list(plan?.packs ?? [], to: &out) { pack, out in
            JSONWriter.key("name", to: &out)
            JSONWriter.string(pack.name, to: &out)
            JSONWriter.key("version", to: &out)
            JSONWriter.string(pack.version, to: &out)
            JSONWriter.key("sha256", to: &out)
            JSONWriter.string(pack.sha256, to: &out)
        }
        JSONWriter.key("disabled_rules", to: &out)
        out.append(UInt8(ascii: "["))
        for rule in plan?.rules ?? [] where !rule.isEnabled {
            JSONWriter.comma(to: &out)
            JSONWriter.string(rule.id, to: &out)
        }
        out.append(UInt8(ascii: "]"))
        JSONWriter.key("inputs", to: &out)
        list(inputs, to: &out) { input, out in input.append(to: &out) }
        JSONWriter.key("rules", to: &out)
        list(rules, to: &out) { rule, out in rule.append(to: &out) }
        JSONWriter.key("totals", to: &out)
        totals.append(to: &out)
        JSONWriter.key("interrupted", to: &out)
        JSONWriter.boolean(isInterrupted, to: &out)
        number("correlated_early", earlySignals, to: &out)
        number("carried_silences", carriedSilences, to: &out)
        JSONWriter.key("has_unlearnt_names", to: &out)
        JSONWriter.boolean(hasUnlearntNames, to: &out)
        JSONWriter.key("digest", to: &out)
        JSONWriter.string(digest, to: &out)
        out.append(UInt8(ascii: "}"))
        return out
    }
}

/// Appends a list of objects.
private func list<Element>(
    _ elements: [Element], to out: inout [UInt8], _ body: (Element, inout [UInt8]) -> Void
) {
    out.append(UInt8(ascii: "["))
    for element in elements {
        JSONWriter.comma(to: &out)
        out.append(UInt8(ascii: "{"))
        body(element, &out)
        out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "]"))
}

/// Appends `"name":value`.
private func number(_ name: StaticString, _ value: Int, to out: inout [UInt8]) {
    JSONWriter.key(name, to: &out)
    JSONWriter.number(value, to: &out)
}

extension RunReport.Totals {
    fileprivate func append(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        number("records", records, to: &out)
        number("matched", matched, to: &out)
        number("unmatched", unmatched, to: &out)
        number("damaged", damaged, to: &out)
        number("truncated", truncated, to: &out)
        number("findings", findings, to: &out)
        out.append(UInt8(ascii: "}"))
    }
}

extension InputReport {
    fileprivate func append(to out: inout [UInt8]) {
        JSONWriter.key("input", to: &out)
        JSONWriter.string(input, to: &out)
        JSONWriter.key("path", to: &out)
        JSONWriter.string(input, to: &out)
        JSONWriter.key("format", to: &out)
        JSONWriter.string(orNull: format, to: &out)
        JSONWriter.key("encoding", to: &out)
        JSONWriter.string(orNull: encoding, to: &out)
        number("bytes", bytes, to: &out)
        JSONWriter.key("whole", to: &out)
        JSONWriter.boolean(isWhole, to: &out)
        JSONWriter.key("sha256", to: &out)
        JSONWriter.string(orNull: sha256, to: &out)
        JSONWriter.key("records", to: &out)
        out.append(UInt8(ascii: "{"))
        for (kind, count) in records where count > 0 {
            JSONWriter.key(kind, to: &out)
            JSONWriter.number(count, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        JSONWriter.key("damaged", to: &out)
        out.append(UInt8(ascii: "{"))
        number("count", problems, to: &out)
        number("records", totals.damaged, to: &out)
        JSONWriter.key("first", to: &out)
        list(firstProblems, to: &out) { problem, out in
            number("line", problem.line, to: &out)
            number("offset", problem.offset, to: &out)
            JSONWriter.key("reason", to: &out)
            JSONWriter.string(problem.reason, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        number("truncated", totals.truncated, to: &out)
        number("skipped_bytes", skippedBytes, to: &out)
        JSONWriter.key("first_time", to: &out)
        JSONWriter.time(firstTime, to: &out)
        JSONWriter.key("last_time", to: &out)
        JSONWriter.time(lastTime, to: &out)
        JSONWriter.key("error", to: &out)
        JSONWriter.string(orNull: error?.message, to: &out)
    }
}

extension RuleReport {
    fileprivate func append(to out: inout [UInt8]) {
        JSONWriter.key("rule", to: &out)
        JSONWriter.string(rule, to: &out)
        number("candidates", candidates, to: &out)
        number("matches", matches, to: &out)
        number("findings", findings, to: &out)
        number("suppressed", suppressed, to: &out)
        number("limit_hits", limitHits, to: &out)
        number("truncated_subjects", truncatedSubjects, to: &out)
        number("evicted_keys", evictedKeys, to: &out)
        number("evicted_records", evictedRecords, to: &out)
        number("late", late, to: &out)
        number("untimed", untimed, to: &out)
        JSONWriter.key("seconds", to: &out)
        // Microseconds, written without a float's tail.
        let microseconds = Int((seconds * 1e6).rounded())
        let fraction = String(microseconds % 1_000_000)
        out.append(contentsOf: "\(microseconds / 1_000_000).".utf8)
        out.append(contentsOf: String(repeating: "0", count: 6 - fraction.utf8.count).utf8)
        out.append(contentsOf: fraction.utf8)
    }
}
