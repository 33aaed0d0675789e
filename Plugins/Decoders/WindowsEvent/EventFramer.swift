import WinnowKit

/// The framer of event XML. Its state is a value of its own: one checked access a call, instead of
/// several a token, doubles its speed.
final class EventFramer: Framer {
    private var cutter = EventCutter()

    var lineBreak: LineBreak { cutter.lineBreak }

    func frame(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, into table: inout RecordTable
    ) -> Int {
        cutter.frame(bytes, atEnd: atEnd, into: &table)
    }
}

/// Isolates `<Event …>…</Event>` in anything that an export, a forwarder or an accident makes of
/// event XML, so that a parser sees one event at a time and a broken one costs only itself.
///
/// States, and what leads from one to the other:
/// - **gap**: between events. A start tag named `Event` (any prefix) → *inside*. What else stands
///   there is `GapReader`'s.
/// - **inside**: in an event, whose bytes are kept. Its own `</Event>` → a record, *gap*. A limit, a
///   markup declaration or a section without end → a problem, *broken*. `<Event` as a child of the
///   event itself, where the format has none → a problem, *inside* the new one.
/// - **broken**: the rest of an event that is lost, not kept. Its `</Event>` → *gap*; the start of
///   another event (`<Event …><System`) → *inside*.
///
/// An element named Event deeper inside (UserData may hold anything) belongs to the event. Only when
/// it has a System, and the end tag of the element around it does not follow its own, was it the
/// next event, and the one around it broke off: then that is a problem, and this a record.
struct EventCutter {
    /// Most bytes of one event.
    static let maxEventBytes = 16 << 20
    /// Most open elements of an event, itself included; libxml2 2.9 has the same limit.
    static let maxDepth = 256
    /// Most elements of an event.
    static let maxElements = 1 << 17
    /// Most bytes of a comment, instruction or document type declaration outside of events: one
    /// without an end holds back no more than that.
    static let maxGapSectionBytes = 256 << 10

    private enum State {
        case gap, inside, broken
    }

    /// An element named Event inside an event: where it begins, and what was open there.
    private struct Inner {
        var start: Int
        var depth: Int
        var eventDepth: Int
        /// Behind its end tag, or nil while it is open.
        var end: Int?
    }

    private var state = State.gap
    private var scanner = MarkupScanner()
    private var gap = GapReader()
    private var lines = LineBreakFinder()
    /// Where the current event begins.
    private var start = 0
    /// Open elements, and how many of them are named Event.
    private var depth = 0
    private var eventDepth = 0
    private var elements = 0
    /// The element named Event whose start tag was the last markup: does a System follow?
    private var probe: Inner?
    /// An event inside the event, until it shows whether it belongs there.
    private var inner: Inner?

    /// How lines end, by the first line end.
    var lineBreak: LineBreak { lines.lineBreak }

    /// Appends the events that end in `bytes`, and what is wrong; see `Framer.frame`.
    mutating func frame(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, into table: inout RecordTable
    ) -> Int {
        lines.look(at: bytes, atEnd: atEnd)
        repeat {
            scan: while let token = scanner.next(
                bytes, atEnd: atEnd, limit: limit, inEvent: state != .gap)
            {
                if state != .gap {
                    inEvent(token, bytes, &table)
                } else if !inGap(token, bytes, atEnd, &table) {
                    break scan
                }
            }
            // What the end of the input leaves open may hold tokens that have to be read again.
        } while atEnd && closesSomething(bytes, &table)
        let consumed = atEnd ? bytes.count : kept
        consume(consumed)
        return consumed
    }

    /// Where the scanner gives up sections and cuts text.
    private var limit: Int {
        state == .inside
            ? start + EventCutter.maxEventBytes
            : scanner.unfinished + EventCutter.maxGapSectionBytes
    }

    /// The first byte that is needed again.
    private var kept: Int {
        switch state {
        case .inside: start
        case .broken: probe?.start ?? scanner.unfinished
        case .gap: gap.pendingStart ?? scanner.unfinished
        }
    }

