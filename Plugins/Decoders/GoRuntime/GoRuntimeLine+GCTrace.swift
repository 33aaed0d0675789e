import WinnowKit

extension FieldName {
    /// The collection's number, from 1; a drop means a new process.
    static let gcNumber = FieldName("gc.number")
    /// Seconds from the program's start to the start of the collection.
    static let gcElapsed = FieldName("gc.elapsed_s")
    /// Per cent of the available CPU time that collections have taken since the program's start.
    static let gcCPUPercent = FieldName("gc.cpu_percent")
    /// Milliseconds of wall time of the first pause, sweep termination.
    static let gcClockSweepTerm = FieldName("gc.clock.sweep_term_ms")
    /// Milliseconds of wall time of concurrent mark and scan.
    static let gcClockMark = FieldName("gc.clock.mark_ms")
    /// Milliseconds of wall time of the second pause, mark termination.
    static let gcClockMarkTerm = FieldName("gc.clock.mark_term_ms")
    /// Milliseconds in which the program stood still: both pauses added.
    static let gcPause = FieldName("gc.pause_ms")
    /// Milliseconds of CPU time of sweep termination.
    static let gcCPUSweepTerm = FieldName("gc.cpu.sweep_term_ms")
    /// Milliseconds of CPU time that allocating goroutines spent on marking.
    static let gcCPUAssist = FieldName("gc.cpu.assist_ms")
    /// Milliseconds of CPU time of the background mark workers.
    static let gcCPUBackground = FieldName("gc.cpu.background_ms")
    /// Milliseconds of CPU time of marking on processors that had nothing else to do.
    static let gcCPUIdle = FieldName("gc.cpu.idle_ms")
    /// Milliseconds of CPU time of mark termination.
    static let gcCPUMarkTerm = FieldName("gc.cpu.mark_term_ms")
    /// MiB of heap when the collection started.
    static let gcHeapStart = FieldName("gc.heap.start_mb")
    /// MiB of heap when marking ended.
    static let gcHeapEnd = FieldName("gc.heap.end_mb")
    /// MiB of heap found live.
    static let gcHeapLive = FieldName("gc.heap.live_mb")
    /// MiB of heap at which the collection should have ended.
    static let gcHeapGoal = FieldName("gc.heap.goal_mb")
    /// MiB of goroutine stacks to scan; absent before Go 1.18.
    static let gcStacks = FieldName("gc.stacks_mb")
    /// MiB of global data to scan; absent before Go 1.18.
    static let gcGlobals = FieldName("gc.globals_mb")
    /// Processors used (GOMAXPROCS).
    static let gcProcs = FieldName("gc.procs")
    /// `true` where the program itself asked for the collection, by runtime.GC(); else `false`.
    static let gcForced = FieldName("gc.forced")
}

extension GoRuntimeLine {
    /// `gc # @#s #%: #+#+# ms clock, #+#/#/#+# ms cpu, #->#-># MB, # MB goal, # MB stacks,
    /// # MB globals, # P[ (forced)]`
    ///
    /// Go 1.26 puts ` (checking for goroutine leaks)` before the first colon where it does; before
    /// 1.18 stacks and globals are missing.
    ///
    /// - Source: Go 1.27 `src/runtime/mgc.go`, `gcMarkTermination`.
    static func gctrace(_ line: inout LineCursor, into fields: inout FieldTable) -> Bool {
        guard line.skip("gc "), let number = line.whole(), line.skip(" @"),
            let elapsed = line.decimal(), line.skip("s "), let percent = line.whole(),
            line.skip("%")
        else { return false }
        _ = line.skip(" (checking for goroutine leaks)")
        guard line.skip(": "), let sweepTerm = line.decimal(), line.skip("+"),
            let mark = line.decimal(), line.skip("+"), let markTerm = line.decimal(),
            line.skip(" ms clock, "), let cpuSweepTerm = line.decimal(), line.skip("+"),
            let assist = line.decimal(), line.skip("/"), let background = line.decimal(),
            line.skip("/"), let idle = line.decimal(), line.skip("+"),
            let cpuMarkTerm = line.decimal(), line.skip(" ms cpu, "), let start = line.whole(),
            line.skip("->"), let end = line.whole(), line.skip("->"), let live = line.whole(),
            line.skip(" MB, "), let goal = line.whole(), line.skip(" MB goal, "),
            var procs = line.whole()
        else { return false }
        var scanned: (stacks: Range<Int>, globals: Range<Int>)?
        if line.skip(" MB stacks, ") {
            guard let globals = line.whole(), line.skip(" MB globals, "), let last = line.whole()
            else { return false }
            scanned = (procs, globals)
            procs = last
        }
        guard line.skip(" P") else { return false }
        let isForced = line.skip(" (forced)")
        guard line.isAtEnd else { return false }

        func add(_ name: FieldName, _ value: Range<Int>) {
            fields.add(name, line.bytes(value.lowerBound, value.upperBound), type: .number)
        }
        add(.gcNumber, number)
        add(.gcElapsed, elapsed)
        add(.gcCPUPercent, percent)
        add(.gcClockSweepTerm, sweepTerm)
        add(.gcClockMark, mark)
        add(.gcClockMarkTerm, markTerm)
        if let pause = DecimalSum.text(line, sweepTerm, markTerm) {
            fields.add(.gcPause, pause, type: .number)
        }
        add(.gcCPUSweepTerm, cpuSweepTerm)
        add(.gcCPUAssist, assist)
        add(.gcCPUBackground, background)
        add(.gcCPUIdle, idle)
        add(.gcCPUMarkTerm, cpuMarkTerm)
        add(.gcHeapStart, start)
        add(.gcHeapEnd, end)
        add(.gcHeapLive, live)
        add(.gcHeapGoal, goal)
        if let scanned {
            add(.gcStacks, scanned.stacks)
            add(.gcGlobals, scanned.globals)
        }
        add(.gcProcs, procs)
        fields.add(.gcForced, isForced ? "true" : "false")
        return true
    }
}
