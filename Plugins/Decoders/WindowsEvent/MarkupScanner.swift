import Glibc

/// Cuts a growing buffer of XML, well formed or not, into tokens.
///
/// Made for bytes that arrive in pieces: a token is told when it is complete, and what was looked at
/// of an incomplete one is remembered, so the tokens do not depend on the pieces and no byte is
/// examined more often than a fixed number of times. Only text is told piece by piece.
///
/// It knows where tags, quotes, comments, CDATA sections, processing instructions and document type
/// declarations end. It does not check names against each other, attributes or references: that is
/// the parser's business, which sees one event at a time.
struct MarkupScanner {
    /// The element names that framing depends on, prefix left out.
    enum Name {
        case event, events, system, other
    }

    /// What is wrong with a tag.
    enum TagFault {
        /// A `<` came before the tag's `>`: one of the two is no markup.
        case lessThan
        /// Longer than `maxTagBytes`.
        case tooLong
        /// More than `maxAttributes` quoted values.
        case tooManyAttributes
        /// The input ended.
        case end
    }

    /// A complete token; it lies in `tokenStart ..< at`.
    enum Token {
        /// A piece of text; a `<` that begins no markup is a piece of its own.
        case text
        case startTag(Name, empty: Bool)
        case endTag(Name)
        case comment
        case cdata
        case instruction
        case doctype
        /// `<!` and something that has no place in an event log.
        case declaration
        /// A tag that does not end as one; scanning goes on where it broke.
        case brokenTag(Name, TagFault)
        /// A section without an end; scanning goes on behind its opening. `tooLong`: the limit came
        /// first.
        case unterminated(Section, tooLong: Bool)
    }

    /// What ends at a string of its own and may hold anything else.
    enum Section: Int {
        case comment, cdata, instruction, doctype

        /// The bytes that open it.
        var opening: StaticString {
            switch self {
            case .comment: "<!--"
            case .cdata: "<![CDATA["
            case .instruction: "<?"
            case .doctype: "<!DOCTYPE"
            }
        }
    }

    /// Most bytes of one tag; libxml2 takes time quadratic in the attributes of a tag.
    static let maxTagBytes = 64 << 10
    /// Most attributes of one tag, for the same reason. Real events have fewer than twenty.
    static let maxAttributes = 128

    private enum Phase {
        case text
        case tag
        case section(Section)
    }

    /// The next byte to look at.
    private(set) var at = 0
    /// Where the token that was told last, or that is being read, begins.
    private(set) var tokenStart = 0
    private var phase = Phase.text
    private var quote: UInt8 = 0
    private var attributes = 0
    /// What is known of the ends of comments, CDATA sections and instructions, in this order.
    var terminators = [Terminator](repeating: Terminator(), count: 3)
    /// How far a document type declaration was read.
    var doctype = DoctypeScan(at: 0)
    /// Where the search for the end of one was given up; up to there no other is searched.
    private var doctypeBarrier = 0

    /// Where the bytes begin that may be looked at again; those before are done with.
    var unfinished: Int {
        if case .text = phase { at } else { tokenStart }
    }

    /// Goes on at `offset`, in text.
    mutating func rewind(to offset: Int) {
        at = offset
        tokenStart = offset
        phase = .text
    }

    /// Forgets the first `count` bytes of the buffer; offsets count from behind them.
    mutating func consume(_ count: Int) {
        at -= count
        tokenStart -= count
        for i in terminators.indices { terminators[i].consume(count) }
        doctype.consume(count)
        doctypeBarrier = max(doctypeBarrier - count, 0)
    }

    /// The next token of `bytes`, or nil when more bytes are needed.
    ///
    /// - Parameters:
    ///   - limit: Where sections are given up, and text is cut in an event.
    ///   - inEvent: Whether the bytes belong to an event, in which a document type declaration is
    ///     told as a `declaration` at once; else it is read to its end as one token.
    mutating func next(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, limit: Int, inEvent: Bool
    ) -> Token? {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        switch phase {
        case .text:
            guard at < bytes.count else { return nil }
            tokenStart = at
            if base[at] == UInt8(ascii: "<") {
                return markup(base, bytes.count, atEnd, limit, inEvent)
            }
            let end = inEvent ? min(bytes.count, max(limit, at + 1)) : bytes.count
            if let found = memchr(base + at, Int32(UInt8(ascii: "<")), end - at) {
                at += UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - (base + at)
            } else {
                at = end
            }
            return .text
        case .tag:
            return tag(base, bytes.count, atEnd)
        case .section(let section):
            return self.section(section, base, bytes.count, atEnd, limit)
        }
    }

    /// At a `<`: tells by the next bytes what it opens.
    private mutating func markup(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ atEnd: Bool, _ limit: Int, _ inEvent: Bool
    ) -> Token? {
        guard at + 1 < count else { return atEnd ? plainLessThan() : nil }
        let next = base[at + 1]
        if XMLBytes.startsName(next) {
            return beginTag(base, count, atEnd, from: at + 1)
        }
        switch next {
        case UInt8(ascii: "/"):
            guard at + 2 < count else { return atEnd ? plainLessThan() : nil }
            guard XMLBytes.startsName(base[at + 2]) else { return plainLessThan() }
            return beginTag(base, count, atEnd, from: at + 2)
        case UInt8(ascii: "?"):
            return beginSection(.instruction, base, count, atEnd, limit)
        case UInt8(ascii: "!"):
            for section in [Section.comment, .cdata, .doctype] {
                switch opens(section, base, count) {
                case .no: continue
                case .undecided:
                    if !atEnd { return nil }
                case .yes:
                    if section != .doctype || (!inEvent && at >= doctypeBarrier) {
                        return beginSection(section, base, count, atEnd, limit)
                    }
                }
            }
            at += 2
            return .declaration
        default:
            return plainLessThan()
        }
    }

