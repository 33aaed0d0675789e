/// `all`: a record of each event, in any order.
struct AllEvents: Measure {
    let events: [Int]
    private var counts: [Int]
    private var missing: Int

    /// Events of which there is a record at the moment.
    var present: Int { events.count - missing }

    /// Events are small numbers: positions in `Rule.events`.
    init(_ events: [Int]) {
        self.events = events
        counts = Array(repeating: 0, count: (events.max() ?? 0) + 1)
        missing = events.count
    }

    mutating func add(_ entry: Window.Entry) {
        if counts[entry.event] == 0 { missing -= 1 }
        counts[entry.event] += 1
    }

    mutating func remove(_ entry: Window.Entry) {
        counts[entry.event] -= 1
        if counts[entry.event] == 0 { missing += 1 }
    }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool { missing == 0 }
}
