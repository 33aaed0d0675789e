import WinnowKit

/// Turns lines and reports into fields.
final class TextRecordDecoder: RecordDecoder {
    private let settings: DecoderSettings
    private let plainLines: Bool
    private let carrier = Carrier()
    private let crash: CrashRecordDecoder

    init(_ settings: DecoderSettings, plainLines: Bool) {
        self.settings = settings
        self.plainLines = plainLines
        crash = CrashRecordDecoder(settings)
    }

    func decode(
        _ record: RecordTable.Record, of block: BlockView, into fields: inout FieldTable
    ) -> Problem? {
        if record.kind == TextKind.crash {
            crash.decode(record, of: block, into: &fields)
            return nil
        }
        let raw = block.bytes(of: record)
        let carried = plainLines ? CarriedLine(text: raw, offset: 0) : carrier.open(raw)
        let line = carried.text
        let header = LineHeader.parse(line, settings)
        fields.time = carried.time ?? header.time
        fields.add(.message, line)
        if let level = header.level {
            fields.add(
                .logLevel,
                UnsafeRawBufferPointer(start: level.utf8Start, count: level.utf8CodeUnitCount))
        }
        if let logger = header.logger, logger.lowerBound >= 0, logger.upperBound <= line.count {
            fields.add(.logLogger, UnsafeRawBufferPointer(rebasing: line[logger]))
        }
        fields.kind = GoRuntimeLine.decode(line, into: &fields) ?? fields.kind
        return nil
    }

    func summary(of fields: FieldTable, kind: UInt8) -> String? { nil }
}