    private mutating func plainLessThan() -> Token {
        at += 1
        return .text
    }

    /// Whether the bytes at `at` are a section's opening.
    private func opens(_ section: Section, _ base: UnsafePointer<UInt8>, _ count: Int) -> Match {
        let opening = section.opening
        let length = opening.utf8CodeUnitCount
        let here = min(length, count - at)
        for i in 0..<here {
            // `<!doctype` is none, but HTML writes it, and it must not get further than the other.
            let byte = base[at + i]
            let upper = byte &- 97 < 26 ? byte - 32 : byte
            if upper != opening.utf8Start[i] { return .no }
        }
        return here == length ? .yes : .undecided
    }

    private enum Match {
        case yes, no, undecided
    }

    private mutating func beginTag(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ atEnd: Bool, from: Int
    ) -> Token? {
        at = from
        quote = 0
        attributes = 0
        phase = .tag
        return tag(base, count, atEnd)
    }

    private mutating func tag(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ atEnd: Bool
    ) -> Token? {
        let cap = tokenStart + MarkupScanner.maxTagBytes
        let end = min(count, cap)
        var i = at
        var quote = self.quote
        scan: while i < end {
            let byte = base[i]
            // Letters, most of all.
            if byte > UInt8(ascii: ">") {
                i += 1
                continue
            }
            switch byte {
            case UInt8(ascii: ">") where quote == 0:
                at = i + 1
                phase = .text
                return finishedTag(base)
            case UInt8(ascii: "<"):
                at = i
                return broken(base, .lessThan)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if quote == 0 {
                    quote = byte
                } else if quote == byte {
                    quote = 0
                    attributes += 1
                    if attributes > MarkupScanner.maxAttributes {
                        at = i + 1
                        return broken(base, .tooManyAttributes)
                    }
                }
            default: break
            }
            i += 1
        }
        at = i
        self.quote = quote
        if i == cap { return broken(base, .tooLong) }
        return atEnd ? broken(base, .end) : nil
    }

    private mutating func broken(_ base: UnsafePointer<UInt8>, _ fault: TagFault) -> Token {
        phase = .text
        return .brokenTag(name(base), fault)
    }

    private func finishedTag(_ base: UnsafePointer<UInt8>) -> Token {
        if base[tokenStart + 1] == UInt8(ascii: "/") { return .endTag(name(base)) }
        return .startTag(name(base), empty: base[at - 2] == UInt8(ascii: "/"))
    }

    /// The name of the tag in `tokenStart ..< at`.
    private func name(_ base: UnsafePointer<UInt8>) -> Name {
        var start = tokenStart + (base[tokenStart + 1] == UInt8(ascii: "/") ? 2 : 1)
        var i = start
        while i < at {
            let byte = base[i]
            if byte == UInt8(ascii: ":") {
                start = i + 1
            } else if XMLBytes.endsName(byte) {
                break
            }
            i += 1
        }
        let length = i - start
        guard length == 5 || length == 6 else { return .other }
        func equals(_ text: StaticString) -> Bool {
            text.utf8CodeUnitCount == length && memcmp(text.utf8Start, base + start, length) == 0
        }
        switch base[start] {
        case UInt8(ascii: "E"):
            return equals("Event") ? .event : equals("Events") ? .events : .other
        case UInt8(ascii: "S"): return equals("System") ? .system : .other
        default: return .other
        }
    }

    private mutating func beginSection(
        _ section: Section, _ base: UnsafePointer<UInt8>, _ count: Int, _ atEnd: Bool, _ limit: Int
    ) -> Token? {
        at = tokenStart + section.opening.utf8CodeUnitCount
        phase = .section(section)
        if section == .doctype { doctype = DoctypeScan(at: at) }
        return self.section(section, base, count, atEnd, limit)
    }

    private mutating func section(
        _ section: Section, _ base: UnsafePointer<UInt8>, _ count: Int, _ atEnd: Bool, _ limit: Int
    ) -> Token? {
        let content = tokenStart + section.opening.utf8CodeUnitCount
        let end = min(count, max(limit, content))
        if section == .doctype {
            if let close = doctype.end(base, before: end) { return finished(close, .doctype) }
        } else if let close = terminator(of: section, base, from: content, to: end) {
            if swallowsEvents(section, base, content, close) {
                return givenUp(section, content, tooLong: false)
            }
            switch section {
            case .comment: return finished(close, .comment)
            case .cdata: return finished(close, .cdata)
            default: return finished(close, .instruction)
            }
        }
        if count >= limit { return givenUp(section, content, tooLong: true) }
        return atEnd ? givenUp(section, content, tooLong: false) : nil
    }

    private mutating func finished(_ end: Int, _ token: Token) -> Token {
        at = end
        phase = .text
        return token
    }

    private mutating func givenUp(_ section: Section, _ content: Int, tooLong: Bool) -> Token {
        if section == .doctype { doctypeBarrier = doctype.at }
        at = content
        phase = .text
        return .unterminated(section, tooLong: tooLong)
    }
}
