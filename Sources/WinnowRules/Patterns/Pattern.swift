import CPCRE2

/// A regular expression that does not compile.
struct PatternError: Error, Equatable {
    /// PCRE2's number for it.
    var number: Int32
    /// PCRE2's words for it.
    var message: String
    /// Where in the pattern, in bytes.
    var offset: Int
}

/// Options that a rule can set.
struct PatternFlags: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    /// `i`: letters match without regard to case.
    static let caseless = PatternFlags(rawValue: 1)
    /// `m`: `^` and `$` match at every line.
    static let multiline = PatternFlags(rawValue: 2)
    /// `s`: `.` matches line ends.
    static let dotAll = PatternFlags(rawValue: 4)
}

/// A compiled regular expression.
///
/// Unchecked, because the compiled code is a C pointer; after `init` nothing writes to it any more,
/// and PCRE2 lets threads share code that is compiled, its JIT part included (pcre2api(3),
/// "Multithreading"). What a match writes to lies in `PatternRunner`, one a thread.
final class Pattern: @unchecked Sendable {
    /// Longest pattern, in bytes.
    static let maxBytes = 8192

    let source: String
    let flags: PatternFlags
    /// `pcre2_code_8`.
    let code: OpaquePointer
    /// False where PCRE2 could not make machine code of it; matching is then slow and held short.
    let hasJIT: Bool
    /// True where characters are units, not bytes.
    let isUTF: Bool
    /// Groups, named or not.
    let groupCount: Int
    /// Named groups, ascending by number.
    let namedGroups: [NamedGroup]

    struct NamedGroup: Sendable {
        var name: String
        var number: Int
    }

    /// Compiles a pattern: in bytes where that gives the same matches, else in UTF-8, where bytes
    /// that are no UTF-8 match nothing but do not stop the match either.
    init(_ source: String, flags: PatternFlags) throws(PatternError) {
        var text = source
        let isUTF = Pattern.needsUTF(text.utf8)
        var options = PCRE2_NEVER_BACKSLASH_C
        options |= isUTF ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF
        if flags.contains(.caseless) { options |= PCRE2_CASELESS }
        if flags.contains(.multiline) { options |= PCRE2_MULTILINE }
        if flags.contains(.dotAll) { options |= PCRE2_DOTALL }
        let context = pcre2_compile_context_create_8(nil)
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_max_pattern_length_8(context, Pattern.maxBytes)
        // The library's default depends on how it was built.
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        var number: Int32 = 0
        var offset = 0
        let code = text.withUTF8 {
            pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, context)
        }
        guard let code else {
            throw PatternError(number: number, message: Pattern.message(number), offset: offset)
        }
        self.source = source
        self.flags = flags
        self.isUTF = isUTF
        self.code = code
        var jitSize = 0
        hasJIT =
            pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0
            && pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_JITSIZE), &jitSize) == 0 && jitSize > 0
        var groups: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
        groupCount = Int(groups)
        namedGroups = Pattern.names(code)
    }

    deinit { pcre2_code_free_8(code) }

    /// Memory of the compiled pattern, machine code included, in bytes.
    var size: Int {
        var size = 0
        var jitSize = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_SIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_JITSIZE), &jitSize)
        return size + jitSize
    }

    /// True when the pattern can tell characters from bytes: it holds one beyond ASCII, or an escape
    /// that is about characters.
    private static func needsUTF(_ pattern: String.UTF8View) -> Bool {
        var rest = pattern[...]
        while let byte = rest.popFirst() {
            if byte >= 0x80 { return true }
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else { continue }
            switch letter {
            case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "X"): return true
            case UInt8(ascii: "N"):
                if rest.first == UInt8(ascii: "{"), rest.dropFirst().first == UInt8(ascii: "U") {
                    return true
                }
            case UInt8(ascii: "x"):
                let isBraced = rest.first == UInt8(ascii: "{")
                let digits = String(
                    decoding: (isBraced ? rest.dropFirst() : rest).prefix(isBraced ? 8 : 2).prefix {
                        $0 != UInt8(ascii: "}")
                    }, as: UTF8.self)
                if let value = UInt32(digits, radix: 16), value >= 0x80 { return true }
            default:
                if letter >= 0x80 { return true }
            }
        }
        return false
    }

    private static func message(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }

    private static func names(_ code: OpaquePointer) -> [NamedGroup] {
        var count: UInt32 = 0
        var entrySize: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        guard pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize) == 0,
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table
        else { return [] }
        return (0..<Int(count)).map { index in
            // Two bytes of group number, high byte first, then the name up to a NUL.
            let entry = table + index * Int(entrySize)
            return NamedGroup(
                name: String(cString: entry + 2), number: Int(entry[0]) << 8 | Int(entry[1]))
        }.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    }
}
