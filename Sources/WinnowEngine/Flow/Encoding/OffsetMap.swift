/// Where UTF-8 bytes come from in the stored bytes.
///
/// A list of stretches: from an anchor on, every character has the same number of UTF-8 bytes and
/// of stored bytes. UTF-8 that was passed through is one stretch, however long; 16 bytes of memory
/// each.
struct OffsetMap: Sendable {
    private struct Anchor: Sendable {
        /// UTF-8 offset in the source.
        let utf8: Int
        /// Stored offset (56 bits), and 4 bits each for the UTF-8 and stored bytes of a character.
        private let packed: UInt64

        init(utf8: Int, stored: Int, utf8Width: Int, storedWidth: Int) {
            self.utf8 = utf8
            packed = UInt64(stored) << 8 | UInt64(utf8Width) << 4 | UInt64(storedWidth)
        }

        var stored: Int { Int(packed >> 8) }
        var utf8Width: Int { Int(packed >> 4 & 15) }
        var storedWidth: Int { Int(packed & 15) }
        var widths: UInt64 { packed & 255 }
    }

    private var anchors: [Anchor] = []
    /// Stored offset behind the last stretch.
    private var storedEnd = 0
    /// UTF-8 offset behind the last stretch.
    private var utf8End = 0

    /// Stretches that are kept.
    var count: Int { anchors.count }

    /// Adds characters behind all others.
    ///
    /// - Parameters:
    ///   - utf8: UTF-8 offset of the first one in the source.
    ///   - stored: Its stored offset, not negative.
    ///   - utf8Width: UTF-8 bytes of each, 1 to 15.
    ///   - storedWidth: Stored bytes of each, 0 to 15.
    ///   - characters: How many.
    @inline(__always)
    mutating func append(
        utf8: Int, stored: Int, utf8Width: Int, storedWidth: Int, characters: Int
    ) {
        let widths = UInt64(utf8Width) << 4 | UInt64(storedWidth)
        if stored != storedEnd || utf8 != utf8End || anchors.last?.widths != widths {
            anchors.append(
                Anchor(utf8: utf8, stored: stored, utf8Width: utf8Width, storedWidth: storedWidth))
        }
        utf8End = utf8 + characters * utf8Width
        storedEnd = stored + characters * storedWidth
    }

    /// The stored offset of the character that `utf8Offset` lies in.
    ///
    /// Between two files of a rotated log it is the beginning of the later one.
    ///
    /// - Complexity: O(log *n*) in stretches.
    func storedOffset(of utf8Offset: Int) -> Int {
        guard let anchor = anchor(atOrBefore: utf8Offset) else { return utf8Offset }
        let characters = max(0, utf8Offset - anchor.utf8) / anchor.utf8Width
        return anchor.stored + characters * anchor.storedWidth
    }

    /// The stored offset behind the last character that begins before `utf8Offset`.
    ///
    /// Unlike `storedOffset(of:)` it stays in the file of that character, and before a byte order
    /// mark that stands between the two: what the end of a record needs.
    func storedEnd(of utf8Offset: Int) -> Int {
        guard let anchor = anchor(atOrBefore: utf8Offset - 1) else { return utf8Offset }
        let width = anchor.utf8Width
        let characters = (max(0, utf8Offset - anchor.utf8) + width - 1) / width
        return anchor.stored + characters * anchor.storedWidth
    }

    /// Forgets what only offsets before `utf8Offset` need.
    mutating func drop(before utf8Offset: Int) {
        let keep = index(atOrBefore: utf8Offset)
        if keep > 0 { anchors.removeFirst(keep) }
    }

    private func anchor(atOrBefore utf8Offset: Int) -> Anchor? {
        anchors.isEmpty ? nil : anchors[index(atOrBefore: utf8Offset)]
    }

    /// The last stretch that begins at or before the offset, or the first one.
    private func index(atOrBefore utf8Offset: Int) -> Int {
        var low = 0
        var high = anchors.count
        while low < high {
            let middle = (low + high) / 2
            if anchors[middle].utf8 <= utf8Offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
