/// Decides which of several packs, and of several rules, of one name counts.
enum PackPrecedence {
    /// Takes the default packs out whose names other packs have: those replace them wholly.
    static func replaceDefaults(_ files: inout [PackFile]) {
        var given: [String: Int] = [:]
        for (index, file) in files.enumerated() where !file.isDefault {
            if let name = file.draft.pack?.name, given[name] == nil { given[name] = index }
        }
        var replaced: Set<Int> = []
        for (index, file) in files.enumerated() where file.isDefault {
            guard let pack = file.draft.pack, let other = given[pack.name] else { continue }
            replaced.insert(index)
            if files[other].draft.hasRules {
                files[other].draft.pack?.replaces = pack.version
            } else if let place = files[other].draft.namePlace {
                // All rules of the default pack would go, and none come.
                files[other].diagnoser.report(
                    .duplicatePack, at: place, "`\(pack.name)` is the name of a default pack",
                    help: "give the filters and overrides a pack name of their own; only a pack "
                        + "with rules replaces a default one")
            }
        }
        files = files.enumerated().filter { !replaced.contains($0.offset) }.map(\.element)
    }

    /// Reports packs and rules that are there twice; gives the places of the later ones.
    static func reportDuplicates(_ files: inout [PackFile]) -> Set<String> {
        var packs: [String: String] = [:]
        var ids: [String: (file: Int, line: Int)] = [:]
        var later: Set<String> = []
        for index in files.indices {
            let (diagnoser, draft) = (files[index].diagnoser, files[index].draft)
            let path = files[index].path
            if let name = draft.pack?.name, let place = draft.namePlace {
                if let first = packs[name] {
                    // Its rules would all be there twice as well: one cause, one message.
                    diagnoser.report(
                        .duplicatePack, at: place, "the pack `\(name)` is there twice",
                        label: "the first is \(first)",
                        help: "rename one, or give only one of them")
                    files[index].draft = PackReader.Draft()
                    continue
                }
                packs[name] = path
            }
            for (id, place) in draft.ids {
                if let first = ids[id] {
                    diagnoser.report(
                        .duplicateID, at: place, "the rule id `\(id)` is there twice",
                        label: "the first is \(files[first.file].path):\(first.line)",
                        help: first.file == index
                            ? "an id is for one rule, in all packs, for ever" : help(id))
                    later.insert(key(index, place))
                } else {
                    ids[id] = (index, place.line)
                }
            }
        }
        return later
    }

    /// What to do about a rule of another pack with the same id.
    private static func help(_ id: String) -> String {
        "give this one its own id, and disable the other where it shall not run: `overrides: "
            + "[{rules: \(id), enabled: false}]`; a pack with the name of a default one replaces it"
    }

    /// A rule's place in a list of files.
    static func key(_ file: Int, _ place: Place) -> String {
        "\(file) \(place.line) \(place.column)"
    }
}
