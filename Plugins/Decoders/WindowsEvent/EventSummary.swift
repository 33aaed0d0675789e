import WinnowKit

/// One line that stands for an event, as its XML would not be readable.
enum EventSummary {
    /// Most bytes of the line.
    static let maxBytes = 300

    /// The first line of the rendered message, else provider, id and data.
    static func line(_ fields: FieldTable) -> String {
        var out: [UInt8] = []
        if let entry = entry(.message, in: fields) {
            fields.withValue(entry) { value in
                let line = XMLBytes.trimmed(value).prefix { $0 != 0x0A && $0 != 0x0D }
                out.append(contentsOf: line.prefix(maxBytes + 4))
            }
        }
        if out.isEmpty {
            append(entry(.eventProvider, in: fields), of: fields, to: &out)
            append(entry(.eventCode, in: fields), of: fields, to: &out)
            appendData(fields, to: &out)
        }
        return out.withUnsafeBytes { UTF8Text.prefix($0, limit: maxBytes) }
    }

    private static func entry(_ name: FieldName, in fields: FieldTable) -> FieldTable.Entry? {
        fields.entries.first { $0.hash == name.hash }
    }

    private static func append(
        _ entry: FieldTable.Entry?, of fields: FieldTable, to out: inout [UInt8]
    ) {
        guard let entry else { return }
        if !out.isEmpty { out.append(UInt8(ascii: " ")) }
        fields.withValue(entry) { out.append(contentsOf: $0.prefix(maxBytes)) }
    }

    /// `: name=value name=value`, values on one line.
    private static func appendData(_ fields: FieldTable, to out: inout [UInt8]) {
        let prefixes = ["winlog.event_data.", "winlog.user_data."].map { Array($0.utf8) }
        let left = [FieldName.winlogBinary.hash, FieldName.winlogUserDataName.hash]
        var isFirst = true
        for entry in fields.entries where !left.contains(entry.hash) {
            if out.count > maxBytes { return }
            fields.withName(entry) { name in
                guard let prefix = prefixes.first(where: { name.starts(with: $0) }) else { return }
                out.append(contentsOf: isFirst ? ": ".utf8 : " ".utf8)
                isFirst = false
                out.append(contentsOf: name.dropFirst(prefix.count))
                out.append(UInt8(ascii: "="))
                fields.withValue(entry) { value in
                    for byte in value.prefix(maxBytes) {
                        out.append(byte < 0x20 ? UInt8(ascii: " ") : byte)
                    }
                }
            }
        }
    }
}
