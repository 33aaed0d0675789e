import WinnowKit

extension FieldName {
    /// KiB of heap objects, live ones and those not yet swept (MemStats.Alloc).
    static let memAlloc = FieldName("mem.alloc_kb")
    /// KiB of address space ever obtained from the system, given back or not (MemStats.Sys).
    static let memSys = FieldName("mem.sys_kb")
    /// Collections since the program's start (MemStats.NumGC); a drop means a new process.
    static let gcCount = FieldName("gc.count")
}

extension GoRuntimeLine {
    /// `Alloc = 2342 KB, Sys = 12178 KB, NumGC = 0`: what services print from runtime.MemStats.
    static func memstats(_ line: inout LineCursor, into fields: inout FieldTable) -> Bool {
        guard line.skip("Alloc = "), let alloc = line.whole(), line.skip(" KB, Sys = "),
            let sys = line.whole(), line.skip(" KB, NumGC = "), let count = line.whole(),
            line.isAtEnd
        else { return false }
        fields.add(.memAlloc, line.bytes(alloc.lowerBound, alloc.upperBound), type: .number)
        fields.add(.memSys, line.bytes(sys.lowerBound, sys.upperBound), type: .number)
        fields.add(.gcCount, line.bytes(count.lowerBound, count.upperBound), type: .number)
        return true
    }
}
