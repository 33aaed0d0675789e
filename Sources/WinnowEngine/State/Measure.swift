import WinnowKit

/// The condition of an operator on the records of one window.
///
/// While a window slides over the records of a key, `add` and `remove` follow its two ends, so that
/// most operators know the answer without walking over the window again. One operator, one struct,
/// one file; a measure is a value and is made anew for each look.
protocol Measure: Sendable {
    /// Most records that a key's window may hold for it.
    var capacity: Int { get }
    /// True when `holds` asks for the number of records only, so that none need be added.
    var needsOnlyNumber: Bool { get }
    /// How long after its window records still matter, in nanoseconds.
    var lookahead: Int64 { get }
    /// True when of all windows that a record is part of only the last one is looked at.
    var looksAtLastEnd: Bool { get }
    /// A record comes in at the window's end.
    mutating func add(_ entry: Window.Entry)
    /// A record goes out at the window's beginning.
    mutating func remove(_ entry: Window.Entry)
    /// True when the records between the ends meet the condition; there is at least one.
    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool
    /// Those of a window's records that the finding is about.
    func counted(_ entries: ArraySlice<Window.Entry>) -> ArraySlice<Window.Entry>
    /// What the finding says of them.
    func fields(_ entries: ArraySlice<Window.Entry>) -> [(name: String, value: FieldValue)]
}

extension Measure {
    var capacity: Int { Window.maxEntries }
    var needsOnlyNumber: Bool { false }
    var lookahead: Int64 { 0 }
    var looksAtLastEnd: Bool { false }
    func counted(_ entries: ArraySlice<Window.Entry>) -> ArraySlice<Window.Entry> { entries }
    func fields(_ entries: ArraySlice<Window.Entry>) -> [(name: String, value: FieldValue)] { [] }
    mutating func add(_ entry: Window.Entry) {}
    mutating func remove(_ entry: Window.Entry) {}
}
