import WinnowKit

/// Something wrong in a pack, with its place and its remedy.
public struct Diagnostic: Sendable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The pack does not load.
        case error
        /// The pack loads; something in it is probably not meant so.
        case warning
    }

    /// `W014`; `DiagnosticCatalogue.explanation` has the long text.
    public let code: String
    /// How bad it is.
    public let severity: Severity
    /// The file as the user named it.
    public let path: String
    /// 1-based line.
    public let line: Int
    /// 1-based column, in characters.
    public let column: Int
    /// What is wrong, in one line.
    public let message: String
    /// A few words beside the caret, or nil.
    public let label: String?
    /// What to change, or nil.
    public let help: String?
    /// The line of the file, of a long one what stands around the column, or nil.
    public let sourceLine: String?
    /// 1-based column in `sourceLine`, where it is not `column`.
    var shownColumn: Int?

    /// The diagnostic as people read it: message, place, the line with a caret, help. No line end
    /// after the last line.
    ///
    /// Packs are files of others: everything that comes from them is made harmless for a terminal.
    public func rendered(color: Bool) -> String {
        let paint = Paint(isOn: color)
        let head = "\(severity.rawValue)[\(code)]"
        var out = severity == .error ? paint.red(head) : paint.yellow(head)
        out += paint.bold(": " + SafeText.escapedLine(message)) + "\n"
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        out += paint.blue(" -->") + " \(SafeText.escapedLine(path)):\(line):\(column)"
        if let sourceLine {
            let excerpt = Excerpt(sourceLine, column: shownColumn ?? column)
            let caret = severity == .error ? paint.red("^") : paint.yellow("^")
            out += "\n" + margin + paint.blue(" |")
            out += "\n" + paint.blue(number + " |") + " " + excerpt.text
            out += "\n" + margin + paint.blue(" |") + " "
            out += String(repeating: " ", count: excerpt.indent) + caret
            if let label { out += " " + SafeText.escapedLine(label) }
        }
        if let help {
            out += "\n" + margin + paint.blue(" =") + " help: " + SafeText.escapedLine(help)
        }
        return out
    }
}

/// The part of a line that is shown, and how far the caret stands in it.
private struct Excerpt {
    var text = ""
    /// Columns of the terminal before the caret.
    var indent = 0

    /// Most characters shown.
    private static let width = 96
    /// Characters kept before the caret in a line that is cut.
    private static let before = 60

    init(_ line: String, column: Int) {
        let characters = Array(line.unicodeScalars)
        let at = min(max(column - 1, 0), characters.count)
        let start = characters.count > Excerpt.width ? max(0, at - Excerpt.before) : 0
        let end = min(characters.count, start + Excerpt.width)
        if start > 0 { text = "…" }
        for i in start..<end {
            if i == at { indent = Excerpt.columns(text) }
            text += SafeText.escapedLine(String(characters[i]))
        }
        if at >= end { indent = Excerpt.columns(text) }
        if end < characters.count { text += "…" }
    }

    /// Columns that a terminal uses: two for the characters of East Asian scripts, none for marks.
    private static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
                0x20000...0x3FFFD:
                sum + 2
            default:
                sum + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 1)
            }
        }
    }
}

/// Terminal colours, or nothing.
private struct Paint {
    var isOn: Bool

    func red(_ text: String) -> String { wrap(text, "1;31") }
    func yellow(_ text: String) -> String { wrap(text, "1;33") }
    func blue(_ text: String) -> String { wrap(text, "34") }
    func bold(_ text: String) -> String { wrap(text, "1") }

    private func wrap(_ text: String, _ code: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
