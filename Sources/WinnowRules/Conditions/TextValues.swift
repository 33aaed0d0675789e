/// The texts that a rule's value stands for after its modifiers.
enum TextValues {
    /// Most variants of one value.
    static let maxDashes = 3

    /// `-`, `/` and the dashes of typography before a word, each in place of each.
    ///
    /// nil where there are more than `maxDashes`. Source: Sigma specification 2.1, `windash`.
    static func windash(_ text: String) -> [String]? {
        let dashes: [Character] = ["-", "/", "–", "—", "―"]
        let characters = Array(text)
        let places = characters.indices.filter { i in
            guard dashes.contains(characters[i]), i + 1 < characters.count else { return false }
            let before = i > 0 ? characters[i - 1] : " "
            return isWord(characters[i + 1]) && !isWord(before)
        }
        guard places.count <= maxDashes else { return nil }
        var variants = [characters]
        for place in places {
            variants = variants.flatMap { variant in
                dashes.map { dash in
                    var copy = variant
                    copy[place] = dash
                    return copy
                }
            }
        }
        return variants.map { String($0) }
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// UTF-16 of a text.
    static func wide(_ text: String, _ modifier: FieldKey.Modifier) -> [UInt8] {
        var out: [UInt8] = modifier == .utf16 ? [0xFF, 0xFE] : []
        for unit in text.utf16 {
            let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
            out += modifier == .utf16be ? [high, low] : [low, high]
        }
        return out
    }

    /// Source: RFC 4648, section 4.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let chunk = bytes[at..<min(at + 3, bytes.count)]
            var word: UInt32 = 0
            for i in 0..<3 { word = word << 8 | (at + i < bytes.count ? UInt32(bytes[at + i]) : 0) }
            for i in 0..<4 {
                out.append(
                    i <= chunk.count
                        ? alphabet[Int(word >> (18 - 6 * UInt32(i)) & 63)] : UInt8(ascii: "="))
            }
            at += 3
        }
        return out
    }

    /// What base64 makes of a text inside a longer one, for each of the three ways in which it can
    /// begin there; only characters that do not depend on what stands around it.
    ///
    /// Source: Sigma specification 2.1, `base64offset`.
    static func base64Offsets(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).map { offset in
            let encoded = base64([UInt8](repeating: 0x20, count: offset) + bytes)
            let skipped = [0, 2, 3][offset]
            let dropped = [0, 3, 2][(bytes.count + offset) % 3]
            return Array(encoded.dropFirst(skipped).dropLast(dropped))
        }
    }
}