    private mutating func consume(_ count: Int) {
        scanner.consume(count)
        gap.consume(count)
        lines.consume(count)
        start -= count
        probe?.start -= count
        inner?.start -= count
        if let end = inner?.end { inner?.end = end - count }
    }

    /// Ends what the end of the input leaves open; false when nothing is left.
    private mutating func closesSomething(
        _ bytes: UnsafeRawBufferPointer, _ table: inout RecordTable
    ) -> Bool {
        switch state {
        case .gap:
            gap.end(bytes, &table)
            return false
        case .inside:
            if inner != nil {
                breakOff(&table)
            } else {
                fail("the input ends inside an event", &table)
            }
        case .broken:
            state = .gap
        }
        return true
    }

    // MARK: Between events

    /// Handles a token of the gap; false when a text needs more bytes to be judged.
    private mutating func inGap(
        _ token: MarkupScanner.Token, _ bytes: UnsafeRawBufferPointer, _ atEnd: Bool,
        _ table: inout RecordTable
    ) -> Bool {
        let range = scanner.tokenStart..<scanner.at
        switch token {
        case .text:
            let end = gap.read(bytes, range, atEnd: atEnd, &table)
            if end < range.upperBound {
                scanner.rewind(to: end)
                return false
            }
        case .startTag(.event, let empty):
            gap.meetEvent(&table)
            begin(at: range.lowerBound)
            if empty { finish(at: range.upperBound, &table) }
        case .brokenTag(.event, let fault):
            gap.meetEvent(&table)
            begin(at: range.lowerBound)
            fail(fault.reason, &table)
        case .startTag(.events, _), .endTag, .comment:
            gap.meetMarkup(bytes, &table)
        case .startTag:
            gap.meetForeignElement(bytes, &table)
        case .instruction:
            gap.meetInstruction()
        case .doctype:
            gap.meetMarkup(bytes, &table)
            table.problems.append(
                Problem(
                    offset: range.lowerBound, reason: "a document type declaration; it is not read",
                    lostRecord: false))
        case .cdata, .declaration, .brokenTag, .unterminated:
            gap.readPlainly(bytes, range, &table)
        }
        return true
    }

    private mutating func begin(at offset: Int) {
        state = .inside
        start = offset
        depth = 1
        eventDepth = 1
        elements = 0
        probe = nil
        inner = nil
    }

    // MARK: In an event

    private mutating func inEvent(
        _ token: MarkupScanner.Token, _ bytes: UnsafeRawBufferPointer, _ table: inout RecordTable
    ) {
        if inner?.end != nil {
            switch belonging(token, bytes) {
            case .yes: inner = nil
            case .no: return breakOff(&table)
            case .undecided:
                if scanner.at - start > EventCutter.maxEventBytes { breakOff(&table) }
                return
            }
        }
        while state == .inside, scanner.at - start > EventCutter.maxEventBytes {
            if inner != nil {
                breakOff(&table)
            } else {
                fail("an event of more than 16 MiB", &table)
            }
        }
        // Of a broken event nothing is kept, and of what may be the next one not without limit.
        if state == .broken, let found = probe,
            scanner.at - found.start > EventCutter.maxGapSectionBytes
        {
            probe = nil
        }
        switch token {
        case .text:
            if probe != nil, !isBlank(bytes) { probe = nil }
        case .startTag(let name, let empty):
            open(name, empty: empty, &table)
        case .endTag(let name):
            close(name, &table)
        case .comment, .instruction:
            break
        case .cdata, .doctype:
            probe = nil
        case .declaration:
            fail("a markup declaration inside an event", &table)
        case .unterminated(let section, let tooLong):
            fail(tooLong ? "an event of more than 16 MiB" : section.reason, &table)
        case .brokenTag(_, let fault):
            probe = nil
            switch fault {
            case .tooLong, .tooManyAttributes: fail(fault.reason, &table)
            // The parser may make sense of it yet, and else says what is wrong.
            case .lessThan, .end: break
            }
        }
    }

