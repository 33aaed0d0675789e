import Glibc
import WinnowKit

/// Tells event XML by its first bytes.
///
/// XML of any kind is claimed, so that a wrong file is named as one; a line of text is not, unless
/// an event follows on it, or it is a line that evtx tools put before the first event. Text that
/// merely begins like a tag (`<13>`, `<Mar 5, …> <Notice>`) is no XML.
enum EventClaim {
    /// Bytes that are looked at; who has not shown an event by then has none.
    static let maxBytes = 4096

    /// Judges the first bytes of an input: UTF-8, byte order mark removed.
    static func judge(_ head: UnsafeRawBufferPointer, atEnd: Bool) -> Claim {
        let bytes = UnsafeRawBufferPointer(rebasing: head.prefix(maxBytes))
        // Nothing past `maxBytes` counts, so that a longer head cannot change the answer.
        let isWhole = atEnd || head.count >= maxBytes
        var i = 0
        while true {
            i = skipBlank(bytes, from: i)
            if i == bytes.count { return isWhole ? .no : .undecided }
            if bytes[i] == UInt8(ascii: "<") {
                switch isMarkup(bytes, at: i) {
                case .found: return .yes
                case .incomplete: return isWhole ? .no : .undecided
                case .none: break
                }
            }
            let end = bytes[i...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            let line = UnsafeRawBufferPointer(rebasing: bytes[i..<end])
            if isBinary(line) {
                return .refused(
                    "a binary .evtx log; export it as XML: "
                        + "wevtutil qe FILE.evtx /lf:true /f:xml > FILE.xml")
            }
            switch event(on: line, in: bytes, from: i) {
            case .found: return .yes
            case .incomplete: return isWhole ? .no : .undecided
            case .none: break
            }
            if end == bytes.count { return isWhole ? .no : .undecided }
            if !isCompanionLine(line) { return .no }
            i = end
        }
    }

    /// Whether a line is one that evtx tools write between events: `Record 12` (evtx_dump) or
    /// `evtxexport 20181227`.
    static func isCompanionLine(_ line: UnsafeRawBufferPointer) -> Bool {
        for word in ["Record ", "evtxexport "] as [StaticString] {
            let length = word.utf8CodeUnitCount
            guard line.count > length, line.count <= length + 24, let base = line.baseAddress,
                memcmp(base, word.utf8Start, length) == 0
            else { continue }
            return line[length...].allSatisfy { $0 &- 48 < 10 || XMLBytes.isSpace($0) }
        }
        return false
    }

    /// Skips white space and the `- ` of a tree copied from Event Viewer.
    private static func skipBlank(_ bytes: UnsafeRawBufferPointer, from: Int) -> Int {
        var i = from
        while i < bytes.count {
            if !XMLBytes.isSpace(bytes[i]) {
                guard bytes[i] == UInt8(ascii: "-"), i + 1 < bytes.count,
                    bytes[i + 1] == UInt8(ascii: " ")
                else { break }
            }
            i += 1
        }
        return i
    }

    private static func isBinary(_ line: UnsafeRawBufferPointer) -> Bool {
        let magic: StaticString = "ElfFile\0"
        guard line.count >= 8, let base = line.baseAddress else { return false }
        return memcmp(base, magic.utf8Start, 8) == 0
    }

    /// An event that begins on a line of text, behind a forwarder's header.
    private static func event(
        on line: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, from: Int
    ) -> EventStart.Answer {
        guard line.contains(UInt8(ascii: "<")) else { return .none }
        // The System of an event may stand on the next line, the event itself may not.
        for i in from..<from + line.count where bytes[i] == UInt8(ascii: "<") {
            let answer = EventStart.at(bytes, i + 1)
            if answer != .none { return answer }
        }
        return .none
    }

    /// Whether the `<` at `start` begins XML: a declaration, a comment, an Event or Events element,
    /// or another element whose first content is no text.
    private static func isMarkup(
        _ bytes: UnsafeRawBufferPointer, at start: Int
    ) -> EventStart.Answer {
        guard start + 1 < bytes.count else { return .incomplete }
        let next = bytes[start + 1]
        if next == UInt8(ascii: "?") { return .found }
        if next == UInt8(ascii: "!") {
            guard start + 2 < bytes.count else { return .incomplete }
            let kind = bytes[start + 2]
            return kind == UInt8(ascii: "-") || kind | 0x20 == UInt8(ascii: "d") ? .found : .none
        }
        guard XMLBytes.startsName(next) else { return .none }
        var nameStart = start + 1
        var i = nameStart
        while i < bytes.count, !XMLBytes.endsName(bytes[i]) {
            if bytes[i] == UInt8(ascii: ":") { nameStart = i + 1 }
            i += 1
        }
        if i == bytes.count { return .incomplete }
        let name = bytes[nameStart..<i]
        if name.elementsEqual("Event".utf8) || name.elementsEqual("Events".utf8) {
            return beginsTag(bytes, from: i)
        }
        return elementHoldsMarkup(bytes, from: i)
    }

    /// Whether what follows the name of an element is the end of its tag or a first attribute:
    /// `<Event bus started>` in a log is prose. Less strict than for other elements, since the
    /// first event of an export may be the broken one.
    private static func beginsTag(
        _ bytes: UnsafeRawBufferPointer, from: Int
    ) -> EventStart.Answer {
        var i = from
        func skipSpace() {
            while i < bytes.count, XMLBytes.isSpace(bytes[i]) { i += 1 }
        }
        skipSpace()
        if i == bytes.count { return .incomplete }
        if bytes[i] == UInt8(ascii: ">") || bytes[i] == UInt8(ascii: "/") { return .found }
        guard XMLBytes.startsName(bytes[i]) else { return .none }
        while i < bytes.count, bytes[i] != UInt8(ascii: "="), !XMLBytes.endsName(bytes[i]) {
            i += 1
        }
        skipSpace()
        if i == bytes.count { return .incomplete }
        return bytes[i] == UInt8(ascii: "=") ? .found : .none
    }

    /// Whether a start tag, read up to the end of its name, is one, and markup follows it.
    ///
    /// Strict, so that prose in angle brackets is known for what it is at its second word.
    private static func elementHoldsMarkup(
        _ bytes: UnsafeRawBufferPointer, from: Int
    ) -> EventStart.Answer {
        var i = from
        func skipSpace() {
            while i < bytes.count, XMLBytes.isSpace(bytes[i]) { i += 1 }
        }
        while true {
            skipSpace()
            if i == bytes.count { return .incomplete }
            if bytes[i] == UInt8(ascii: ">") { break }
            if bytes[i] == UInt8(ascii: "/") {
                i += 1
                continue
            }
            guard XMLBytes.startsName(bytes[i]) else { return .none }
            while i < bytes.count, bytes[i] != UInt8(ascii: "="), !XMLBytes.endsName(bytes[i]) {
                i += 1
            }
            skipSpace()
            if i == bytes.count { return .incomplete }
            guard bytes[i] == UInt8(ascii: "=") else { return .none }
            i += 1
            skipSpace()
            if i == bytes.count { return .incomplete }
            let quote = bytes[i]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return .none }
            i += 1
            while i < bytes.count, bytes[i] != quote {
                if bytes[i] == UInt8(ascii: "<") { return .none }
                i += 1
            }
            if i == bytes.count { return .incomplete }
            i += 1
        }
        i += 1
        skipSpace()
        if i == bytes.count { return .incomplete }
        return bytes[i] == UInt8(ascii: "<") ? .found : .none
    }
}
