import WinnowKit

extension FieldName {
    static let errorType = FieldName("error.type")
    static let errorMessage = FieldName("error.message")
    static let errorChain = FieldName("error.chain")
    static let errorSignal = FieldName("error.signal")
    static let errorPrelude = FieldName("error.prelude")
    static let goroutineCount = FieldName("go.goroutine.count")
    static let goroutineID = FieldName("go.goroutine.id")
    static let goroutineState = FieldName("go.goroutine.state")
    static let goroutineWait = FieldName("go.goroutine.wait_minutes")
    static let goroutineMaxWait = FieldName("go.goroutine.max_wait_minutes")
    static let goroutineLeaked = FieldName("go.goroutine.leaked")
    static let goroutineGroups = FieldName("go.goroutine.groups")
    static let largestGroup = FieldName("go.goroutine.largest_group")
    static let largestGroupState = FieldName("go.goroutine.largest_group_state")
    static let largestGroupFunction = FieldName("go.goroutine.largest_group_function")
    static let largestGroupCreatedBy = FieldName("go.goroutine.largest_group_created_by")
    static let frameFunction = FieldName("go.frame.function")
    static let frameFile = FieldName("go.frame.file")
    static let frameLine = FieldName("go.frame.line")
    static let goFingerprint = FieldName("go.fingerprint")
    static let goVersion = FieldName("go.version")
}

/// Turns a report's bytes into fields.
final class CrashRecordDecoder {
    private let settings: DecoderSettings
    private let carrier = Carrier()
    private var json: [UInt8] = []

    init(_ settings: DecoderSettings) { self.settings = settings }

    /// Fills `fields` with what the report says.
    func decode(
        _ record: RecordTable.Record, of block: BlockView, into fields: inout FieldTable
    ) {
        let parts: [UnsafeRawBufferPointer] =
            record.partCount == 0
            ? [block.bytes(of: record)]
            : block.parts(of: record).map {
                UnsafeRawBufferPointer(rebasing: block.bytes[Int($0.start)..<Int($0.end)])
            }
        let text = CrashText(parts, carrier: carrier)
        let report = CrashReport(text)
        fields.time =
            text.time ?? text.firstLine.withUnsafeBytes { LineHeader.parse($0, settings).time }
        add(report, to: &fields)
    }

    private func add(_ report: CrashReport, to fields: inout FieldTable) {
        fields.add(.message, bytes: Self.oneLine(report))
        fields.add(.errorType, report.type.rawValue)
        if let message = report.chain.last { fields.add(.errorMessage, bytes: message) }
        if report.chain.count > 1 {
            for message in report.chain {
                fields.add(.errorChain, bytes: message, isListElement: true)
            }
        }
        if !report.signal.isEmpty { fields.add(.errorSignal, bytes: report.signal) }
        if !report.prelude.isEmpty { fields.add(.errorPrelude, bytes: report.prelude) }
        fields.add(.goroutineCount, number: report.goroutines)
        let first = report.first
        if let id = first.id { fields.add(.goroutineID, number: id) }
        if !first.state.isEmpty { fields.add(.goroutineState, bytes: first.state) }
        if let minutes = first.waitMinutes { fields.add(.goroutineWait, number: minutes) }
        if let minutes = report.maxWaitMinutes { fields.add(.goroutineMaxWait, number: minutes) }
        if report.leaked > 0 { fields.add(.goroutineLeaked, number: report.leaked) }
        if !first.function.isEmpty { fields.add(.frameFunction, bytes: first.function) }
        if !first.file.isEmpty { fields.add(.frameFile, bytes: first.file) }
        if let line = first.line { fields.add(.frameLine, number: line) }
        if let version = report.version { fields.add(.goVersion, version) }
        fields.add(.goFingerprint, Self.fingerprint(report))
        addGroups(report, to: &fields)
    }

    private func addGroups(_ report: CrashReport, to fields: inout FieldTable) {
        guard let largest = report.groups.first else { return }
        fields.add(.largestGroup, number: largest.count)
        fields.add(.largestGroupState, bytes: largest.state)
        if let function = largest.functions.first {
            fields.add(.largestGroupFunction, bytes: function)
        }
        if !largest.createdBy.isEmpty {
            fields.add(.largestGroupCreatedBy, bytes: largest.createdBy)
        }
        json.removeAll(keepingCapacity: true)
        json.append(UInt8(ascii: "["))
        for group in report.groups {
            JSONWriter.comma(to: &json)
            json.append(UInt8(ascii: "{"))
            JSONWriter.key("count", to: &json)
            JSONWriter.number(group.count, to: &json)
            JSONWriter.key("state", to: &json)
            string(group.state)
            JSONWriter.key("functions", to: &json)
            json.append(UInt8(ascii: "["))
            for function in group.functions {
                JSONWriter.comma(to: &json)
                string(function)
            }
            json.append(UInt8(ascii: "]"))
            if !group.createdBy.isEmpty {
                JSONWriter.key("created_by", to: &json)
                string(group.createdBy)
            }
            json.append(UInt8(ascii: "}"))
        }
        json.append(UInt8(ascii: "]"))
        fields.add(.goroutineGroups, bytes: json, type: .json)
    }

    private func string(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { JSONWriter.string($0, to: &json) }
    }

    /// The headline with the last message, on one line.
    private static func oneLine(_ report: CrashReport) -> [UInt8] {
        var out: [UInt8]
        switch (report.type, report.chain.last) {
        case (.panic, let message?): out = Array("panic: ".utf8) + message
        case (.fatal, let message?): out = Array("fatal error: ".utf8) + message
        case (.recovered, let message?): out = Array("recovered panic: ".utf8) + message
        default: out = report.headline
        }
        for i in out.indices where out[i] == 0x0A || out[i] == 0x0D { out[i] = 0x20 }
        return out
    }

    /// 16 hexadecimal digits that stay the same for the same failure at the same place: from the
    /// type, the message without numbers, and the functions of the first goroutine.
    private static func fingerprint(_ report: CrashReport) -> String {
        let digest = Digest()
        digest.update(report.type.rawValue)
        digest.update(shape(report.chain.last ?? []))
        digest.update([0])
        for function in report.first.trace.prefix(8) {
            digest.update(function)
            digest.update([0])
        }
        return String(Digest.hex(digest.finish()).prefix(16))
    }

    /// A message with `#` for each number, decimal or hexadecimal.
    private static func shape(_ message: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var i = 0
        while i < message.count {
            guard message[i].isDigit else {
                out.append(message[i])
                i += 1
                continue
            }
            if message[i] == UInt8(ascii: "0"), i + 1 < message.count,
                message[i + 1] == UInt8(ascii: "x")
            {
                i += 2
                while i < message.count, message[i].isHexDigit { i += 1 }
            } else {
                while i < message.count, message[i].isDigit { i += 1 }
            }
            out.append(UInt8(ascii: "#"))
        }
        return out
    }
}
