/// Indices into the text decoder's kinds; `RecordTable.Record.kind` and `FieldTable.kind` hold them.
enum TextKind {
    /// A line that is nothing else.
    static let text: UInt8 = 0
    /// A report of a Go runtime that died, a data race, or a recovered panic with its stack.
    static let crash: UInt8 = 1
    /// A line of GODEBUG=gctrace=1.
    static let gctrace: UInt8 = 2
    /// A line of GODEBUG=scavtrace=1.
    static let scavtrace: UInt8 = 3
    /// A line of GODEBUG=schedtrace=N.
    static let schedtrace: UInt8 = 4
    /// A line of GODEBUG=inittrace=1.
    static let inittrace: UInt8 = 5
    /// A line `Alloc = … KB, Sys = … KB, NumGC = …`.
    static let memstats: UInt8 = 6
}
