import WinnowKit

/// Turns one event into fields.
final class EventDecoder: RecordDecoder {
    private let parser = EventParser()

    func decode(
        _ record: RecordTable.Record, of block: BlockView, into fields: inout FieldTable
    ) -> Problem? {
        swap(&fields, &parser.builder.pointee.fields)
        let bytes = block.bytes(of: record)
        let problem = read(bytes, at: Int(record.start))
        swap(&fields, &parser.builder.pointee.fields)
        if problem?.lostRecord == true {
            fields.removeAll()
        } else if let service = parser.builder.pointee.origin.serviceName(in: fields) {
            fields.add(.serviceName, bytes: service)
        }
        if problem?.lostRecord != true,
            let process = parser.builder.pointee.origin.processName(in: fields)
        {
            fields.add(.processName, bytes: process)
        }
        return problem
    }

    /// Parses an event; repairs it first when it holds what XML forbids, and after when the parser
    /// refuses it and a repair is possible.
    private func read(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Problem? {
        var refusal: EventParser.Failure?
        if EventRepair.firstForbidden(bytes) == nil {
            do {
                try parser.parse(bytes)
                return judge(at: start)
            } catch {
                refusal = error
            }
        }
        if let repair = EventRepair.repaired(bytes) {
            do {
                try parser.parse(repair.bytes)
                return judge(at: start)
                    ?? Problem(
                        offset: start + repair.offset, reason: repair.kind.reason,
                        lostRecord: false)
            } catch {
                refusal = error
            }
        }
        return Problem(
            offset: start, reason: refusal.map(EventParser.reason) ?? "an event that is no XML")
    }

    /// What is wrong with an event that is XML.
    private func judge(at start: Int) -> Problem? {
        guard parser.builder.pointee.hasSystem else {
            return Problem(offset: start, reason: "an Event element without a System")
        }
        return parser.builder.pointee.flaw.map {
            Problem(offset: start, reason: $0, lostRecord: false)
        }
    }

    func naming(of fields: FieldTable) -> ServiceNaming? {
        parser.builder.pointee.origin.naming(in: fields)
    }

    func summary(of fields: FieldTable, kind: UInt8) -> String? {
        EventSummary.line(fields)
    }
}
