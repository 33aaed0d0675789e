/// Says conditions of a program in words.
struct ConditionText {
    let program: Program
    /// Names of the rule's captures.
    let captures: [String]

    /// Most values of a list that are written out.
    private static let maxValues = 6
    /// Most characters of one value.
    private static let maxText = 120

    /// The condition below a node, one line a test, nested by two blanks.
    func lines(_ index: Int, indent: String = "") -> [String] {
        let node = program.nodes[index]
        switch node.kind {
        case .test: return [indent + words(program.tests[Int(node.test)])]
        case .all: return [indent + "all of"] + children(index).flatMap { nested($0, indent) }
        case .any: return [indent + "any of"] + children(index).flatMap { nested($0, indent) }
        case .not: return [indent + "not"] + nested(index + 1, indent)
        }
    }

    private func nested(_ index: Int, _ indent: String) -> [String] {
        lines(index, indent: indent + "  ")
    }

    /// The nodes right below a node.
    func children(_ index: Int) -> [Int] {
        var out: [Int] = []
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            out.append(child)
            child = Int(program.nodes[child].end)
        }
        return out
    }

    /// A node in one line.
    func line(_ index: Int) -> String {
        let node = program.nodes[index]
        switch node.kind {
        case .test: return words(program.tests[Int(node.test)])
        case .all: return "(" + children(index).map { line($0) }.joined(separator: " and ") + ")"
        case .any: return "(" + children(index).map { line($0) }.joined(separator: " or ") + ")"
        case .not: return "not " + line(index + 1)
        }
    }

    /// One test: the field and what is asked of it.
    func words(_ test: Program.Test) -> String {
        let range = Int(test.firstCheck)..<Int(test.firstCheck + test.checkCount)
        let checks = range.prefix(ConditionText.maxValues).map { program.checks[$0] }
        var parts: [String] = []
        var lastVerb = ""
        for check in checks {
            let (verb, value) = words(check)
            // `contains a or b`, not `contains a or contains b`.
            parts.append(verb == lastVerb && !value.isEmpty ? value : joined(verb, value))
            lastVerb = verb
        }
        let more = range.count - checks.count
        if more > 0 { parts.append("\(more) more") }
        let said = parts.joined(separator: test.needsAll ? " and " : " or ")
        return name(test.operand) + (test.isNegated ? " is there and never " : " ") + said
    }

    private func joined(_ verb: String, _ value: String) -> String {
        value.isEmpty ? verb : verb + " " + value
    }

    /// The name of an operand.
    func name(_ operand: Program.Operand) -> String {
        switch operand {
        case .kind: "event.kind"
        case .slot(let slot): program.slots.name(Int(slot))
        case .capture(let index): captures[Int(index)]
        }
    }

    private func words(_ check: Program.Check) -> (verb: String, value: String) {
        switch check {
        case .text(let relation, let needle):
            let start = Int(needle.start)
            let bytes = program.needles[start..<start + Int(needle.count)]
            return (
                verb(relation) + (needle.isCased ? " in this case" : ""),
                quoted(String(decoding: bytes, as: UTF8.self))
            )
        case .glob(let index, let isCased):
            return ("fits" + (isCased ? " in this case" : ""), quoted(program.globs[Int(index)]))
        case .pattern(let index, _, _):
            let pattern = program.patterns[Int(index)]
            var flags = ""
            if pattern.flags.contains(.caseless) { flags += "i" }
            if pattern.flags.contains(.multiline) { flags += "m" }
            if pattern.flags.contains(.dotAll) { flags += "s" }
            return ("matches", "/" + cut(pattern.source) + "/" + flags)
        case .number(let comparison, let number):
            return (comparison.sign, number.written)
        case .null: return ("is absent or empty", "")
        case .exists(let wanted): return (wanted ? "is there" : "is absent", "")
        case .network(let index): return ("lies in", program.networks[Int(index)].text)
        case .reference(let other, let relation, let isCased):
            return (
                verb(relation) + (isCased ? " in this case" : ""), "the value of " + name(other)
            )
        }
    }

    private func verb(_ relation: TextRelation) -> String {
        switch relation {
        case .equals: "is"
        case .startsWith: "starts with"
        case .endsWith: "ends with"
        case .contains: "contains"
        }
    }

    private func quoted(_ glob: Glob) -> String {
        let parts = glob.parts.map { part in
            String(
                decoding: part.map { unit -> UInt8 in
                    if case .byte(let byte) = unit { byte } else { UInt8(ascii: "?") }
                }, as: UTF8.self)
        }
        return quoted(parts.joined(separator: "*"))
    }

    private func quoted(_ text: String) -> String { "`" + cut(text) + "`" }

    private func cut(_ text: String) -> String {
        text.count <= ConditionText.maxText ? text : text.prefix(ConditionText.maxText) + "…"
    }
}

extension Comparison {
    /// The sign of mathematics in ASCII.
    var sign: String {
        switch self {
        case .equal: "="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .less: "<"
        case .lessOrEqual: "<="
        }
    }
}

extension Number {
    /// The number in digits.
    var written: String {
        switch self {
        case .whole(let value): String(value)
        case .real(let value): Number.text(value)
        }
    }
}
