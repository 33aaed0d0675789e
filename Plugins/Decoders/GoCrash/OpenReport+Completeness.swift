extension OpenReport {
    /// Seconds of log time after which the writer of a report has stopped.
    static let maxGap: Int64 = 2
    /// Lines of others that are waited through where more of the report must come.
    private static let maxForeign = 256
    /// Lines of others that are waited through where more of it may come.
    private static let maxForeignBehindStack = 16
    /// Lines and bytes behind the last that surely belongs to the report.
    private static let maxLimbo = (lines: 1000, bytes: 256 << 10)

    /// Learns from a line of the report how complete it is.
    mutating func learn(_ line: CrashLine, _ text: LineBytes) {
        endsInDashes = false
        acceptsBareNames = line.kind == .goroutine || line.kind == .other
        switch line.kind {
        case .goroutine:
            goroutines += 1
            isSystem = isSystem || line.isSystem
            stackEnded = false
            expectsFile = false
        case .runtimeStack:
            isSystem = true
            stackEnded = false
        case .function:
            expectsFile = true
            let name = text.slice(line.text)
            // In a dump with addresses runtime.main and runtime.goexit follow main.main.
            stackEnded =
                Self.isRoot(name, "main.main") && !isSystem || Self.isRoot(name, "runtime.goexit")
                || Self.isRoot(name, "runtime.mstart")
        case .createdBy:
            expectsFile = true
            stackEnded = true
        case .file:
            expectsFile = false
            isSystem = isSystem || line.isSystem
        case .raceAccess, .raceCreated:
            goroutines += 1
        case .register:
            // The last of them on x86.
            isFinal = text.has("gs ", at: line.indent) || text.has("gs\t", at: line.indent)
            stackEnded = true
        case .detail:
            endsInDashes = text.has("-----", at: line.indent)
        case .panic, .fatal:
            isRepanic =
                text.ends(in: "[recovered]", end: text.trimmedEnd)
                || text.ends(in: "repanicked]", end: text.trimmedEnd)
        default: break
        }
    }

    private static func isRoot(_ name: LineBytes, _ root: StaticString) -> Bool {
        name.count == root.utf8CodeUnitCount && name.has(root)
    }

    /// Whether the report may be over: no line is cut, no frame lacks its file.
    var mayBeOver: Bool {
        fragment.isEmpty && !expectsFile && (stackEnded || !isInterleaved)
    }

    /// Whether a stack has come to its end, file included.
    var isBehindStack: Bool { stackEnded && !expectsFile }

    /// Whether enough has been seen without a line of the report to call it finished.
    var isOver: Bool {
        if limboBytes > Self.maxLimbo.bytes || limbo.count > Self.maxLimbo.lines || gapPassed {
            return true
        }
        guard foreignRun > 0 else { return false }
        if isFinal { return true }
        if goroutines == 0, isRecovered { return true }
        guard isBehindStack, fragment.isEmpty, !isInterleaved else {
            return foreignRun > Self.maxForeign
        }
        // One plain stack is all that a panic prints by default.
        if !isSystem, goroutines <= 1, kind == .panic || isRecovered { return true }
        return foreignRun > Self.maxForeignBehindStack
    }
}
