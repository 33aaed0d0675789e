/// Adds decimal numbers without the noise of binary fractions: 0.1 and 0.2 are 0.3.
enum DecimalSum {
    /// The sum of two numbers as the line writes them, with the decimals of the finer one.
    ///
    /// - Returns: nil when a number has more than nine decimals or the sum passes 2^64.
    static func text(_ line: LineCursor, _ a: Range<Int>, _ b: Range<Int>) -> String? {
        let decimals = max(self.decimals(line, a), self.decimals(line, b))
        guard decimals <= 9, let x = scaled(line, a, decimals), let y = scaled(line, b, decimals)
        else { return nil }
        let (sum, overflows) = x.addingReportingOverflow(y)
        guard !overflows else { return nil }
        guard decimals > 0 else { return String(sum) }
        var digits = String(sum)
        if digits.utf8.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
        }
        digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
        return digits
    }

    private static func decimals(_ line: LineCursor, _ number: Range<Int>) -> Int {
        guard
            let point = line.offset(
                of: UInt8(ascii: "."), from: number.lowerBound, reach: number.count)
        else { return 0 }
        return number.upperBound - point - 1
    }

    /// The number times ten to the power of `decimals`, or nil when that passes 2^64.
    private static func scaled(
        _ line: LineCursor, _ number: Range<Int>, _ decimals: Int
    ) -> UInt64? {
        var value: UInt64 = 0
        func push(_ digit: UInt8) -> Bool {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(UInt64(digit))
            value = sum
            return !tooLarge && !overflows
        }
        for i in number where line[i].isDigit {
            guard push(line[i] &- 48) else { return nil }
        }
        for _ in self.decimals(line, number)..<decimals {
            guard push(0) else { return nil }
        }
        return value
    }
}
