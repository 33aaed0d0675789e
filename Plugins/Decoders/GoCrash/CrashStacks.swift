/// Reads goroutines, one line after the other, and keeps what is needed of them: all of the first
/// one, a count of those that stand at the same place.
struct CrashStacks {
    /// Different places that are told apart; goroutines at further ones are counted in the total.
    private static let maxGroups = 4096
    /// Functions kept of a group.
    private static let maxFunctions = 32

    private var count = 0
    private var first = CrashReport.Goroutine()
    private var groups: [CrashReport.Group] = []
    private var indices: [UInt64: Int] = [:]
    private var maxWait: Int?
    private var leaked = 0
    private var version: String?

    // The goroutine being read.
    private enum Place { case nowhere, runtimeStack, firstStack, goroutine }
    private var place: Place
    private var isFirst = false
    private var state = LineBytes(UnsafeRawBufferPointer(start: nil, count: 0))
    private var functions: [LineBytes] = []
    private var createdBy = LineBytes(UnsafeRawBufferPointer(start: nil, count: 0))
    private var hash: UInt64 = 0
    private var name: LineBytes?
    private var isOver = false

    /// - Parameter hasFirstStack: Whether frames before the first header are the ones that died.
    init(hasFirstStack: Bool) {
        place = hasFirstStack ? .firstStack : .nowhere
        isFirst = hasFirstStack
    }

    mutating func read(_ line: LineBytes) {
        let parsed = CrashLine.classify(line)
        switch parsed.kind {
        case .goroutine:
            endGoroutine()
            begin(line, parsed)
        case .runtimeStack:
            endGoroutine()
            place = .runtimeStack
        case .function:
            endFrame(nil, nil)
            name = line.slice(parsed.text)
        case .file:
            if let name, version == nil, !StandardLibrary.isUser(name) {
                version = StandardLibrary.version(in: line.slice(parsed.text))
            }
            endFrame(line, parsed)
        case .createdBy:
            endFrame(nil, nil)
            if place == .goroutine, !isOver { createdBy = line.slice(parsed.text) }
            isOver = true
        case .originating:
            endFrame(nil, nil)
            isOver = true
        case .signalDetail where first.signal.isEmpty:
            first.signal = Array(line.raw[parsed.text])
        case .other where place == .goroutine && CrashLine.isBareName(line):
            endFrame(nil, nil)
            name = line.slice(line.indent..<line.trimmedEnd)
        default: break
        }
    }

    private mutating func begin(_ line: LineBytes, _ parsed: CrashLine) {
        count += 1
        place = .goroutine
        isOver = false
        let status = line.slice(parsed.text)
        let comma = status.first(UInt8(ascii: ",")) ?? status.find(" labels:{") ?? status.count
        state = Self.bare(status.slice(0..<comma))
        if status.slice(0..<comma).find(" (leaked)") != nil { leaked += 1 }
        hash = 14_695_981_039_346_656_037
        mix(state)
        var minutes: Int?
        if let at = status.find(" minutes") {
            var digits = at
            while digits > 0, status[digits - 1].isDigit { digits -= 1 }
            minutes = status.number(digits..<at)
        }
        if let minutes { maxWait = max(maxWait ?? 0, minutes) }
        // Frames before the first header are the first stack; it has neither id nor state.
        if count == 1, !first.hasFrames {
            first.id = parsed.number
            first.state = Array(state.raw)
            first.waitMinutes = minutes
            isFirst = true
        }
    }

    /// A status without the marks that stand behind it.
    private static func bare(_ status: LineBytes) -> LineBytes {
        var end = status.trimmedEnd
        for mark in [" (durable)", " (scan)", " (leaked)"] as [StaticString]
        where status.ends(in: mark, end: end) {
            end -= mark.utf8CodeUnitCount
        }
        return status.slice(0..<end)
    }

    /// The frame whose name has been read is complete, with its file or without.
    private mutating func endFrame(_ line: LineBytes?, _ parsed: CrashLine?) {
        guard let name else { return }
        self.name = nil
        guard !isOver else { return }
        if place == .goroutine {
            mix(name)
            if functions.count < Self.maxFunctions { functions.append(name) }
        }
        guard isFirst, place == .goroutine || place == .firstStack else { return }
        first.hasFrames = true
        if first.trace.count < 16, !StandardLibrary.isRuntime(name) {
            first.trace.append(Array(name.raw))
        }
        guard first.function.isEmpty, StandardLibrary.isUser(name) else { return }
        if let line, let parsed {
            guard !line.slice(parsed.text).isNowhere else { return }
            first.file = Array(line.raw[parsed.text])
            first.line = parsed.number
        }
        first.function = Self.unescaped(name)
    }

    private mutating func endGoroutine() {
        endFrame(nil, nil)
        defer {
            functions.removeAll(keepingCapacity: true)
            createdBy = LineBytes(UnsafeRawBufferPointer(start: nil, count: 0))
            isOver = false
            if place == .goroutine || place == .firstStack && first.hasFrames { isFirst = false }
        }
        guard place == .goroutine else { return }
        mix(createdBy)
        if let index = indices[hash] {
            groups[index].count += 1
        } else if groups.count < Self.maxGroups {
            indices[hash] = groups.count
            groups.append(
                CrashReport.Group(
                    count: 1, state: Array(state.raw), functions: functions.map { Array($0.raw) },
                    createdBy: Array(createdBy.raw)))
        }
    }

    /// FNV-1a, 64 bits: a collision merges two groups of a hostile dump, no more.
    private mutating func mix(_ text: LineBytes) {
        for byte in text.raw { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        hash = (hash ^ 0x0A) &* 1_099_511_628_211
    }

    /// Ends the last goroutine and puts all into `report`.
    mutating func finish(into report: inout CrashReport) {
        endGoroutine()
        report.goroutines = count
        report.first = first
        if report.signal.isEmpty { report.signal = first.signal }
        report.maxWaitMinutes = maxWait
        report.leaked = leaked
        report.version = version
        let order = groups.indices.sorted {
            groups[$0].count == groups[$1].count ? $0 < $1 : groups[$0].count > groups[$1].count
        }
        report.groups = order.prefix(20).map { groups[$0] }
    }

    /// A function's name with `%2e` of its import path undone.
    ///
    /// Race reports of some versions lost what stood behind the package (`main.()`); its dot says
    /// nothing then.
    static func unescaped(_ name: LineBytes) -> [UInt8] {
        var out: [UInt8] = []
        var i = 0
        let end = name.count > 0 && name[name.count - 1] == 0x2E ? name.count - 1 : name.count
        while i < end {
            if name.has("%2e", at: i) {
                out.append(UInt8(ascii: "."))
                i += 3
            } else {
                out.append(name[i])
                i += 1
            }
        }
        return out
    }
}
