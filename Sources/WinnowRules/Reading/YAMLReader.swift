// The C half of Yams, which is libyaml. Yams' own composer is not used: it recurses without bound
// through chains of aliases, hashes keys with their aliases written out, gives no places inside the
// file for many errors, and stops at the first duplicate key.
import CYaml

/// Reads one YAML document into nodes, within limits.
struct YAMLReader {
    /// Most levels of lists and maps in each other.
    static let maxDepth = 64
    /// Most values in a file, with aliases written out.
    static let maxValues = 1_000_000

    /// Reading stopped; the reason has been reported.
    private struct Stop: Error {}

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let diagnoser: Diagnoser
    /// Characters before what libyaml sees.
    private let skipped: Int
    private var anchors: [String: YAMLNode] = [:]
    private var values = 0

    /// The document of a file; nil after an error that ends reading, which is reported.
    static func read(_ diagnoser: Diagnoser) -> YAMLNode? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { return nil }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        return diagnoser.source.bytes.withUnsafeBufferPointer { bytes in
            // libyaml would take a byte order mark for a column of the first line.
            let mark = diagnoser.source.hasByteOrderMark ? 1 : 0
            yaml_parser_set_input_string(
                parser, bytes.baseAddress.map { $0 + 3 * mark }, bytes.count - 3 * mark)
            var reader = YAMLReader(parser: parser, diagnoser: diagnoser, skipped: mark)
            return try? reader.document()
        }
    }

    private init(
        parser: UnsafeMutablePointer<yaml_parser_t>, diagnoser: Diagnoser, skipped: Int
    ) {
        self.parser = parser
        self.diagnoser = diagnoser
        self.skipped = skipped
    }

    private mutating func document() throws -> YAMLNode {
        _ = try next()  // the beginning of the stream
        guard try next().type == YAML_DOCUMENT_START_EVENT else {
            diagnoser.report(
                .missingKey, at: Place(line: 1, column: 1), "the file is empty",
                help: "a pack has `pack:` and `rules:`")
            throw Stop()
        }
        let root = try node(from: next(), depth: 1)
        _ = try next()  // the document's end
        let event = try next()
        guard event.type == YAML_STREAM_END_EVENT else {
            diagnoser.report(
                .yamlSyntax, at: place(event),
                "a second document begins here",
                help: "a pack is one document; put its rules into one list under `rules:`")
            throw Stop()
        }
        return root
    }

    private mutating func node(from event: Event, depth: Int) throws -> YAMLNode {
        guard depth <= YAMLReader.maxDepth else {
            throw stop(
                .tooLarge, event, "lists and maps are nested more than \(YAMLReader.maxDepth) deep")
        }
        switch event.type {
        case YAML_ALIAS_EVENT: return try alias(event, depth: depth)
        case YAML_SEQUENCE_START_EVENT: return try sequence(event, depth: depth)
        case YAML_MAPPING_START_EVENT: return try mapping(event, depth: depth)
        default: return try scalar(event)
        }
    }

    private mutating func scalar(_ event: Event) throws -> YAMLNode {
        let scalar = event.raw.data.scalar
        let style: YAMLScalar.Style
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: style = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: style = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: style = .block
        default: style = .plain
        }
        let tag = text(scalar.tag)
        if let tag, tag != "tag:yaml.org,2002:str", tag != "!" { reportTag(tag, event) }
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        return try keep(
            .scalar(
                YAMLScalar(
                    text: String(decoding: bytes, as: UTF8.self), style: style,
                    forcedText: tag != nil)),
            from: event, to: event, anchor: text(scalar.anchor), size: 1, height: 1)
    }

    private mutating func sequence(_ event: Event, depth: Int) throws -> YAMLNode {
        if let tag = text(event.raw.data.sequence_start.tag) { reportTag(tag, event) }
        var items: [YAMLNode] = []
        var size = 1
        var height = 0
        var item = try next()
        while item.type != YAML_SEQUENCE_END_EVENT {
            let node = try node(from: item, depth: depth + 1)
            size += node.size
            height = max(height, node.height)
            items.append(node)
            item = try next()
        }
        return try keep(
            .sequence(items), from: event, to: item,
            anchor: text(event.raw.data.sequence_start.anchor), size: size, height: height + 1)
    }

    private mutating func mapping(_ event: Event, depth: Int) throws -> YAMLNode {
        if let tag = text(event.raw.data.mapping_start.tag) { reportTag(tag, event) }
        var pairs: [YAMLPair] = []
        var lines: [String: Int] = [:]
        var size = 1
        var height = 0
        var item = try next()
        while item.type != YAML_MAPPING_END_EVENT {
            let key = try node(from: item, depth: depth + 1)
            let value = try node(from: next(), depth: depth + 1)
            item = try next()
            size += key.size + value.size
            height = max(height, key.height, value.height)
            guard let name = key.scalar?.text else {
                diagnoser.report(.wrongType, at: key, "a key must be text, not \(key.kindName)")
                continue
            }
            let line = diagnoser.source.place(character: key.start).line
            if let first = lines.updateValue(line, forKey: name) {
                lines[name] = first
                diagnoser.report(
                    .duplicateKey, at: key, "the key `\(name)` stands twice in one map",
                    label: "first in line \(first)",
                    help: "rename or remove one; several values of one field are a list")
                continue
            }
            pairs.append(YAMLPair(key: name, keyNode: key, value: value))
        }
        return try keep(
            .mapping(pairs), from: event, to: item,
            anchor: text(event.raw.data.mapping_start.anchor), size: size, height: height + 1)
    }

    private mutating func alias(_ event: Event, depth: Int) throws -> YAMLNode {
        let name = text(event.raw.data.alias.anchor) ?? ""
        guard let node = anchors[name] else {
            throw stop(
                .yamlSyntax, event, "the alias `*\(name)` has no anchor before it",
                help: "write `&\(name)` before the value that it stands for, or quote the text")
        }
        guard depth + node.height - 1 <= YAMLReader.maxDepth else {
            throw stop(
                .tooLarge, event, "lists and maps are nested more than \(YAMLReader.maxDepth) deep")
        }
        try count(node.size, event)
        return node
    }

    private mutating func keep(
        _ content: YAMLNode.Content, from first: Event, to last: Event, anchor: String?, size: Int,
        height: Int
    ) throws -> YAMLNode {
        try count(1, first)
        let node = YAMLNode(
            content: content, start: Int(first.raw.start_mark.index) + skipped,
            end: Int(last.raw.end_mark.index) + skipped, size: size, height: height)
        if let anchor { anchors[anchor] = node }
        return node
    }

    private mutating func count(_ more: Int, _ event: Event) throws {
        values += more
        guard values <= YAMLReader.maxValues else {
            throw stop(
                .tooLarge, event, "the file has more than \(YAMLReader.maxValues) values",
                help: "an alias counts as often as it is used; split the pack")
        }
    }

    private func stop(
        _ code: DiagnosticCode, _ event: Event, _ message: String, help: String? = nil
    ) -> Stop {
        diagnoser.report(code, at: place(event), message, help: help)
        return Stop()
    }

    private func reportTag(_ tag: String, _ event: Event) {
        diagnoser.report(
            .yamlSyntax, at: place(event),
            "the tag `\(tag)` means nothing in a pack",
            help: "remove it; quotes make text of a number")
    }

    private func place(_ event: Event) -> Place {
        diagnoser.source.place(character: Int(event.raw.start_mark.index) + skipped)
    }

    private func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    /// The next event; syntax errors are reported and end reading.
    private func next() throws -> Event {
        let event = Event()
        guard yaml_parser_parse(parser, &event.raw) == 1 else {
            reportSyntax()
            throw Stop()
        }
        return event
    }

    private func reportSyntax() {
        let source = diagnoser.source
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read"
        guard parser.pointee.error != YAML_READER_ERROR else {
            diagnoser.report(
                .yamlSyntax,
                at: source.place(byte: Int(parser.pointee.problem_offset) + 3 * skipped), problem,
                help: "remove the character, or write it as \\x.. in double quotes")
            return
        }
        let place = source.place(character: Int(parser.pointee.problem_mark.index) + skipped)
        var label: String?
        if let context = parser.pointee.context {
            let start = source.place(character: Int(parser.pointee.context_mark.index) + skipped)
            if problem == "found unexpected end of stream" {
                // The end of the file is not where a person would look.
                diagnoser.report(
                    .yamlSyntax, at: start,
                    "not valid YAML: the file ends " + String(cString: context),
                    label: "it begins here", help: "close the quote")
                return
            }
            label =
                String(cString: context)
                + (start.line == place.line ? "" : " of line \(start.line)")
        }
        let before = source.text(line: place.line)?.prefix { $0 == " " || $0 == "\t" } ?? ""
        diagnoser.report(
            .yamlSyntax, at: place, "not valid YAML: " + problem, label: label,
            help: before.contains("\t")
                ? "indent with blanks: YAML allows no tabs there"
                : YAMLReader.help(for: problem))
    }

    private static func help(for problem: String) -> String? {
        if problem.hasPrefix("mapping values are not allowed") {
            return "quote a text that holds `: `"
        }
        if problem.hasPrefix("found character that cannot start any token") {
            return "quote a text that begins with `@`, `%` or a back-quote"
        }
        if problem.hasPrefix("did not find expected alphabetic") {
            return "quote a text that begins with `*` or `&`, as `'*.panic'`"
        }
        if problem.hasPrefix("did not find expected comment or line break") {
            return "quote a text that begins with `>` or `|`"
        }
        if problem.hasPrefix("did not find expected")
            || problem.hasPrefix("could not find expected")
        {
            return "look at the indentation and at the quotes just before this place"
        }
        if problem.hasPrefix("found unknown escape character") {
            return "use single quotes: in them a backslash is a backslash"
        }
        return nil
    }
}

/// One event of libyaml, freed with the object.
private final class Event {
    var raw = yaml_event_t()

    deinit { yaml_event_delete(&raw) }

    var type: yaml_event_type_t { raw.type }
}
