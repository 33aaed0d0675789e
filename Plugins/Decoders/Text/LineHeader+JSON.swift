import WinnowKit

/// JSON lines: slog, zap, zerolog, logrus, hclog, ECS, go-zero, klog, log15.
extension LineHeader {
    /// Reads the members of the outermost object; what is nested belongs to the message.
    static func json(_ line: UnsafeRawBufferPointer, utcOffset: Int) -> LineHeader {
        let head = UnsafeRawBufferPointer(rebasing: line.prefix(4096))
        let cursor = LineCursor(head)
        var header = LineHeader()
        var hasSearched = false
        var members = JSONText(LineBytes(head))
        while let member = members.next() {
            switch key(cursor, member.key) {
            case .time where header.time == nil && member.type == .string:
                header.time = LineTime.whole(cursor, member.value, utcOffset: utcOffset)
            case .time where header.time == nil && member.type == .number:
                var end = member.value.upperBound
                while end > member.value.lowerBound, cursor[end - 1].isBlank { end -= 1 }
                header.time = LineTime.unix(cursor, member.value.lowerBound..<end)
            case .level where header.level == nil && member.type == .string:
                header.level = LineLevel.named(cursor, member.value)
            case .logger where header.logger == nil && member.type == .string:
                let reach = member.value.count
                let escape = cursor.offset(
                    of: UInt8(ascii: "\\"), from: member.value.lowerBound, reach: reach)
                if reach > 0, escape == nil { header.logger = member.value }
            default: continue
            }
            guard header.time != nil, header.level != nil else { continue }
            // Few lines name a logger: a search costs less than reading the other members.
            if header.logger != nil { break }
            if !hasSearched {
                hasSearched = true
                let rest = cursor.bytes(member.value.upperBound, head.count)
                guard mayNameLogger(LineBytes(rest)) else { break }
            }
        }
        return header
    }

    private static func mayNameLogger(_ rest: LineBytes) -> Bool {
        rest.find("logger\"") != nil || rest.find("@module\"") != nil
    }

    private enum Key { case time, level, logger, other }

    /// What a key means. The keys are those that the loggers above write by default, with
    /// `severity` of Google Cloud's encoders, `t` and `lvl` of log15, `T` and `L` of zap's
    /// development encoder.
    private static func key(_ line: LineCursor, _ range: Range<Int>) -> Key {
        func isKey(_ name: StaticString) -> Bool { line.has(name, at: range.lowerBound) }
        switch range.count {
        case 1: return isKey("t") || isKey("T") ? .time : isKey("L") ? .level : .other
        case 2: return isKey("ts") ? .time : .other
        case 3: return isKey("lvl") ? .level : .other
        case 4: return isKey("time") ? .time : .other
        case 5: return isKey("level") ? .level : .other
        case 6: return isKey("@level") ? .level : isKey("logger") ? .logger : .other
        case 7: return isKey("@module") ? .logger : .other
        case 8: return isKey("severity") ? .level : .other
        case 9: return isKey("timestamp") ? .time : isKey("log.level") ? .level : .other
        case 10: return isKey("@timestamp") ? .time : isKey("log.logger") ? .logger : .other
        default: return .other
        }
    }
}
