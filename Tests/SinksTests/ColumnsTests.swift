import Sinks
import Testing

@Suite("Columns of a terminal")
struct ColumnsTests {
    @Test(
        "Wide characters take two columns, marks none",
        arguments: [
            ("", 0), ("abc", 3), ("größe", 5), ("句柄", 4), ("ｆｕｌｌ", 8), ("한글", 4), ("e\u{301}", 1),
            ("→ · – × …", 9), ("👍", 2), ("ｱ", 1), ("\u{200B}a", 1), ("日本。", 6), ("❤\u{FE0F}", 2),
        ])
    func width(text: String, columns: Int) {
        #expect(Columns.width(text) == columns)
    }

    @Test(
        "A cut text fits and ends in an ellipsis",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
            ("句柄泄漏", 8, "句柄泄漏"), ("句柄泄漏", 7, "句柄泄…"), ("句柄泄漏", 6, "句柄…"), ("", 0, ""),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ])
    func cut(text: String, limit: Int, expected: String) {
        #expect(Columns.cut(text, to: limit) == expected)
    }

    @Test(
        "A path keeps its end",
        arguments: [
            ("a/b/c.log", 9, "a/b/c.log"), ("a/b/c.log", 7, "…/c.log"), ("日志/c.log", 9, "…志/c.log"),
            ("日志/c.log", 8, "…/c.log"), ("c.log", 0, ""),
        ])
    func cutFront(text: String, limit: Int, expected: String) {
        #expect(Columns.cutFront(text, to: limit) == expected)
    }

    @Test(
        "A long text is broken at blanks, a long word inside",
        arguments: [
            ("a bc def", 5, 9, ["a bc", "def"]), ("a bc def", 8, 9, ["a bc def"]),
            ("abcdef gh", 4, 9, ["abcd", "ef", "gh"]), ("abcd  ef", 4, 9, ["abcd", "ef"]),
            ("a bc def", 5, 1, ["a bc…"]), ("句柄 泄漏", 5, 9, ["句柄", "泄漏"]),
            ("句柄泄漏", 5, 9, ["句柄", "泄漏"]), ("", 5, 9, []), ("   ", 2, 9, [""]),
        ])
    func wrap(text: String, columns: Int, rows: Int, expected: [String]) {
        #expect(Columns.wrap(text, to: columns, rows: rows) == expected)
    }

    @Test("Cutting and wrapping keep within the columns for every limit")
    func bounds() {
        let text = "支付网关 has too many open files: e\u{301}e\u{301} 👩‍👩‍👧‍👦 D:\\数据\\订单 end"
        for limit in 2...60 {
            #expect(Columns.width(Columns.cut(text, to: limit)) <= limit)
            #expect(Columns.width(Columns.cutFront(text, to: limit)) <= limit)
        }
        for limit in 8...60 {
            for row in Columns.wrap(text, to: limit, rows: 100) {
                #expect(Columns.width(row) <= limit)
            }
        }
    }
}
