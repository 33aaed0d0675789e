import WinnowKit

extension FieldName {
    /// Milliseconds since the first of these lines.
    static let schedElapsed = FieldName("sched.elapsed_ms")
    /// Processors (GOMAXPROCS).
    static let schedProcs = FieldName("sched.gomaxprocs")
    /// Processors without work.
    static let schedIdleProcs = FieldName("sched.idleprocs")
    /// Threads of the operating system, all of them.
    static let schedThreads = FieldName("sched.threads")
    /// Threads that look for work.
    static let schedSpinning = FieldName("sched.spinningthreads")
    /// 1 where one more thread should look for work; since Go 1.20.
    static let schedNeedSpinning = FieldName("sched.needspinning")
    /// Threads that sleep.
    static let schedIdleThreads = FieldName("sched.idlethreads")
    /// Goroutines ready to run in the queue that all processors share.
    static let schedRunQueue = FieldName("sched.runqueue")
    /// Goroutines ready to run in the processors' own queues, added up; absent with scheddetail.
    static let schedLocalRunQueue = FieldName("sched.local_runqueue_total")
}

extension GoRuntimeLine {
    /// `SCHED #ms: gomaxprocs=# idleprocs=# threads=# spinningthreads=# needspinning=#
    /// idlethreads=# runqueue=# [ # # ] schedticks=[ # # ]`
    ///
    /// Up to Go 1.24 the list is `[# #]` without ticks; with scheddetail flags stand in its place
    /// (`gcwaiting=false nmidlelocked=0 stopwait=0 sysmonwait=false`), and the lines of processors,
    /// threads and goroutines that follow are text.
    ///
    /// - Source: Go 1.27 `src/runtime/proc.go`, `schedtrace`.
    static func schedtrace(_ line: inout LineCursor, into fields: inout FieldTable) -> Bool {
        guard line.skip("SCHED "), let elapsed = line.whole(), line.skip("ms: gomaxprocs="),
            let procs = line.whole(), line.skip(" idleprocs="), let idleProcs = line.whole(),
            line.skip(" threads="), let threads = line.whole(), line.skip(" spinningthreads="),
            let spinning = line.whole()
        else { return false }
        var needSpinning: Range<Int>?
        if line.skip(" needspinning=") {
            needSpinning = line.whole()
            guard needSpinning != nil else { return false }
        }
        guard line.skip(" idlethreads="), let idleThreads = line.whole(), line.skip(" runqueue="),
            let runQueue = line.whole(), line.skip(" ")
        else { return false }
        var queued: Int?
        if line.byte == UInt8(ascii: "[") {
            queued = listTotal(&line)
            guard queued != nil else { return false }
            if line.skip(" schedticks=") {
                guard listTotal(&line) != nil else { return false }
            }
        } else {
            guard line.skip("gcwaiting="), flag(&line), line.skip(" nmidlelocked="),
                line.skip("-") || true, line.whole() != nil, line.skip(" stopwait="),
                line.skip("-") || true, line.whole() != nil, line.skip(" sysmonwait="), flag(&line)
            else { return false }
        }
        guard line.isAtEnd else { return false }

        func add(_ name: FieldName, _ value: Range<Int>) {
            fields.add(name, line.bytes(value.lowerBound, value.upperBound), type: .number)
        }
        add(.schedElapsed, elapsed)
        add(.schedProcs, procs)
        add(.schedIdleProcs, idleProcs)
        add(.schedThreads, threads)
        add(.schedSpinning, spinning)
        if let needSpinning { add(.schedNeedSpinning, needSpinning) }
        add(.schedIdleThreads, idleThreads)
        add(.schedRunQueue, runQueue)
        if let queued { fields.add(.schedLocalRunQueue, number: queued) }
        return true
    }

    /// The sum of `[ 1 2 ]` or `[1 2]`; nil when it is no such list.
    ///
    /// Sums stay at the largest number rather than wrap; a queue holds at most 256.
    private static func listTotal(_ line: inout LineCursor) -> Int? {
        guard line.skip("[") else { return nil }
        var total = 0
        while true {
            line.skipBlanks()
            if line.skip("]") { return total }
            guard let number = line.whole() else { return nil }
            var value = 0
            for i in number {
                let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
                value = tooLarge ? .max : product
                let (sum, overflows) = value.addingReportingOverflow(Int(line[i] &- 48))
                value = overflows ? .max : sum
            }
            let (sum, overflows) = total.addingReportingOverflow(value)
            total = overflows ? .max : sum
        }
    }

    /// `true` or `false`; a number up to Go 1.19.
    private static func flag(_ line: inout LineCursor) -> Bool {
        line.skip("true") || line.skip("false") || line.whole() != nil
    }
}
