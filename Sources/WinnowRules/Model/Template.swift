/// Text with `{{name}}` in it, to be filled with the values of a finding.
///
/// `{{name|default: text}}` shows the text where a finding lacks the value.
public struct Template: Sendable {
    /// The text as written.
    public let source: String
    /// Names in braces, each once, in order of appearance.
    public let variables: [String]
    /// The text from `{{` on where no `}}` follows, or nil.
    let unclosed: String?
    /// What follows a `|` in braces and is not `default:` with a text.
    let badFilters: [String]
    private let parts: [Part]

    private enum Part: Sendable {
        case text(String)
        case variable(String, fallback: String?)
    }

    private static let filter = "default:"

    /// Reads a template; braces that are never closed stay as they are.
    public init(_ source: String) {
        self.source = source
        var parts: [Part] = []
        var variables: [String] = []
        var rest = Substring(source)
        var unclosed: String?
        var badFilters: [String] = []
        while let open = rest.firstRange(of: "{{"),
            let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            let inner = rest[open.upperBound..<close.lowerBound]
            guard !inner.contains("\n"), inner.firstRange(of: "{{") == nil else {
                unclosed = unclosed ?? String(rest[open.lowerBound...])
                parts.append(.text(String(rest[..<open.upperBound])))
                rest = rest[open.upperBound...]
                continue
            }
            let halves = inner.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(halves[0].trimmingBlanks())
            var fallback: String?
            if halves.count > 1 {
                let written = halves[1].trimmingBlanks()
                fallback = Template.fallback(written)
                if fallback == nil { badFilters.append(String(written)) }
            }
            if open.lowerBound > rest.startIndex {
                parts.append(.text(String(rest[..<open.lowerBound])))
            }
            parts.append(.variable(name, fallback: fallback))
            if !variables.contains(name) { variables.append(name) }
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.unclosed =
            unclosed ?? rest.firstRange(of: "{{").map { String(rest[$0.lowerBound...]) }
        self.badFilters = badFilters
        self.parts = parts
        self.variables = variables
    }

    /// The text of `default: text`; nil where it is something else, or empty.
    private static func fallback(_ written: Substring) -> String? {
        guard written.hasPrefix(filter) else { return nil }
        let text = written.dropFirst(filter.count).trimmingBlanks()
        return text.isEmpty ? nil : String(text)
    }

    /// The text with each variable replaced by what `lookup` gives for it. A value that is missing or
    /// empty shows as the variable's default, without one as its name in angle brackets.
    public func rendered(_ lookup: (String) -> String?) -> String {
        var out = ""
        for part in parts {
            switch part {
            case .text(let text): out += text
            case .variable(let name, let fallback):
                let value = lookup(name)
                if let value, !value.isEmpty || fallback == nil {
                    out += value
                } else {
                    out += fallback ?? "<" + name + ">"
                }
            }
        }
        return out
    }

    /// The text with the names of its variables in braces, without their defaults: for lists of rules,
    /// where no finding fills it.
    public var outline: String {
        parts.reduce(into: "") { out, part in
            switch part {
            case .text(let text): out += text
            case .variable(let name, _): out += "{{" + name + "}}"
            }
        }
    }
}

extension Substring {
    /// Where `other` (in ASCII) first stands, or nil.
    func firstRange(of other: StaticString) -> Range<Substring.Index>? {
        let wanted = UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        var at = startIndex
        while at < endIndex {
            if utf8[at...].starts(with: wanted) {
                return at..<utf8.index(at, offsetBy: wanted.count)
            }
            at = utf8.index(after: at)
        }
        return nil
    }

    /// Without blanks and tabs at both ends.
    func trimmingBlanks() -> Substring {
        var out = self
        while let first = out.first, first == " " || first == "\t" { out.removeFirst() }
        while let last = out.last, last == " " || last == "\t" { out.removeLast() }
        return out
    }
}
