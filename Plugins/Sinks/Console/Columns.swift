/// How many columns of a terminal a text takes, and cutting it to fit.
///
/// Texts must hold no control characters (`SafeText.escapedLine`). Where terminals disagree the
/// wider answer is given, since a row cut early looks better than one that wraps. All functions are
/// linear in the text.
public enum Columns {
    /// Columns of a text.
    public static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text, or as much of its beginning as fits with `…` behind it; never half a character.
    public static func cut(_ text: String, to limit: Int) -> String {
        var used = 0
        // Where to cut should the rest not fit: the last place that leaves a column for `…`.
        var cut = text.startIndex
        var at = text.startIndex
        while at < text.endIndex {
            used += width(text[at])
            if used > limit { return limit < 1 ? "" : text[..<cut] + "…" }
            at = text.index(after: at)
            if used < limit { cut = at }
        }
        return text
    }

    /// The text, or as much of its end as fits with `…` before it: for paths.
    public static func cutFront(_ text: String, to limit: Int) -> String {
        var used = 0
        var cut = text.endIndex
        var at = text.endIndex
        while at > text.startIndex {
            at = text.index(before: at)
            used += width(text[at])
            if used > limit { return limit < 1 ? "" : "…" + text[cut...] }
            if used < limit { cut = at }
        }
        return text
    }

    /// The text in rows: broken at blanks, or inside a word that is longer than a row.
    ///
    /// - Parameters:
    ///   - columns: Of each row, at least 2.
    ///   - rows: At most so many; the last one ends in `…` when there is more.
    public static func wrap(_ text: String, to columns: Int, rows: Int) -> [String] {
        var out: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            if out.count == rows - 1 {
                out.append(cut(String(rest), to: columns))
                break
            }
            let end = endOfRow(rest, columns)
            var row = rest[..<end]
            while row.last == " " { row.removeLast() }
            out.append(String(row))
            rest = rest[end...].drop { $0 == " " }
        }
        return out
    }

    private static func endOfRow(_ text: Substring, _ columns: Int) -> String.Index {
        var used = 0
        var afterBlank: String.Index?
        var at = text.startIndex
        while at < text.endIndex {
            used += width(text[at])
            let next = text.index(after: at)
            if used > columns {
                if text[at] == " " { return at }
                // One character at least, however narrow the row is.
                return afterBlank ?? (at > text.startIndex ? at : next)
            }
            if text[at] == " " { afterBlank = next }
            at = next
        }
        return text.endIndex
    }

    private static func width(_ character: Character) -> Int {
        if character.utf8.count == 1 { return 1 }
        return character.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x0300, 0x1F1E6...0x1F1FF: return 1
        // Medial and final Hangul letters sit in the cell of the initial one.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        // The variation selector that asks for the wide, coloured form of a narrow symbol.
        case 0xFE0F: return 1
        default: break
        }
        if isWide(scalar.value) || scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        // Below lie signs of Arabic and Syriac that stand before digits and are seen.
        case .format: return scalar.value < 0x2000 ? 1 : 0
        default: return 1
        }
    }

    /// East Asian Wide and Fullwidth, emoji aside.
    ///
    /// Source: Unicode 15.1, EastAsianWidth.txt (W and F), gaps between neighbours closed.
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF,
            0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
            0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08,
            0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
