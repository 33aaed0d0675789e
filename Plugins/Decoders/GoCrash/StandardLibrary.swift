/// Tells the standard library's functions from a program's.
enum StandardLibrary {
    /// First elements of the import paths of Go's standard library, up to Go 1.27.
    private static let roots: Set<String> = [
        "archive", "arena", "bufio", "builtin", "bytes", "cmd", "cmp", "compress", "container",
        "context", "crypto", "database", "debug", "embed", "encoding", "errors", "expvar", "flag",
        "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps",
        "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "simd",
        "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text",
        "time", "type", "unicode", "unique", "unsafe", "uuid", "vendor", "weak",
    ]

    /// Whether a function with its package path is the program's or one of its modules'.
    ///
    /// A name without a package (`panic`, `crosscall2`, a function in C) is not.
    static func isUser(_ function: LineBytes) -> Bool {
        let root = root(of: function)
        return !root.isEmpty && !roots.contains(function.slice(root).string)
    }

    /// Whether a function belongs to package runtime or one below it.
    static func isRuntime(_ function: LineBytes) -> Bool {
        function.has("runtime.") || function.has("runtime/") || function.has("internal/runtime/")
            || function.first(UInt8(ascii: ".")) == nil
    }

    /// The first element of the import path; empty where there is no package.
    private static func root(of function: LineBytes) -> Range<Int> {
        for i in 0..<function.count {
            switch function[i] {
            case UInt8(ascii: "/"), UInt8(ascii: "."):
                // example.com/x.f: the dot is within the first element.
                let slash = function.first(UInt8(ascii: "/"), from: i)
                let paren = function.first(UInt8(ascii: "("), from: i) ?? function.count
                let bracket = function.first(UInt8(ascii: "["), from: i) ?? function.count
                if let slash, slash < min(paren, bracket) { return 0..<slash }
                return 0..<i
            case UInt8(ascii: "?"), UInt8(ascii: "("): return 0..<0
            default: break
            }
        }
        return 0..<0
    }

    /// `go1.22.10` where a path of the standard library names it: `/go/1.22.10/`, `go1.22.10`,
    /// `go1_22_10`.
    static func version(in path: LineBytes) -> String? {
        for word in ["go1.", "go1_", "go/1."] as [StaticString] {
            guard let at = path.find(word) else { continue }
            let from = at + word.utf8CodeUnitCount
            var end = from
            var text = "go1."
            var parts = 0
            while end < path.count, parts < 2 {
                let digits = path.digitsEnd(end)
                guard digits > end, digits - end <= 3 else { break }
                if parts == 1 { text += "." }
                text += path.slice(end..<digits).string
                parts += 1
                end = digits
                guard end < path.count, path[end] == UInt8(ascii: ".") || path[end] == 0x5F else {
                    break
                }
                end += 1
            }
            if parts > 0 { return text }
        }
        return nil
    }
}
