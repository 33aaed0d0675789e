/// Finds what somebody may have meant.
enum NearestName {
    /// The name that needs the fewest edits, if few enough; of equal ones the first.
    static func nearest<Names: Sequence>(to name: String, in names: Names) -> String?
    where Names.Element == String {
        let wanted = Array(name.lowercased().utf8)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        let limit = max(1, min(3, wanted.count / 3))
        var best: (name: String, edits: Int)?
        for candidate in names {
            let other = Array(candidate.lowercased().utf8)
            guard abs(other.count - wanted.count) <= limit else { continue }
            let edits = distance(wanted, other)
            if edits <= limit, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var older = [Int](repeating: 0, count: b.count + 1)
        var old = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = old[j] + (a[i] == b[j] ? 0 : 1)
                cost = min(cost, old[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, older[j - 1] + 1)
                }
                row.append(cost)
            }
            older = old
            old = row
        }
        return old[b.count]
    }

    /// `did you mean …?`, or nil.
    static func hint<Names: Sequence>(for name: String, in names: Names) -> String?
    where Names.Element == String {
        nearest(to: name, in: names).map { "did you mean `\($0)`?" }
    }
}
