import WinnowKit

extension FieldName {
    /// The import path of the package that was initialised.
    static let initPackage = FieldName("init.package")
    /// Milliseconds from the program's start to the start of the initialisation.
    static let initAt = FieldName("init.at_ms")
    /// Milliseconds of wall time that the initialisation took.
    static let initClock = FieldName("init.clock_ms")
    /// Bytes allocated on the heap.
    static let initBytes = FieldName("init.bytes")
    /// Allocations on the heap.
    static let initAllocs = FieldName("init.allocs")
}

extension GoRuntimeLine {
    /// `init net/http @0.17 ms, 0.26 ms clock, 0 bytes, 0 allocs`
    ///
    /// - Source: Go 1.27 `src/runtime/proc.go`, `doInit1`.
    static func inittrace(_ line: inout LineCursor, into fields: inout FieldTable) -> Bool {
        guard line.skip("init ") else { return false }
        let start = line.at
        while line.byte > UInt8(ascii: " ") { line.at += 1 }
        let end = line.at
        guard end > start, line.skip(" @"), let at = line.decimal(), line.skip(" ms, "),
            let clock = line.decimal(), line.skip(" ms clock, "), let bytes = line.whole(),
            line.skip(" bytes, "), let allocs = line.whole(), line.skip(" allocs"), line.isAtEnd
        else { return false }
        fields.add(.initPackage, line.bytes(start, end))
        fields.add(.initAt, line.bytes(at.lowerBound, at.upperBound), type: .number)
        fields.add(.initClock, line.bytes(clock.lowerBound, clock.upperBound), type: .number)
        fields.add(.initBytes, line.bytes(bytes.lowerBound, bytes.upperBound), type: .number)
        fields.add(.initAllocs, line.bytes(allocs.lowerBound, allocs.upperBound), type: .number)
        return true
    }
}
