import WinnowKit

/// What a piece of console text is, and thereby how it is coloured.
///
/// The sixteen basic colours only: every terminal has them, and its owner has chosen how they look.
enum Ink {
    case level(Level)
    case title
    /// Where something was found: `input:line`.
    case place
    case command
    /// What explains something else.
    case aside

    /// The text between this ink's escape sequence and a reset.
    func paint(_ text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }

    /// Parameters of SGR.
    private var code: String {
        switch self {
        case .level(.critical): "1;97;41"
        case .level(.high): "1;31"
        case .level(.medium): "1;33"
        case .level(.low): "1;34"
        case .level(.informational): "1"
        case .title: "1"
        case .place: "36"
        case .command: "32"
        case .aside: "2"
        }
    }
}
