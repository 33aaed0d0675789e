import CPCRE2

/// What a match attempt gave.
enum PatternOutcome: Equatable {
    case match
    case noMatch
    /// Nobody knows: a limit was hit.
    case limit(LimitReason)
}

/// Runs patterns within limits that depend on nothing but pattern and subject; one a thread.
final class PatternRunner {
    /// Longest subject; of longer ones the beginning is matched.
    static let maxSubject = 64 << 10
    /// Subjects up to this many bytes get the large limit.
    private static let shortSubject = 4 << 10
    /// The limits count steps for each start position, so that long subjects need lower ones.
    private static let shortLimit: UInt32 = 100_000
    private static let longLimit: UInt32 = 10_000
    /// Beyond this even 10,000 steps for each start position are seconds.
    private static let longSubject = 16 << 10
    private static let hugeLimit: UInt32 = 1000
    /// The interpreter is some ten times slower than machine code.
    private static let interpretedShortSubject = 1 << 10
    private static let interpretedShortLimit: UInt32 = 10_000
    private static let interpretedLongLimit: UInt32 = 1000
    private static let depthLimit: UInt32 = 10_000
    /// In KiB.
    private static let heapLimit: UInt32 = 16 << 10

    private let data: OpaquePointer?
    private let stack: OpaquePointer?
    private let short: OpaquePointer?
    private let long: OpaquePointer?
    private let huge: OpaquePointer?
    private let interpretedShort: OpaquePointer?
    private let interpretedLong: OpaquePointer?

    /// - Parameter groups: The most groups of any pattern that will be run.
    init(groups: Int) {
        data = pcre2_match_data_create_8(UInt32(min(groups + 1, 65_535)), nil)
        // 32 KiB, the default, is too little for some patterns on lines of 40 KB.
        stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
        short = PatternRunner.context(PatternRunner.shortLimit, stack)
        long = PatternRunner.context(PatternRunner.longLimit, stack)
        huge = PatternRunner.context(PatternRunner.hugeLimit, stack)
        interpretedShort = PatternRunner.context(PatternRunner.interpretedShortLimit, nil)
        interpretedLong = PatternRunner.context(PatternRunner.interpretedLongLimit, nil)
    }

    deinit {
        for context in [short, long, huge, interpretedShort, interpretedLong] {
            pcre2_match_context_free_8(context)
        }
        pcre2_jit_stack_free_8(stack)
        pcre2_match_data_free_8(data)
    }

    private static func context(_ limit: UInt32, _ stack: OpaquePointer?) -> OpaquePointer? {
        guard let context = pcre2_match_context_create_8(nil) else { return nil }
        pcre2_set_match_limit_8(context, limit)
        pcre2_set_depth_limit_8(context, depthLimit)
        pcre2_set_heap_limit_8(context, heapLimit)
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
        return context
    }

    private func context(_ count: Int) -> OpaquePointer? {
        if count <= PatternRunner.shortSubject { return short }
        return count <= PatternRunner.longSubject ? long : huge
    }

    /// Matches `pattern` anywhere in `subject`; groups are then in `group(_:)`.
    ///
    /// - Parameter subject: At most `maxSubject` bytes.
    func run(_ pattern: Pattern, _ subject: UnsafeRawBufferPointer) -> PatternOutcome {
        var empty: UInt8 = 0
        return withUnsafePointer(to: &empty) { empty in
            // PCRE2 does not take a null pointer for an empty subject.
            let bytes = subject.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty
            var status = PCRE2_ERROR_JIT_STACKLIMIT
            if pattern.hasJIT {
                status = pcre2_jit_match_8(
                    pattern.code, bytes, subject.count, 0, 0, data, context(subject.count))
            }
            if status == PCRE2_ERROR_JIT_STACKLIMIT {
                let isShort = subject.count <= PatternRunner.interpretedShortSubject
                status = pcre2_match_8(
                    pattern.code, bytes, subject.count, 0, PCRE2_NO_JIT, data,
                    isShort ? interpretedShort : interpretedLong)
            }
            switch status {
            case 0...: return .match
            case PCRE2_ERROR_NOMATCH: return .noMatch
            case PCRE2_ERROR_MATCHLIMIT: return .limit(.match)
            case PCRE2_ERROR_DEPTHLIMIT: return .limit(.depth)
            case PCRE2_ERROR_HEAPLIMIT: return .limit(.heap)
            case PCRE2_ERROR_JIT_STACKLIMIT: return .limit(.stack)
            default: return .limit(.other)
            }
        }
    }

    /// Where a group of the last match lies in its subject; nil where it took no part.
    func group(_ number: Int) -> Range<Int>? {
        guard number < Int(pcre2_get_ovector_count_8(data)),
            let vector = pcre2_get_ovector_pointer_8(data)
        else { return nil }
        let start = vector[2 * number]
        let end = vector[2 * number + 1]
        // Unset is all ones; \K in a look-ahead can put the end before the start.
        guard start != ~0, start <= end else { return nil }
        return start..<end
    }
}
