/// `count` and `rate`: so many records.
struct Count: Measure {
    let atLeast: Int

    var capacity: Int { max(Window.maxEntries, atLeast) }

    var needsOnlyNumber: Bool { true }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool { entries.count >= atLeast }
}
