/// Reads the arithmetic of `let`: `+ - * /`, parentheses, numbers, names.
///
/// Names with other characters than letters, digits, `_`, `.` and `@` stand in back-quotes.
struct ExpressionReader {
    struct Fault: Error, Equatable {
        var message: String
        /// In bytes of the expression.
        var offset: Int
        /// True where a name is not known, as opposed to wrong syntax.
        var isUnknownName = false
        /// The name, then.
        var name = ""
    }

    /// Longest expression, in bytes.
    static let maxBytes = 1024
    private static let maxDepth = 32

    private let bytes: [UInt8]
    private let resolve: (String) -> Source?
    private var at = 0
    private var depth = 0
    private var steps: [LetStep] = []

    /// The expression in postfix order.
    ///
    /// - Parameter resolve: Where a name's value comes from; nil: the name is not known.
    static func read(_ text: String, resolve: @escaping (String) -> Source?) throws(Fault)
        -> [LetStep]
    {
        var reader = ExpressionReader(bytes: Array(text.utf8), resolve: resolve)
        guard reader.bytes.count <= maxBytes else {
            throw Fault(message: "longer than \(maxBytes) bytes", offset: 0)
        }
        try reader.sum()
        reader.skipBlanks()
        guard reader.at == reader.bytes.count else {
            throw reader.fault(
                reader.peek() == UInt8(ascii: ")")
                    ? "this parenthesis was never opened" : "expected `+`, `-`, `*`, `/` or the end"
            )
        }
        return reader.steps
    }

    private init(bytes: [UInt8], resolve: @escaping (String) -> Source?) {
        self.bytes = bytes
        self.resolve = resolve
    }

    private func fault(_ message: String) -> Fault { Fault(message: message, offset: at) }

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            at += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    private mutating func sum() throws(Fault) {
        try product()
        while true {
            if take(UInt8(ascii: "+")) {
                try product()
                steps.append(.add)
            } else if take(UInt8(ascii: "-")) {
                try product()
                steps.append(.subtract)
            } else {
                return
            }
        }
    }

    private mutating func product() throws(Fault) {
        try operand()
        while true {
            if take(UInt8(ascii: "*")) {
                try operand()
                steps.append(.multiply)
            } else if take(UInt8(ascii: "/")) {
                try operand()
                steps.append(.divide)
            } else {
                return
            }
        }
    }

    private mutating func operand() throws(Fault) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionReader.maxDepth else {
            throw fault("nested more than \(ExpressionReader.maxDepth) deep")
        }
        if take(UInt8(ascii: "-")) {
            try operand()
            steps.append(.negate)
            return
        }
        skipBlanks()
        let open = at
        if take(UInt8(ascii: "(")) {
            try sum()
            guard take(UInt8(ascii: ")")) else {
                throw Fault(message: "this parenthesis is never closed", offset: open)
            }
            return
        }
        guard let byte = peek() else { throw fault("a number or a name is missing at the end") }
        if byte &- 48 < 10 || byte == UInt8(ascii: ".") {
            try number()
        } else {
            try name()
        }
    }

    private mutating func number() throws(Fault) {
        let start = at
        while let byte = peek(), byte &- 48 < 10 || byte == UInt8(ascii: ".") { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard DecimalText(text) != nil, text.utf8.count <= 32, let value = Double(text) else {
            throw Fault(message: "`\(text)` is no number", offset: start)
        }
        steps.append(.number(value))
    }

    private mutating func name() throws(Fault) {
        let start = at
        var text: ArraySlice<UInt8>
        if peek() == UInt8(ascii: "`") {
            guard let end = bytes[(at + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
                throw fault("this back-quote is never closed")
            }
            text = bytes[(at + 1)..<end]
            at = end + 1
        } else {
            while let byte = peek(), ExpressionReader.isNameByte(byte) { at += 1 }
            text = bytes[start..<at]
        }
        guard !text.isEmpty else { throw fault("expected a number, a name or `(`") }
        let name = String(decoding: text, as: UTF8.self)
        guard let source = resolve(name) else {
            throw Fault(
                message: "unknown name `\(name)`", offset: start, isUnknownName: true, name: name)
        }
        steps.append(.value(source))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "@") || byte >= 0x80
    }
}
