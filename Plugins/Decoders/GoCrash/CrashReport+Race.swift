extension CrashReport {
    /// Whether the lines are a race report's, also one that lacks its beginning.
    static func isRace(_ lines: [LineBytes]) -> Bool {
        for line in lines.prefix(400) {
            switch CrashLine.classify(line).kind {
            case .race, .raceAccess, .raceCreated: return true
            case .panic, .fatal, .exception, .signal, .goroutine: return false
            default: break
            }
        }
        return false
    }

    /// Reads a race report; the frame is the first access's.
    mutating func readRace(_ lines: [LineBytes]) {
        type = .race
        headline = Array("WARNING: DATA RACE".utf8)
        var isFirst = true
        var begun = false
        var name: LineBytes?
        for line in lines {
            let parsed = CrashLine.classify(line)
            switch parsed.kind {
            case .raceAccess:
                goroutines += 1
                if begun { isFirst = false }
                begun = true
                if chain.isEmpty, !line.has("Previous", at: parsed.indent) {
                    chain = [Array(line.raw[parsed.text])]
                }
            case .raceCreated:
                isFirst = false
            case .blank:
                if begun { isFirst = false }
            case .function:
                begun = true
                name = line.slice(parsed.text)
                if isFirst { addToTrace(line.slice(parsed.text)) }
            case .file:
                begun = true
                readVersion(line, parsed, name)
                if isFirst { readFrame(line, parsed, name) }
                name = nil
            default: break
            }
        }
        if !chain.isEmpty {
            headline.append(contentsOf: ": ".utf8)
            headline.append(contentsOf: chain[0])
        }
    }

    private mutating func readFrame(_ line: LineBytes, _ parsed: CrashLine, _ name: LineBytes?) {
        guard first.file.isEmpty else { return }
        if let name {
            guard StandardLibrary.isUser(name), !line.slice(parsed.text).isNowhere else { return }
            first.function = CrashStacks.unescaped(name)
        }
        first.file = Array(line.raw[parsed.text])
        first.line = parsed.number
    }

    mutating func readVersion(_ line: LineBytes, _ parsed: CrashLine, _ name: LineBytes?) {
        guard version == nil, let name, !StandardLibrary.isUser(name) else { return }
        version = StandardLibrary.version(in: line.slice(parsed.text))
    }

    private mutating func addToTrace(_ name: LineBytes) {
        if first.trace.count < 16, !StandardLibrary.isRuntime(name) {
            first.trace.append(Array(name.raw))
        }
    }
}

extension LineBytes {
    /// Whether a path says that there is none: `??`, `-`.
    var isNowhere: Bool { count <= 2 && (has("??") || has("-") || has("?")) }
}
