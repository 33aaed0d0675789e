/// A semantic version, `1.2.3` with an optional `-pre.release` and `+build`.
struct SemanticVersion: Comparable, Sendable {
    let major: Int
    let minor: Int
    let patch: Int
    let prerelease: [String]

    /// Source: Semantic Versioning 2.0.0, items 2, 9 and 10.
    init?(_ text: String) {
        let withoutBuild = text.split(
            separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        if withoutBuild.count == 2, !SemanticVersion.areIdentifiers(withoutBuild[1]) { return nil }
        let parts = withoutBuild[0].split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !SemanticVersion.areIdentifiers(parts[1]) { return nil }
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
            .map(SemanticVersion.number)
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1],
            let patch = numbers[2]
        else { return nil }
        self.init(
            major, minor, patch,
            prerelease: parts.count == 2 ? parts[1].split(separator: ".").map(String.init) : [])
    }

    fileprivate init(_ major: Int, _ minor: Int, _ patch: Int, prerelease: [String] = []) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
    }

    /// Source: Semantic Versioning 2.0.0, item 11.
    static func < (a: SemanticVersion, b: SemanticVersion) -> Bool {
        let (x, y) = ((a.major, a.minor, a.patch), (b.major, b.minor, b.patch))
        guard x == y else { return x < y }
        if a.prerelease.isEmpty || b.prerelease.isEmpty {
            return !a.prerelease.isEmpty && b.prerelease.isEmpty
        }
        for (p, q) in zip(a.prerelease, b.prerelease) where p != q {
            switch (Int(p), Int(q)) {
            case (let m?, let n?): return m < n
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return p < q
            }
        }
        return a.prerelease.count < b.prerelease.count
    }

    /// A number without leading zeros, at most nine digits.
    fileprivate static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- 48 < 10 }),
            text == "0" || text.first != "0"
        else { return nil }
        return Int(text)
    }

    private static func areIdentifiers(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26
                        || $0 == UInt8(ascii: "-")
                }
        }
    }
}

/// Versions that a pack works with: bounds that must all hold, as `>=0.1 <2`.
struct VersionRange: Sendable {
    private enum Relation: String {
        case notBelow = ">="
        case notAbove = "<="
        case above = ">"
        case below = "<"
        case exactly = "="
    }

    private let bounds: [(relation: Relation, version: SemanticVersion)]

    /// Parts that a bound leaves out are zero; a version alone means that one.
    init?(_ text: String) {
        var bounds: [(Relation, SemanticVersion)] = []
        for word in text.split(separator: " ") {
            let sign = word.prefix { "<>=".contains($0) }
            guard let relation = sign.isEmpty ? .exactly : Relation(rawValue: String(sign)) else {
                return nil
            }
            let numbers = word.dropFirst(sign.count)
                .split(separator: ".", omittingEmptySubsequences: false)
                .map(SemanticVersion.number)
            guard (1...3).contains(numbers.count), !numbers.contains(nil) else { return nil }
            let parts = numbers.compactMap { $0 } + [0, 0]
            bounds.append((relation, SemanticVersion(parts[0], parts[1], parts[2])))
        }
        guard !bounds.isEmpty else { return nil }
        self.bounds = bounds
    }

    func contains(_ version: SemanticVersion) -> Bool {
        bounds.allSatisfy { bound in
            switch bound.relation {
            case .notBelow: version >= bound.version
            case .notAbove: version <= bound.version
            case .above: version > bound.version
            case .below: version < bound.version
            case .exactly: version == bound.version
            }
        }
    }
}
