/// A name in `rules` of a filter or an override: a rule's id, or a glob that meets several.
struct RuleName: Sendable {
    /// As it is written.
    var text: String
    /// Where it stands.
    var place: Place

    /// True when it may meet more than one rule.
    var isGlob: Bool { text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

    /// True for a text that could meet a rule's id: an id with `*` and `?` anywhere.
    static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                byte &- 48 < 10 || byte &- UInt8(ascii: "a") < 26
                    || ".-_*?".utf8.contains(byte)
            }
    }
}

/// The ids of all rules, to be found by names.
struct RuleIDs {
    /// In the order of the packs.
    let ids: [String]
    private let positions: [String: Int]
    /// Positions in the order of their ids' bytes: a glob is tried against a range of them.
    private let sorted: [(id: [UInt8], position: Int)]
    /// Globs tried against ids so far.
    private(set) var trials = 0

    /// Most times that globs are tried against ids; beyond it `found` gives nil.
    static let maxTrials = 5_000_000

    /// - Parameter ids: Each once.
    init(_ ids: [String]) {
        self.ids = ids
        var positions: [String: Int] = [:]
        for (position, id) in ids.enumerated() { positions[id] = position }
        self.positions = positions
        sorted = ids.enumerated().map { (Array($0.element.utf8), $0.offset) }
            .sorted { $0.id.lexicographicallyPrecedes($1.id) }
    }

    /// Positions of the rules that a name meets, ascending; nil when globs were tried too often.
    mutating func found(_ name: RuleName) -> [Int]? {
        guard name.isGlob else { return positions[name.text].map { [$0] } ?? [] }
        let glob = Glob(WildcardUnit.parse(name.text), isCased: true)
        let prefix = name.text.utf8.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
        let start = firstIndex { !$0.lexicographicallyPrecedes(prefix) }
        var found: [Int] = []
        for entry in sorted[start...] {
            guard entry.id.starts(with: prefix) else { break }
            guard trials < RuleIDs.maxTrials else { return nil }
            trials += 1
            if entry.id.withUnsafeBytes({ glob.matches($0) }) { found.append(entry.position) }
        }
        return found.sorted()
    }

    /// The first index in `sorted` from which on a condition holds.
    private func firstIndex(where holds: ([UInt8]) -> Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle].id) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What a name that meets no rule was meant for, or nil.
    ///
    /// - Complexity: O(rules), so not for every name of a hostile pack.
    func nearest(to name: RuleName) -> String? {
        guard name.isGlob else { return NearestName.nearest(to: name.text, in: ids) }
        // `errr.*` is compared with the beginnings of ids that end at their first dot.
        let start = RuleName(text: String(name.text.dropLast()), place: name.place)
        guard name.text.last == "*", !start.isGlob else { return nil }
        let dots = name.text.utf8.filter { $0 == UInt8(ascii: ".") }.count
        var families: [String] = []
        var seen: Set<String> = []
        for id in ids {
            let parts = id.split(separator: ".", omittingEmptySubsequences: false)
            guard dots > 0, parts.count > dots else { continue }
            let family = parts.prefix(dots).joined(separator: ".") + "."
            if seen.insert(family).inserted { families.append(family) }
        }
        return NearestName.nearest(to: start.text, in: families).map { $0 + "*" }
    }
}
