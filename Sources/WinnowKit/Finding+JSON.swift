extension Finding {
    /// Appends the finding as one JSON object on one line, without a line end.
    ///
    /// Keys and their order are those of the output format. The bytes are valid UTF-8 and hold no
    /// control character, whatever the finding's texts hold.
    public func appendJSON(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        JSONWriter.key("id", to: &out)
        JSONWriter.string(id, to: &out)
        JSONWriter.key("rule", to: &out)
        JSONWriter.string(rule, to: &out)
        JSONWriter.key("pack", to: &out)
        JSONWriter.string(pack, to: &out)
        JSONWriter.key("level", to: &out)
        JSONWriter.string(level.rawValue, to: &out)
        JSONWriter.key("status", to: &out)
        JSONWriter.string(status, to: &out)
        JSONWriter.key("title", to: &out)
        JSONWriter.string(title, to: &out)
        JSONWriter.key("message", to: &out)
        JSONWriter.string(message, to: &out)
        JSONWriter.key("time", to: &out)
        JSONWriter.time(time, to: &out)
        JSONWriter.key("first_time", to: &out)
        JSONWriter.time(firstTime, to: &out)
        JSONWriter.key("last_time", to: &out)
        JSONWriter.time(lastTime, to: &out)
        JSONWriter.key("count", to: &out)
        JSONWriter.number(count, to: &out)
        JSONWriter.key("suppressed_count", to: &out)
        JSONWriter.number(suppressedCount, to: &out)
        JSONWriter.key("host", to: &out)
        JSONWriter.string(orNull: host, to: &out)
        JSONWriter.key("service", to: &out)
        JSONWriter.string(orNull: service, to: &out)
        appendKeyAndFields(to: &out)
        JSONWriter.key("evidence", to: &out)
        out.append(UInt8(ascii: "["))
        for record in evidence {
            JSONWriter.comma(to: &out)
            record.appendJSON(to: &out)
        }
        out.append(UInt8(ascii: "]"))
        JSONWriter.key("remediation", to: &out)
        JSONWriter.string(orNull: remediation, to: &out)
        JSONWriter.key("references", to: &out)
        JSONWriter.strings(references, to: &out)
        JSONWriter.key("tags", to: &out)
        JSONWriter.strings(tags, to: &out)
        out.append(UInt8(ascii: "}"))
    }

    private func appendKeyAndFields(to out: inout [UInt8]) {
        JSONWriter.key("key", to: &out)
        out.append(UInt8(ascii: "{"))
        for (name, value) in key {
            JSONWriter.key(name, to: &out)
            JSONWriter.string(orNull: value, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        JSONWriter.key("fields", to: &out)
        out.append(UInt8(ascii: "{"))
        for (name, value) in fields {
            JSONWriter.key(name, to: &out)
            switch value {
            case .text(let text): JSONWriter.string(text, to: &out)
            case .number(let digits): appendNumber(digits, to: &out)
            }
        }
        out.append(UInt8(ascii: "}"))
    }
}

extension Evidence {
    fileprivate func appendJSON(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        JSONWriter.key("input", to: &out)
        JSONWriter.string(input, to: &out)
        JSONWriter.key("line", to: &out)
        JSONWriter.number(line, to: &out)
        JSONWriter.key("offset", to: &out)
        JSONWriter.number(offset, to: &out)
        JSONWriter.key("length", to: &out)
        JSONWriter.number(length, to: &out)
        JSONWriter.key("record_id", to: &out)
        if let recordID {
            appendNumber(recordID, to: &out)
        } else {
            JSONWriter.string(orNull: nil, to: &out)
        }
        JSONWriter.key("time", to: &out)
        JSONWriter.time(time, to: &out)
        JSONWriter.key("text", to: &out)
        JSONWriter.string(text, to: &out)
        out.append(UInt8(ascii: "}"))
    }
}

/// Appends a number as it was written, or as a string where JSON has no such number (`007`, `1.`).
private func appendNumber(_ text: String, to out: inout [UInt8]) {
    if isNumber(text.utf8) {
        out.append(contentsOf: text.utf8)
    } else {
        JSONWriter.string(text, to: &out)
    }
}

/// True for a number in JSON's grammar (RFC 8259, section 6).
private func isNumber(_ text: String.UTF8View) -> Bool {
    var rest = text[...]
    func takeDigits() -> Int {
        let digits = rest.prefix { $0 &- 48 < 10 }
        rest = rest.dropFirst(digits.count)
        return digits.count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
    if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        guard takeDigits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
            rest = rest.dropFirst()
        }
        guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
}
