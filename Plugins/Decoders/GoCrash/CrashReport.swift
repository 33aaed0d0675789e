/// What a report says.
struct CrashReport {
    /// The words of `error.type`.
    enum ErrorType: String {
        case panic = "panic"
        case fatal = "fatal error"
        case exception = "exception"
        case signal = "signal"
        case race = "data race"
        case http = "http panic"
        case recovered = "recovered panic"
        case unknown = "unknown"
    }

    /// Goroutines that stand at the same place in the same state.
    struct Group {
        var count: Int
        var state: [UInt8]
        var functions: [[UInt8]]
        var createdBy: [UInt8]
    }

    /// One goroutine.
    struct Goroutine {
        var id: Int?
        var state: [UInt8] = []
        var waitMinutes: Int?
        /// The first frame that is no part of the standard library.
        var function: [UInt8] = []
        var file: [UInt8] = []
        var line: Int?
        /// Its functions, those of package runtime left out, at most 16.
        var trace: [[UInt8]] = []
        var hasFrames = false
        var signal: [UInt8] = []
    }

    var type = ErrorType.unknown
    /// The headline without what stood before it.
    var headline: [UInt8] = []
    /// Messages of the panics, oldest first.
    var chain: [[UInt8]] = []
    var signal: [UInt8] = []
    var prelude: [UInt8] = []

    var goroutines = 0
    /// The goroutine that died, or that is listed first.
    var first = Goroutine()
    /// The longest wait of any goroutine.
    var maxWaitMinutes: Int?
    /// Goroutines that the runtime says wait for something that cannot happen (Go 1.27).
    var leaked = 0
    var version: String?
    /// Largest first, at most 20.
    var groups: [Group] = []

    /// Reads a report's lines.
    init(_ text: CrashText) {
        text.bytes.withUnsafeBytes { all in
            let lines = text.lines.map { LineBytes(UnsafeRawBufferPointer(rebasing: all[$0])) }
            if CrashReport.isRace(lines) {
                readRace(lines)
                return
            }
            var index = readHeadline(lines, isQuoted: text.isQuoted)
            index = readMessage(lines, from: index)
            var stacks = CrashStacks(hasFirstStack: type == .exception || type == .signal)
            for line in lines[index...] { stacks.read(line) }
            stacks.finish(into: &self)
        }
        for i in chain.indices { CrashReport.trim(&chain[i]) }
    }

    /// Reads notes and the headline; where the lines behind it begin.
    private mutating func readHeadline(_ lines: [LineBytes], isQuoted: Bool) -> Int {
        for (i, line) in lines.enumerated() {
            let parsed = CrashLine.classify(line)
            let text = Array(line.raw[parsed.text])
            switch parsed.kind {
            case .note:
                if !prelude.isEmpty { prelude.append(0x0A) }
                prelude.append(contentsOf: text)
                continue
            case .panic:
                type = isQuoted ? .recovered : .panic
                chain = [text]
            case .fatal:
                type = .fatal
                chain = [text]
            case .exception:
                type = .exception
                chain = [text]
            case .signal:
                type = .signal
                chain = [text]
                signal = text
            case .signalDetail, .goroutine, .runtimeStack, .function, .file, .createdBy:
                // The headline is missing.
                headline = Array(line.raw[parsed.indent..<max(line.trimmedEnd, parsed.indent)])
                readUnknown(lines)
                return i
            default:
                guard readRecovered(line) else { continue }
            }
            headline = Array(line.raw[parsed.indent..<max(line.trimmedEnd, parsed.indent)])
            return i + 1
        }
        return lines.count
    }

    /// What a note says is all that a report without a headline has for a message.
    private mutating func readUnknown(_ lines: [LineBytes]) {
        for line in lines.prefix(8) {
            let parsed = CrashLine.classify(line)
            guard parsed.kind == .note, line.has("runtime: ", at: parsed.indent) else { continue }
            chain = [Array(line.raw[parsed.text.lowerBound + 9..<parsed.text.upperBound])]
            return
        }
    }

