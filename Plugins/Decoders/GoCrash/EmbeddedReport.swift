import WinnowKit

/// A whole report inside one line: a JSON record of a supervisor or logger that took a program's
/// output as one string.
enum EmbeddedReport {
    /// Keys under which programs and supervisors put other programs' output. Any other key may
    /// hold an example, a test or documentation.
    private static let keys: [StaticString] = [
        "stderr", "stdout", "output", "log", "message", "msg", "text", "body", "line", "error",
        "err", "stack", "stacktrace", "stack_trace", "trace", "traceback", "panic", "crash",
        "exception", "raw", "data", "content", "detail", "details", "reason", "payload", "tail",
        "textPayload", "MESSAGE",
    ]

    /// The report's text, from its headline to the end of the string, or nil.
    ///
    /// `line` may itself be the text, when a carrier's string held several lines.
    static func find(in line: LineBytes) -> [UInt8]? {
        if line.first(0x0A) != nil { return report(in: line) }
        guard line.count > 2, line[0] == UInt8(ascii: "{"), line.find("\\n") != nil else {
            return nil
        }
        return find(inObject: line, depth: 0)
    }

    private static func find(inObject line: LineBytes, depth: Int) -> [UInt8]? {
        var members = JSONText(line)
        while let member = members.next() {
            if member.type == .object, depth < 4 {
                if let text = find(inObject: line.slice(member.value), depth: depth + 1) {
                    return text
                }
            }
            guard member.type == .string, member.value.count > 16 else { continue }
            let key = line.slice(member.key)
            guard keys.contains(where: { key.count == $0.utf8CodeUnitCount && key.has($0) }) else {
                continue
            }
            let text = [UInt8](unsafeUninitializedCapacity: member.value.count) { out, count in
                guard let start = out.baseAddress else { return }
                count = JSONText.unescape(line, member.value, into: start)
            }
            let isOutput = ["stderr", "stdout", "output", "tail"].contains(key.string)
            if let found = text.withUnsafeBytes({ report(in: LineBytes($0), isOutput) }) {
                return found
            }
        }
        return nil
    }

    /// The part of a text of several lines that is a report: a headline and a stack, or in what is
    /// surely a program's output a headline alone.
    private static func report(in text: LineBytes, _ isOutput: Bool = false) -> [UInt8]? {
        var from = 0
        var start: Int?
        while from < text.count {
            let end = text.first(0x0A, from: from) ?? text.count
            let line = text.slice(from..<end)
            let parsed = CrashLine.classify(line)
            switch parsed.kind {
            case .panic, .fatal, .exception, .race, .signal: start = start ?? from
            case .goroutine, .function, .raceAccess:
                if let start { return Array(text.raw[start..<text.count]) }
            default:
                if start == nil, line.find("http: panic serving ") != nil { start = from }
            }
            from = end + 1
        }
        guard isOutput, let start else { return nil }
        return Array(text.raw[start..<text.count])
    }
}
