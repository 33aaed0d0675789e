/// `distinct`: so many different values, compared as they are written.
struct Distinct: Measure {
    let atLeast: Int
    private var counts: [String: Int] = [:]

    /// Different values at the moment.
    var different: Int { counts.count }

    init(atLeast: Int) { self.atLeast = atLeast }

    var capacity: Int { max(Window.maxEntries, atLeast) }

    mutating func add(_ entry: Window.Entry) { counts[entry.value ?? "", default: 0] += 1 }

    mutating func remove(_ entry: Window.Entry) {
        let value = entry.value ?? ""
        let left = (counts[value] ?? 0) - 1
        counts[value] = left > 0 ? left : nil
    }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool { counts.count >= atLeast }
}
