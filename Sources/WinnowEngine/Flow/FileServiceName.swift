/// The service whose log a file is, judged by its name: `payment-gateway.err.log` is that of
/// payment-gateway, whatever rotation or compression added to the name.
struct FileServiceName {
    /// The service, where the name says that the file holds a service's output.
    private(set) var service: String?
    /// What may be the service: a name that counts only where a service is known to have it.
    private(set) var candidate: String?

    /// Words for a process's output, behind the service's name.
    private static let outputs: Set<String> = [
        "err", "error", "errors", "stderr", "out", "output", "stdout", "console",
    ]
    /// Words that name no service.
    private static let common: Set<String> = [
        "app", "application", "console", "crash", "debug", "err", "error", "errors", "log", "logs",
        "nssm", "out", "output", "panic", "security", "service", "services", "setup", "stderr",
        "stdin", "stdout", "svc", "system", "trace",
    ]

    /// - Parameter name: The input's name, with or without folders.
    init(_ name: String) {
        var rest = (name.split { $0 == "/" || $0 == "\\" }.last).map(Array.init) ?? []
        Self.drop(".gz", from: &rest)
        while let last = Self.lastWord(of: rest), Self.isStamp(last.word) {
            rest.removeLast(rest.count - last.start)
        }
        for ending in [".log", ".txt"] { Self.drop(ending, from: &rest) }
        while let last = Self.lastWord(of: rest), Self.isStamp(last.word) {
            rest.removeLast(rest.count - last.start)
        }
        var isOutput = false
        if let last = Self.lastWord(of: rest), Self.outputs.contains(last.word.lowercased()) {
            rest.removeLast(rest.count - last.start)
            isOutput = true
        }
        let found = String(rest)
        guard found.first != ".", found.contains(where: \.isLetter),
            !Self.common.contains(found.lowercased())
        else {
            return
        }
        if isOutput { service = found } else { candidate = found }
    }

    private static func drop(_ ending: String, from name: inout [Character]) {
        if name.count > ending.count, String(name.suffix(ending.count)).lowercased() == ending {
            name.removeLast(ending.count)
        }
    }

    /// The word behind the last `.`, `-` or `_`, and where that stands; nil where nothing is before.
    private static func lastWord(of name: [Character]) -> (word: String, start: Int)? {
        guard let start = name.lastIndex(where: { $0 == "." || $0 == "-" || $0 == "_" }), start > 0
        else { return nil }
        return (String(name[(start + 1)...]), start)
    }

    /// A number, a date or a time that rotation put in.
    private static func isStamp(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "T" || $0 == "Z") }
            && word.contains { $0.isNumber }
    }
}
