import Glibc
import WinnowKit

/// A line as the program wrote it, and what its carrier said.
struct CarriedLine {
    /// The program's bytes; they lie in the line itself or in the carrier's scratch memory, and
    /// then only until the next call.
    var text: UnsafeRawBufferPointer
    /// Where `text` begins in the line, or nil when it was rewritten.
    var offset: Int?
    /// The carrier's time.
    var time: Timestamp?
    /// True when the program's line goes on in the carrier's next line.
    var isPartial = false
}

/// Takes off what was put around each line on its way: terminal codes, NUL, and the prefix or JSON
/// object of NSSM, Docker, Kubernetes, journald or Filebeat.
///
/// Decides by the shape of the one line, so that any line can be read alone. JSON that the program
/// itself wrote is no carrier. One a thread: it owns scratch memory.
final class Carrier {
    private var scratch: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let unescaped = UnescapeBuffer()

    /// Makes a carrier with little memory.
    init() {
        capacity = 256
        scratch = .allocate(capacity: capacity)
    }

    deinit { scratch.deallocate() }

    /// The program's part of `raw`, a line without its line end.
    func open(_ raw: UnsafeRawBufferPointer) -> CarriedLine {
        var line = CarriedLine(text: raw, offset: 0)
        if TerminalText.isNeeded(raw) {
            reserve(raw.count)
            let count = TerminalText.strip(raw, into: scratch)
            line = CarriedLine(
                text: UnsafeRawBufferPointer(start: scratch, count: count), offset: nil)
        }
        guard line.text.count >= 8 else { return line }
        let bytes = LineBytes(line.text)
        if bytes[0] == UInt8(ascii: "{") {
            if let object = CarrierObject(bytes) { unwrap(object, bytes, &line) }
            return line
        }
        if let prefix = CarrierPrefix(bytes) {
            line.text = bytes.slice(prefix.length..<bytes.count).raw
            line.offset = line.offset.map { $0 + prefix.length }
            line.time = prefix.time
            line.isPartial = prefix.isPartial
        }
        return line
    }

    private func unwrap(_ object: CarrierObject, _ bytes: LineBytes, _ line: inout CarriedLine) {
        var text = unescaped.unescape(bytes, object.text)
        if object.endsInLineFeed {
            if text.count > 0, text[text.count - 1] == 0x0A {
                let end = text.count - 1
                text = text.slice(0..<(end > 0 && text[end - 1] == 0x0D ? end - 1 : end))
            } else {
                line.isPartial = true
            }
        }
        line.time = object.time
        line.offset = nil
        line.text = text.raw
        // Colours inside the string were escaped when the line was first looked at.
        if TerminalText.isNeeded(text.raw) {
            reserve(text.count)
            let count = TerminalText.strip(text.raw, into: scratch)
            line.text = UnsafeRawBufferPointer(start: scratch, count: count)
        }
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        scratch.deallocate()
        capacity = count * 2
        scratch = .allocate(capacity: capacity)
    }
}

/// The JSON object that a log shipper made of a line.
///
/// Docker's json-file driver: `{"log":"…\n","stream":"stderr","time":"…"}`. Filebeat:
/// `@timestamp`, `message`, and its own `log`, `agent` or `input` object; a program that logs in
/// ECS has `log.level` instead.
struct CarrierObject {
    /// The program's line, between the quotes of its JSON string.
    var text: Range<Int>
    /// When the carrier took it.
    var time: Timestamp?
    /// True where a line's end is part of the text, and its absence means a partial line.
    var endsInLineFeed = false

    /// Reads a line that begins with a brace; nil when it is no such object.
    init?(_ line: LineBytes) {
        // Shippers write these keys first or within a few bytes; other objects cost no parse.
        let head = line.slice(0..<min(line.count, 96))
        guard
            head.find("\"log\"") != nil || head.find("\"stream\"") != nil
                || head.find("\"@timestamp\"") != nil
        else { return nil }
        var members = JSONText(line)
        var log: Range<Int>?
        var message: Range<Int>?
        var isStream = false
        var isShipped = false
        var isOwnLog = false
        var isAt = false
        while let member = members.next() {
            let key = line.slice(member.key)
            func named(_ name: StaticString) -> Bool {
                key.count == name.utf8CodeUnitCount && key.has(name)
            }
            if member.type == .string {
                if named("log") { log = member.value }
                if named("message") { message = member.value }
                if named("stream") { isStream = true }
                if named("time") || named("@timestamp") {
                    isAt = isAt || named("@timestamp")
                    time = Timestamp(iso8601: line.slice(member.value).raw) ?? time
                }
                if named("log.level") { isOwnLog = true }
            } else if member.type == .object {
                if named("log") || named("agent") || named("input") || named("beat")
                    || named("kubernetes")
                {
                    isShipped = true
                }
            }
        }
        if let log, isStream {
            text = log
            endsInLineFeed = true
        } else if let message, isAt, isShipped, !isOwnLog {
            text = message
        } else {
            return nil
        }
    }
}
