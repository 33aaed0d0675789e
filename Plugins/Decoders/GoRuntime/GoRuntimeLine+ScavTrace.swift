import WinnowKit

extension FieldName {
    /// KiB returned to the system in the background since the last line; since Go 1.21.
    static let scavBackground = FieldName("scav.background_kb")
    /// KiB returned to the system at allocation, to stay below a limit, since the last line; since
    /// Go 1.21.
    static let scavEager = FieldName("scav.eager_kb")
    /// KiB returned to the system since the last line, of both sorts; up to Go 1.20, which does not
    /// tell them apart.
    static let scavWork = FieldName("scav.work_kb")
    /// KiB of address space that are returned to the system at present (`now`, up to Go 1.20
    /// `total`).
    static let scavReleased = FieldName("scav.released_kb")
    /// Per cent of the heap memory not returned to the system that is in use.
    static let scavUtilization = FieldName("scav.utilization_percent")
    /// `true` where the program itself asked for it, by debug.FreeOSMemory(); else `false`.
    static let scavForced = FieldName("scav.forced")
}

extension GoRuntimeLine {
    /// `scav # KiB work (bg), # KiB work (eager), # KiB now, #% util`, up to Go 1.20
    /// `scav # KiB work, # KiB total, #% util` (1.18 with a number before: `scav # # KiB work`);
    /// each may end in ` (forced)` or ` [controller reset]`.
    ///
    /// - Source: Go 1.27 and 1.19 `src/runtime/mgcscavenge.go`, `printScavTrace`.
    static func scavtrace(_ line: inout LineCursor, into fields: inout FieldTable) -> Bool {
        guard line.skip("scav "), var work = line.whole() else { return false }
        if line.byte == UInt8(ascii: " "), line[line.at + 1].isDigit {
            line.at += 1
            guard let second = line.whole(), line.has(" KiB work, ", at: line.at) else {
                return false
            }
            work = second
        }
        var eager: Range<Int>?
        if line.skip(" KiB work (bg), ") {
            eager = line.whole()
            guard eager != nil, line.skip(" KiB work (eager), ") else { return false }
        } else if !line.skip(" KiB work, ") {
            return false
        }
        guard let returned = line.whole(), line.skip(eager == nil ? " KiB total, " : " KiB now, "),
            let utilization = line.whole(), line.skip("% util")
        else { return false }
        let isForced = line.skip(" (forced)")
        if !isForced { _ = line.skip(" [controller reset]") }
        guard line.isAtEnd else { return false }

        func add(_ name: FieldName, _ value: Range<Int>) {
            fields.add(name, line.bytes(value.lowerBound, value.upperBound), type: .number)
        }
        if let eager {
            add(.scavBackground, work)
            add(.scavEager, eager)
        } else {
            add(.scavWork, work)
        }
        add(.scavReleased, returned)
        add(.scavUtilization, utilization)
        fields.add(.scavForced, isForced ? "true" : "false")
        return true
    }
}