    private mutating func readRecovered(_ line: LineBytes) -> Bool {
        if let at = line.find("http: panic serving "),
            let value = CrashHeadline.servedValue(line, at)
        {
            type = .http
            chain = [Array(line.raw[value])]
            return true
        }
        if let at = line.find("Observed a panic"), let value = CrashHeadline.observedValue(line, at)
        {
            type = .recovered
            let isQuoted = value.lowerBound > 0 && line[value.lowerBound - 1] == 0x22
            if isQuoted {
                let buffer = UnescapeBuffer()
                chain = [Array(buffer.unescape(line, value).raw)]
            } else {
                chain = [Array(line.raw[value])]
            }
            return true
        }
        return false
    }

    /// Reads what stands between the headline and the stacks; where these begin.
    private mutating func readMessage(_ lines: [LineBytes], from start: Int) -> Int {
        guard start < lines.count else { return start }
        let end = CrashReport.stackStart(lines, from: start, isPanic: type == .panic)
        let hasText = type == .panic || type == .http || type == .recovered
        // Since Go 1.23 each further line has a tab in front.
        let tabbed = lines[start..<end].prefix { $0.count > 0 && $0[0] == 0x09 }.count
        for (i, line) in lines[start..<end].enumerated() {
            let parsed = CrashLine.classify(line)
            let isTabbed = line.count > 0 && line[0] == 0x09
            switch parsed.kind {
            case .panic where parsed.indent > 0 || isRecoveredAgain,
                .fatal where parsed.indent > 0 && type == .panic:
                chain.append(Array(line.raw[parsed.text]))
                if parsed.kind == .fatal { type = .fatal }
            case .signalDetail where !isTabbed:
                signal = Array(line.raw[parsed.text])
            case .note where !isTabbed && !hasText:
                if !prelude.isEmpty { prelude.append(0x0A) }
                prelude.append(contentsOf: line.raw[parsed.text])
            default:
                guard hasText, let last = chain.indices.last,
                    type != .recovered || line.find("Observed a panic") == nil
                else { continue }
                let text = i < tabbed ? line.slice(1..<line.count) : line
                chain[last].append(0x0A)
                chain[last].append(contentsOf: text.raw)
            }
        }
        return end
    }

    private var isRecoveredAgain: Bool {
        guard let last = chain.last else { return false }
        return last.withUnsafeBytes {
            LineBytes($0).ends(in: "[recovered]", end: $0.count)
        }
    }

    /// The index of the header behind the message.
    ///
    /// Before Go 1.23 a message of several lines is printed as it is and may hold what looks like a
    /// stack; the report's own header then stands behind two blank lines, one of them the message's
    /// last.
    private static func stackStart(_ lines: [LineBytes], from start: Int, isPanic: Bool) -> Int {
        func isHeader(_ i: Int) -> Bool {
            let line = lines[i]
            if isPanic, line.count > 0, line[0] == 0x09 { return false }
            let kind = CrashLine.classify(line).kind
            if kind == .goroutine || kind == .runtimeStack { return true }
            return !isPanic && (kind == .function || kind == .file)
        }
        guard var found = (start..<lines.count).first(where: isHeader) else {
            return lines.count
        }
        let isRaw = lines[start..<found].contains { line in
            let kind = CrashLine.classify(line).kind
            return kind == .other && line.count > 0 && line[0] != 0x09
        }
        guard isPanic, isRaw else { return found }
        for i in stride(from: found + 3, to: lines.count, by: 1)
        where lines[i - 1].trimmedEnd == 0 && lines[i - 2].trimmedEnd == 0 && isHeader(i) {
            found = i
            break
        }
        return found
    }

    /// Takes marks of recovery and white space off a message's end.
    private static func trim(_ message: inout [UInt8]) {
        func trimSpace() {
            while let last = message.last, last.isBlank || last == 0x0A || last == 0x0D {
                message.removeLast()
            }
        }
        trimSpace()
        for mark in [" [recovered]", " [recovered, repanicked]"] as [StaticString] {
            let isMarked = message.withUnsafeBytes { LineBytes($0).ends(in: mark, end: $0.count) }
            if isMarked { message.removeLast(mark.utf8CodeUnitCount) }
        }
        trimSpace()
    }
}
