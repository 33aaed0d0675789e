import WinnowKit

/// What a log line says of itself: its time, level and logger.
///
/// Only what stands in the header's own place counts: words of the message are never taken for a
/// level. Every line of every log comes through here, so a line is judged by its first byte, and at
/// most 256 bytes of it are read (1 KiB of logfmt, 4 KiB of JSON).
struct LineHeader {
    /// The time the line carries. Times without a zone are taken as the settings say; klog's
    /// `0302 15:04:05`, zerolog's `3:04PM` and the like lack a year or a day and give none.
    var time: Timestamp?
    /// trace, debug, information, warning, error, critical or verbose; nil where the line says none.
    var level: StaticString?
    /// Where in the line the logger's name stands, as byte offsets; nil where there is none.
    ///
    /// From the JSON keys `logger` (zap, logr), `log.logger` (ECS) and `@module` (hclog), from
    /// logfmt's `logger=`, and the third column of zap's console. Not from `component`, `name` or
    /// klog's file name: what those hold differs from program to program. A name written with
    /// escapes is left out.
    var logger: Range<Int>?
    /// Byte offset behind time, level and tags, where the message begins; 0 where the message is
    /// a value among others (JSON, logfmt).
    var message = 0

    /// Reads the header of one line.
    ///
    /// - Parameters:
    ///   - line: UTF-8, possibly damaged, without line end, colours and a carrier's prefix.
    ///   - settings: The zone of times that name none.
    /// - Complexity: O(1): the bytes read are bounded, whatever the line's length.
    static func parse(
        _ line: UnsafeRawBufferPointer, _ settings: DecoderSettings
    ) -> LineHeader {
        guard let first = line.first else { return LineHeader() }
        switch first {
        case UInt8(ascii: "{"):
            return json(line, utcOffset: settings.utcOffset)
        case UInt8(ascii: "<"):
            return syslog(line, utcOffset: settings.utcOffset)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "["):
            var plain = LinePlainHeader(line, utcOffset: settings.utcOffset)
            return plain.parse()
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            if line.count > 4, line[1].isDigit,
                let klog = klog(line, utcOffset: settings.utcOffset)
            {
                return klog
            }
            let cursor = LineCursor(line, limit: logfmtLimit)
            if isLogfmt(cursor) {
                var header = LineHeader()
                header.readLogfmt(cursor, utcOffset: settings.utcOffset)
                return header
            }
            var plain = LinePlainHeader(line, utcOffset: settings.utcOffset)
            return plain.parse()
        default:
            return LineHeader()
        }
    }
}
