/// Text with `{{name}}` in it, to be filled with the values of a finding.
public struct Template: Sendable {
    /// The text as written.
    public let source: String
    /// Names in braces, each once, in order of appearance.
    public let variables: [String]
    /// The text from `{{` on where no `}}` follows, or nil.
    let unclosed: String?
    private let parts: [Part]

    private enum Part: Sendable {
        case text(String)
        case variable(String)
    }

    /// Reads a template; braces that are never closed stay as they are.
    public init(_ source: String) {
        self.source = source
        var parts: [Part] = []
        var variables: [String] = []
        var rest = Substring(source)
        var unclosed: String?
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
            let name = String(inner.trimmingBlanks())
            if open.lowerBound > rest.startIndex {
                parts.append(.text(String(rest[..<open.lowerBound])))
            }
            parts.append(.variable(name))
            if !variables.contains(name) { variables.append(name) }
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.unclosed =
            unclosed ?? rest.firstRange(of: "{{").map { String(rest[$0.lowerBound...]) }
        self.parts = parts
        self.variables = variables
    }

    /// The text with each variable replaced by what `lookup` gives for it; a value that is missing
    /// shows as its name in angle brackets.
    public func rendered(_ lookup: (String) -> String?) -> String {
        var out = ""
        for part in parts {
            switch part {
            case .text(let text): out += text
            case .variable(let name): out += lookup(name) ?? "<" + name + ">"
            }
        }
        return out
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
