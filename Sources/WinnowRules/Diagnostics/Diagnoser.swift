/// Gathers what is wrong with one pack file.
final class Diagnoser {
    let source: SourceText
    private(set) var diagnostics: [Diagnostic] = []
    /// Errors so far; a part of a pack is good when reading it did not raise this.
    private(set) var errorCount = 0
    private var seen: Set<String> = []

    init(source: SourceText) { self.source = source }

    /// Most names of one map, or of all rules, for which a similar one is looked for.
    static let maxHints = 50
    /// Most diagnostics kept of one file; a pack wrong in more ways is no better known by them.
    private static let limit = 1000
    private var dropped = 0
    private var droppedErrors = 0

    /// True when further diagnostics are only counted.
    var isFull: Bool { diagnostics.count >= Diagnoser.limit }

    /// All diagnostics in file order; at the end, how many more there were.
    var ordered: [Diagnostic] {
        var all = diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        if dropped > 0, let last = all.last {
            all.append(
                Diagnostic(
                    code: DiagnosticCode.tooLarge.rawValue,
                    severity: droppedErrors > 0 ? .error : .warning, path: source.path,
                    line: last.line, column: last.column,
                    message: "\(dropped) more like these are not listed", label: nil,
                    help: "mend these first", sourceLine: nil))
        }
        return all
    }

    /// Reports at a place.
    func report(
        _ code: DiagnosticCode, at place: Place, _ message: String, label: String? = nil,
        help: String? = nil
    ) {
        if code.severity == .error { errorCount += 1 }
        // An alias brings the same fault of the same place once for each use.
        let key = "\(code.rawValue) \(place.line) \(place.column) \(message)"
        guard seen.insert(key).inserted else { return }
        guard !isFull else {
            dropped += 1
            if code.severity == .error { droppedErrors += 1 }
            return
        }
        let shown = source.excerpt(line: place.line, column: place.column)
        diagnostics.append(
            Diagnostic(
                code: code.rawValue, severity: code.severity, path: source.path, line: place.line,
                column: place.column, message: message, label: label, help: help,
                sourceLine: shown.text, shownColumn: shown.column))
    }

    /// Reports at the first character of a node.
    func report(
        _ code: DiagnosticCode, at node: YAMLNode, _ message: String, label: String? = nil,
        help: String? = nil
    ) {
        report(code, at: source.place(character: node.start), message, label: label, help: help)
    }

    /// Reports inside a scalar, at the byte `offset` of its text.
    func report(
        _ code: DiagnosticCode, in node: YAMLNode, offset: Int, _ message: String,
        label: String? = nil, help: String? = nil
    ) {
        report(
            code, at: source.place(of: node, offset: offset), message, label: label, help: help)
    }
}
