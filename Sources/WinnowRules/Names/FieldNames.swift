/// The names of fields that rules may use.
///
/// Decoders may add fields of their own, so an unknown name is no error; the list serves to tell
/// typing errors and Sigma's names.
enum FieldNames {
    /// The record's kind, which is no field of the record.
    static let kind = "event.kind"

    /// The full name behind a name of a rule: Sigma's names for the System part are those of the
    /// fields here; any other name without a dot is one of EventData.
    ///
    /// Source: the Windows field names of Sigma's rule collection.
    static func resolve(_ name: String) -> String {
        if let full = aliases[name] { return full }
        return name.utf8.contains(UInt8(ascii: ".")) || known.contains(name)
            ? name : eventData + name
    }

    /// True for names that need no prefix: with a dot, known, or an alias.
    static func isFull(_ name: String) -> Bool {
        aliases[name] != nil || name.utf8.contains(UInt8(ascii: ".")) || known.contains(name)
    }

    /// True for names that decoders of this package write.
    static func isKnown(_ name: String) -> Bool {
        known.contains(name) || families.contains { name.hasPrefix($0) }
    }

    /// A known name that `name` looks like, when it is none itself.
    static func suggestion(for name: String) -> String? {
        guard name.utf8.contains(UInt8(ascii: ".")),
            !isKnown(name)
        else { return nil }
        // A family's prefix with a typing error: compare as many parts as the family has.
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        for family in families {
            let count = family.split(separator: ".").count
            guard parts.count > count else { continue }
            let head = parts.prefix(count).joined(separator: ".") + "."
            if NearestName.nearest(to: head, in: [family]) != nil {
                return family + parts.dropFirst(count).joined(separator: ".")
            }
        }
        return NearestName.nearest(to: name, in: ordered)
    }

    private static let eventData = "winlog.event_data."

    /// Names below these are the data's.
    private static let families = [
        eventData, "winlog.user_data.", "winlog.rendering.", "winlog.processing_error.",
    ]

    private static let aliases: [String: String] = [
        "Channel": "winlog.channel",
        "Computer": "winlog.computer_name",
        "ComputerName": "winlog.computer_name",
        "Correlation_ActivityID": "winlog.activity_id",
        "Correlation_RelatedActivityID": "winlog.related_activity_id",
        "EventID": "event.code",
        "EventRecordID": "winlog.record_id",
        "Execution_ProcessID": "process.pid",
        "Execution_ThreadID": "process.thread.id",
        "Keywords": "winlog.keywords",
        "Level": "winlog.level",
        "Message": "message",
        "Opcode": "winlog.opcode",
        "Provider_EventSourceName": "winlog.event_source_name",
        "Provider_Guid": "winlog.provider_guid",
        "Provider_Name": "event.provider",
        "Qualifiers": "event.qualifiers",
        "Security_UserID": "user.id",
        "Task": "winlog.task",
        "winlog.user_data.xml_name": "winlog.user_data.xmlname",
    ]

    private static let known = Set(ordered)

    /// As the decoders of this package write them.
    private static let ordered: [String] = [
        "message", kind, "log.level", "log.logger", "host.name", "service.name",
        "event.code", "event.time_inherited", "event.provider", "event.qualifiers", "event.version",
        "process.name", "process.pid", "process.thread.id", "user.id",
        "winlog.activity_id", "winlog.channel", "winlog.computer_name", "winlog.event_data_name",
        "winlog.event_source_name", "winlog.keywords", "winlog.level", "winlog.opcode",
        "winlog.provider_guid", "winlog.record_id", "winlog.related_activity_id", "winlog.task",
        "error.chain", "error.message", "error.prelude", "error.signal", "error.type",
        "go.fingerprint", "go.frame.file", "go.frame.function", "go.frame.line", "go.version",
        "go.goroutine.count", "go.goroutine.groups", "go.goroutine.id",
        "go.goroutine.largest_group", "go.goroutine.largest_group_created_by",
        "go.goroutine.largest_group_function", "go.goroutine.largest_group_state",
        "go.goroutine.leaked", "go.goroutine.max_wait_minutes", "go.goroutine.state",
        "go.goroutine.wait_minutes",
        "gc.clock.mark_ms", "gc.clock.mark_term_ms", "gc.clock.sweep_term_ms", "gc.count",
        "gc.cpu.assist_ms", "gc.cpu.background_ms", "gc.cpu.idle_ms", "gc.cpu.mark_term_ms",
        "gc.cpu.sweep_term_ms", "gc.cpu_percent", "gc.elapsed_s", "gc.forced", "gc.globals_mb",
        "gc.heap.end_mb", "gc.heap.goal_mb", "gc.heap.live_mb", "gc.heap.start_mb", "gc.number",
        "gc.pause_ms", "gc.procs", "gc.stacks_mb",
        "init.allocs", "init.at_ms", "init.bytes", "init.clock_ms", "init.package",
        "mem.alloc_kb", "mem.sys_kb",
        "scav.background_kb", "scav.eager_kb", "scav.forced", "scav.released_kb",
        "scav.utilization_percent", "scav.work_kb",
        "sched.elapsed_ms", "sched.gomaxprocs", "sched.idleprocs", "sched.idlethreads",
        "sched.local_runqueue_total", "sched.needspinning", "sched.runqueue",
        "sched.spinningthreads", "sched.threads",
    ]
}