    private mutating func open(
        _ name: MarkupScanner.Name, empty: Bool, _ table: inout RecordTable
    ) {
        let found = probe
        probe = nil
        if name == .event {
            if state == .inside, depth <= 1 {
                fail("`</Event>` is missing", &table)
                begin(at: scanner.tokenStart)
                if empty { finish(at: scanner.at, &table) }
                return
            }
            if !empty {
                probe = Inner(start: scanner.tokenStart, depth: depth, eventDepth: eventDepth)
                eventDepth += 1
            }
        } else if name == .system, var found {
            if state == .broken {
                begin(at: found.start)
            } else {
                if let outer = inner {
                    found.depth -= outer.depth
                    found.eventDepth -= outer.eventDepth
                    breakOff(&table)
                }
                inner = found
            }
        }
        elements += 1
        if !empty { depth += 1 }
        if depth > EventCutter.maxDepth {
            fail("elements nested more than 256 deep", &table)
        } else if elements > EventCutter.maxElements {
            fail("an event of more than 131072 elements", &table)
        }
    }

    private mutating func close(_ name: MarkupScanner.Name, _ table: inout RecordTable) {
        probe = nil
        depth = max(depth - 1, 0)
        guard name == .event else { return }
        eventDepth -= 1
        if eventDepth <= 0 {
            finish(at: scanner.at, &table)
        } else if eventDepth == inner?.eventDepth {
            inner?.end = scanner.at
        }
    }

    /// The event ends, for better or worse.
    private mutating func finish(at end: Int, _ table: inout RecordTable) {
        if state == .inside {
            table.records.append(RecordTable.Record(start: start, end: end, kind: 0))
        }
        toGap()
    }

    private mutating func toGap() {
        state = .gap
        inner = nil
        probe = nil
        gap.leaveEvent()
    }

    /// The event is lost; what follows is searched for its end and for the next one.
    private mutating func fail(_ reason: String, _ table: inout RecordTable) {
        while state == .inside, inner != nil { breakOff(&table) }
        guard state == .inside else { return }
        table.problems.append(Problem(offset: start, reason: reason))
        state = .broken
    }

    /// The event broke off before the one inside it, which takes its place; when that one is
    /// complete, it is a record, and scanning goes on behind it.
    private mutating func breakOff(_ table: inout RecordTable) {
        guard let next = inner else { return }
        table.problems.append(
            Problem(offset: start, reason: "an event that breaks off before the next one"))
        inner = nil
        start = next.start
        if let end = next.end {
            finish(at: end, &table)
            scanner.rewind(to: end)
        } else {
            depth -= next.depth
            eventDepth -= next.eventDepth
        }
    }

    private enum Belonging {
        case yes, no, undecided
    }

    /// Whether the event inside, which has ended, belongs to the one around it, by what follows.
    private func belonging(
        _ token: MarkupScanner.Token, _ bytes: UnsafeRawBufferPointer
    ) -> Belonging {
        switch token {
        case .endTag(.event), .endTag(.events): .no
        case .endTag: .yes
        case .comment: .undecided
        case .text: isBlank(bytes) ? .undecided : .no
        default: .no
        }
    }

    /// Whether the token is white space, but for the marks of a tree copied from Event Viewer.
    private func isBlank(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes[scanner.tokenStart..<scanner.at].allSatisfy {
            XMLBytes.isSpace($0) || $0 == UInt8(ascii: "-")
        }
    }
}

extension MarkupScanner.TagFault {
    /// The clause that tells a user.
    var reason: String {
        switch self {
        case .lessThan: "an event whose start tag breaks off"
        case .tooLong: "a tag of more than 64 KiB"
        case .tooManyAttributes: "a tag of more than 128 attributes"
        case .end: "the input ends inside an event"
        }
    }
}

extension MarkupScanner.Section {
    /// The clause that tells a user.
    var reason: String {
        switch self {
        case .comment: "a comment without an end"
        case .cdata: "a CDATA section without an end"
        case .instruction: "a processing instruction without an end"
        case .doctype: "a document type declaration without an end"
        }
    }
}
