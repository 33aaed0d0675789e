import WinnowKit

/// Reads one pack file.
struct PackReader {
    /// Largest file, in bytes.
    static let maxBytes = 10_000_000
    /// Most rules of a pack.
    static let maxRules = 10_000

    /// Keys of a pack file; `pack` and one of the others are required.
    static let keys = ["pack", "rules", "filters", "overrides"]
    /// Of these there must be one.
    static let contentKeys = ["rules", "filters", "overrides"]
    /// Keys of `pack`.
    static let headerKeys = ["name", "version", "engine", "license", "description"]
    /// Those that must be there.
    static let requiredHeaderKeys = ["name", "version", "engine"]

    /// What a pack file held.
    struct Draft {
        var pack: Pack?
        /// Where the pack's name stands.
        var namePlace: Place?
        /// Good rules, with the place of each.
        var rules: [RuleDraft] = []
        /// Ids of all rules, good or not, in file order.
        var ids: [(id: String, place: Place)] = []
        /// What it says about rules, its own or of other packs.
        var overlay = Overlay()
        /// True when the file has `rules`, good or not.
        var hasRules = false
    }

    let diagnoser: Diagnoser
    let patterns: PatternStore
    private let sha256: String

    init(_ diagnoser: Diagnoser, _ patterns: PatternStore, sha256: String) {
        self.diagnoser = diagnoser
        self.patterns = patterns
        self.sha256 = sha256
    }

    /// Reads the file's bytes; what is wrong is reported.
    func read() -> Draft {
        let start = Place(line: 1, column: 1)
        let source = diagnoser.source
        guard source.bytes.count <= PackReader.maxBytes else {
            diagnoser.report(
                .tooLarge, at: start,
                "the file has \(source.bytes.count) bytes, more than \(PackReader.maxBytes)",
                help: "split the pack")
            return Draft()
        }
        if let bad = source.bytes.withUnsafeBytes({ UTF8Text.firstInvalid($0) }) {
            diagnoser.report(
                .notUTF8, at: source.place(byte: bad), "the file is not UTF-8",
                label: "this byte is 0x" + String(source.bytes[bad], radix: 16),
                help: "save it as UTF-8")
            return Draft()
        }
        guard let root = YAMLReader.read(diagnoser) else { return Draft() }
        guard case .mapping(let pairs) = root.content else {
            diagnoser.report(
                .wrongType, at: root,
                "a pack is a map with `pack` and `rules`, not \(root.kindName)")
            return Draft()
        }
        let meant = diagnoser.checkKeys(pairs, known: PackReader.keys, in: "a pack file")
        func has(_ key: String) -> Bool { pairs.value(key) != nil || meant.contains(key) }
        if !has("pack") {
            diagnoser.report(
                .missingKey, at: start, "the file has no `pack`",
                help: "write `pack: {name: …, version: 1.0.0, engine: \">=0.1 <2\"}`")
        }
        if !PackReader.contentKeys.contains(where: has) {
            diagnoser.report(
                .missingKey, at: start, "the file has no `rules`",
                help: "write `rules:` and a list of rules, or `filters:` or `overrides:` for "
                    + "rules of other packs")
        }
        var draft = Draft()
        draft.hasRules = has("rules")
        if let node = pairs.value("pack") { readHeader(node, into: &draft) }
        if let node = pairs.value("rules") { readRules(node, into: &draft) }
        let reader = OverlayReader(diagnoser, patterns)
        if let node = pairs.value("filters") { draft.overlay.filters = reader.filters(node) }
        if let node = pairs.value("overrides") { draft.overlay.overrides = reader.overrides(node) }
        return draft
    }

    private func readHeader(_ node: YAMLNode, into draft: inout Draft) {
        guard let pairs = diagnoser.pairs(node, "`pack`") else { return }
        let meant = diagnoser.checkKeys(
            pairs, known: PackReader.headerKeys, in: "`pack`")
        for key in PackReader.requiredHeaderKeys
        where pairs.value(key) == nil && !meant.contains(key) {
            diagnoser.report(.missingKey, at: node, "`pack` has no `\(key)`")
        }
        func text(_ key: String) -> String? {
            pairs.value(key).flatMap { diagnoser.text($0, "`pack.\(key)`") }
        }
        let name = name(pairs.value("name"))
        let version = version(pairs.value("version"))
        checkEngine(pairs.value("engine"))
        let license = text("license")
        let description = text("description")
        guard let name, let version else { return }
        draft.namePlace = pairs.value("name").map { diagnoser.source.place(character: $0.start) }
        draft.pack = Pack(
            name: name, version: version, sha256: sha256, path: diagnoser.source.path,
            license: license, description: description)
    }

    private func name(_ node: YAMLNode?) -> String? {
        guard let node, let name = diagnoser.text(node, "`pack.name`") else { return nil }
        guard RuleReader.isSlug(name) else {
            diagnoser.report(
                .badID, at: node, "`\(name)` is no pack name",
                help: "lower-case letters, digits, `.`, `-` and `_`, as `go-windows`")
            return nil
        }
        return name
    }

    private func version(_ node: YAMLNode?) -> String? {
        guard let node, let version = diagnoser.text(node, "`pack.version`") else { return nil }
        guard SemanticVersion(version) != nil else {
            diagnoser.report(
                .badVersion, at: node, "`\(version)` is no semantic version",
                help: "three numbers, as `1.0.0`")
            return nil
        }
        return version
    }

    private func checkEngine(_ node: YAMLNode?) {
        guard let node, let text = diagnoser.text(node, "`pack.engine`") else { return }
        guard let range = VersionRange(text) else {
            diagnoser.report(
                .badVersion, at: node, "`\(text)` is no range of versions",
                help: "bounds with blanks between them, as `\">=0.1 <2\"`")
            return
        }
        if let current = SemanticVersion(WinnowVersion.current), !range.contains(current) {
            diagnoser.report(
                .engineMismatch, at: node,
                "the pack is for versions `\(text)`, this is \(WinnowVersion.current)",
                help: "use another version of the pack, or of winnow")
        }
    }

    private func readRules(_ node: YAMLNode, into draft: inout Draft) {
        guard let items = diagnoser.items(node, "`rules`") else { return }
        guard items.count <= PackReader.maxRules else {
            diagnoser.report(
                .tooLarge, at: node,
                "the pack has \(items.count) rules, more than \(PackReader.maxRules)",
                help: "split the pack")
            return
        }
        for item in items {
            guard var reader = RuleReader(item, diagnoser, patterns) else { continue }
            if reader.hasID {
                draft.ids.append(
                    (reader.id, diagnoser.source.place(character: reader.idNode.start)))
            }
            if let rule = reader.read() { draft.rules.append(rule) }
        }
    }
}
