/// The kinds of records that the decoders of this package give, and the products of `logsource`.
enum RecordKinds {
    /// As `event.kind` has them.
    static let known = [
        "text", "windows.event", "go.crash", "go.gctrace", "go.scavtrace", "go.schedtrace",
        "go.inittrace", "go.memstats",
    ]

    /// Products whose records can be told apart; with any other a rule looks at all records.
    static let products = ["windows", "go"]
}
