import Glibc

/// Finds lines that may begin a report, over many lines at once.
///
/// Each opener holds one of a few words of at least seven bytes; of the four 4-byte groups in such
/// a window one stands at a multiple of four from any starting point, so testing every fourth
/// position misses none. What is found is judged by `CrashOpener`; what is not cannot be an opener.
struct CrashScreen {
    /// Seven bytes of each way to begin a report; a word may be found where no report begins.
    private static let words: [StaticString] = [
        "panic: ", "panic:\n", "panic:\r", "panic:\u{1B}", "panic\u{1B}[", "panic s", "a panic",
        "al erro", "Excepti", "SIGSEGV",
        "SIGABRT", "SIGQUIT", "SIGTRAP", "SIGBUS:", "SIGILL:", "SIGFPE:", "SIGSYS:", "SIGSTKF",
        "ntime: ", "ntime st", "preemptM", "ault add", "[signal", "gorouti", "DATA RA",
        "=======", "at=pani", "morestac", "time/cgo", "ntime.mi", "ntime.se",
    ]

    private struct Group {
        var bytes: UInt32
        var offset: Int
        var word: Int
    }

    private let bitmap: [UInt64]
    private let groups: [Group]

    private static func slot(_ group: UInt32) -> Int { Int((group &* 0x9E37_79B1) >> 18) }

    /// Builds the table.
    init() {
        var bitmap = [UInt64](repeating: 0, count: (1 << 14) / 64)
        var groups: [Group] = []
        for (index, word) in Self.words.enumerated() {
            for offset in 0..<4 {
                let bytes = UnsafeRawPointer(word.utf8Start + offset)
                    .loadUnaligned(as: UInt32.self)
                groups.append(Group(bytes: bytes, offset: offset, word: index))
                let slot = Self.slot(bytes)
                bitmap[slot >> 6] |= 1 << UInt64(slot & 63)
            }
        }
        self.bitmap = bitmap
        self.groups = groups
    }

    /// The first place in `bytes[from..<to]` where a word stands, or nil.
    func next(_ bytes: UnsafeRawBufferPointer, from: Int, to: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        return bitmap.withUnsafeBufferPointer { bitmap in
            var i = from
            while i + 4 <= to {
                let group = (base + i).loadUnaligned(as: UInt32.self)
                let slot = Self.slot(group)
                if bitmap[slot >> 6] >> UInt64(slot & 63) & 1 != 0,
                    let hit = word(base, group, i, from, to)
                {
                    return hit
                }
                i += 4
            }
            return nil
        }
    }

    private func word(
        _ base: UnsafeRawPointer, _ group: UInt32, _ at: Int, _ from: Int, _ to: Int
    ) -> Int? {
        for candidate in groups where candidate.bytes == group {
            let start = at - candidate.offset
            let word = Self.words[candidate.word]
            if start >= from, to - start >= 7, memcmp(base + start, word.utf8Start, 7) == 0 {
                return start
            }
        }
        return nil
    }
}
