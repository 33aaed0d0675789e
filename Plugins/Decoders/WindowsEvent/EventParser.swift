import CLibXML2

/// Parses one event with libxml2 and tells an `EventBuilder` what it holds.
///
/// The options are the parser's own: no entity is replaced, no DTD, file or network is opened, none
/// of its limits is lifted, nothing is recovered. A document type declaration never gets here, the
/// framer sees to that; if one did, parsing stops.
final class EventParser {
    /// Why an event could not be parsed: libxml2's code of the first fatal error.
    struct Failure: Error {
        let code: Int32
    }

    /// What the parser reports to; at one place in memory, which its callbacks are given.
    let builder: UnsafeMutablePointer<EventBuilder>
    private var context: xmlParserCtxtPtr?
    /// Bytes parsed with this context.
    private var spent = 0

    /// A context keeps the names it has met, up to a limit of libxml2's; a new one is made before
    /// that could be reached, or one event's names would decide about another's.
    private static let maxBytesPerContext = 4 << 20
    /// Larger events have a context of their own, for the same reason.
    private static let maxSharedEventBytes = 64 << 10

    /// libxml2's globals, set up once a process.
    private static let isReady: Bool = {
        xmlInitParser()
        xmlSetExternalEntityLoader { _, _, _ in nil }
        return true
    }()

    /// Makes a parser with a builder of its own.
    init() {
        builder = .allocate(capacity: 1)
        builder.initialize(to: EventBuilder())
    }

    deinit {
        release()
        builder.deinitialize(count: 1)
        builder.deallocate()
    }

    private func release() {
        if let context { xmlFreeParserCtxt(context) }
        context = nil
        spent = 0
    }

    /// Parses the element that is `bytes` as a whole.
    func parse(_ bytes: [UInt8]) throws(Failure) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(Failure) in try parse(bytes) }
        }
        try result.get()
    }

    /// Parses the element that is `bytes` as a whole.
    func parse(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard EventParser.isReady, let base = bytes.baseAddress,
            let size = Int32(exactly: bytes.count)
        else { throw Failure(code: Int32(XML_ERR_NO_MEMORY.rawValue)) }
        let text = base.assumingMemoryBound(to: CChar.self)
        let isParsed =
            bytes.count > EventParser.maxSharedEventBytes
            ? parseAlone(text, size) : parseShared(text, size)
        guard isParsed else { throw Failure(code: Int32(XML_ERR_NO_MEMORY.rawValue)) }
        if builder.pointee.errorCode != 0 { throw Failure(code: builder.pointee.errorCode) }
    }

    /// Pushing is the faster way for small events: pulling asks for more bytes near the end of its
    /// input, and a small event is all end.
    private func parseShared(_ text: UnsafePointer<CChar>, _ size: Int32) -> Bool {
        if spent > EventParser.maxBytesPerContext { release() }
        if context == nil { context = prepared(xmlCreatePushParserCtxt(nil, nil, nil, 0, nil)) }
        guard let context, xmlCtxtResetPush(context, nil, 0, nil, nil) == 0 else { return false }
        xmlCtxtUseOptions(context, EventParser.options)
        spent += Int(size)
        builder.pointee.begin(context)
        xmlParseChunk(context, text, size, 1)
        return true
    }

    /// Newer versions of libxml2 take no more than 10 MB at a push, and all of them go on after an
    /// error, which a large event may have millions of; so the parser asks for bytes, and gets none
    /// any more when it has failed.
    private func parseAlone(_ text: UnsafePointer<CChar>, _ size: Int32) -> Bool {
        guard let context = prepared(xmlNewParserCtxt()) else { return false }
        defer { xmlFreeParserCtxt(context) }
        builder.pointee.begin(context)
        var supply = Supply(next: text, left: Int(size), builder: builder)
        withUnsafeMutablePointer(to: &supply) { supply in
            // No encoding is named: UTF-8 is the default, and naming it would have the bytes
            // converted to themselves. No document comes back: no handler builds one.
            let document = xmlCtxtReadIO(
                context, { target, buffer, count in Supply.give(target, buffer, count) }, nil,
                supply, nil, nil, EventParser.options)
            if let document { xmlFreeDoc(document) }
        }
        return true
    }

    /// Bytes for a parser that asks for them.
    private struct Supply {
        var next: UnsafePointer<CChar>
        var left: Int
        let builder: UnsafeMutablePointer<EventBuilder>

        /// Copies at most `count` bytes to `buffer`; 0 is the end.
        static func give(
            _ target: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?,
            _ count: Int32
        ) -> Int32 {
            guard let supply = target?.assumingMemoryBound(to: Supply.self), let buffer,
                supply.pointee.builder.pointee.errorCode == 0
            else { return 0 }
            let size = min(supply.pointee.left, Int(max(count, 0)))
            buffer.update(from: supply.pointee.next, count: size)
            supply.pointee.next += size
            supply.pointee.left -= size
            return Int32(size)
        }
    }

    private static let options = Int32(XML_PARSE_NONET.rawValue)

    /// A context that calls the builder.
    private func prepared(_ context: xmlParserCtxtPtr?) -> xmlParserCtxtPtr? {
        guard let context else { return nil }
        guard let sax = context.pointee.sax else {
            xmlFreeParserCtxt(context)
            return nil
        }
        sax.pointee = EventParser.handlers
        context.pointee.userData = UnsafeMutableRawPointer(builder)
        return context
    }

    private static var handlers: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        sax.startElementNs = { target, name, _, _, namespaces, _, count, _, attributes in
            guard let target, let name else { return }
            eventBuilder(of: target).pointee.start(
                XMLName(name), EventAttributes(count: Int(count), values: attributes),
                namespaces: Int(namespaces))
        }
        sax.endElementNs = { target, _, _, _ in
            guard let target else { return }
            eventBuilder(of: target).pointee.end()
        }
        sax.characters = { target, text, length in
            guard let target, let text else { return }
            eventBuilder(of: target).pointee.characters(
                UnsafeRawBufferPointer(start: text, count: Int(max(length, 0))))
        }
        sax.ignorableWhitespace = sax.characters
        sax.cdataBlock = sax.characters
        sax.internalSubset = { target, _, _, _ in
            guard let target else { return }
            eventBuilder(of: target).pointee.stop(Int32(XML_ERR_DOCTYPE_NOT_FINISHED.rawValue))
        }
        sax.serror = { target, error in
            guard let target, let error, error.pointee.level == XML_ERR_FATAL else { return }
            eventBuilder(of: target).pointee.fail(error.pointee.code)
        }
        return sax
    }

    /// What is wrong with an event, as a clause without any byte of it.
    static func reason(_ failure: Failure) -> String {
        switch UInt32(bitPattern: failure.code) {
        case XML_ERR_TAG_NAME_MISMATCH.rawValue: "an end tag that does not fit its start tag"
        case XML_ERR_TAG_NOT_FINISHED.rawValue: "an element without its end tag"
        case XML_ERR_ATTRIBUTE_REDEFINED.rawValue: "an attribute that stands twice in a tag"
        case XML_ERR_ATTRIBUTE_NOT_STARTED.rawValue: "an attribute value without quotes"
        case XML_ERR_ATTRIBUTE_NOT_FINISHED.rawValue: "an attribute value without its end"
        case XML_ERR_ATTRIBUTE_WITHOUT_VALUE.rawValue: "an attribute without a value"
        case XML_ERR_SPACE_REQUIRED.rawValue: "attributes without a blank between them"
        case XML_ERR_NAME_REQUIRED.rawValue, XML_ERR_GT_REQUIRED.rawValue: "a malformed tag"
        case XML_ERR_LT_IN_ATTRIBUTE.rawValue: "a `<` in an attribute value"
        case XML_ERR_ENTITYREF_NO_NAME.rawValue, XML_ERR_ENTITYREF_SEMICOL_MISSING.rawValue:
            "a bare `&`"
        case XML_ERR_UNDECLARED_ENTITY.rawValue, XML_WAR_UNDECLARED_ENTITY.rawValue:
            "an entity that is not defined"
        case XML_ERR_INVALID_CHAR.rawValue, XML_ERR_INVALID_CHARREF.rawValue:
            "a character that XML forbids"
        case XML_ERR_MISPLACED_CDATA_END.rawValue: "`]]>` outside of a CDATA section"
        case XML_ERR_HYPHEN_IN_COMMENT.rawValue: "`--` in a comment"
        case XML_ERR_CDATA_NOT_FINISHED.rawValue: "a CDATA section of more than 10 MB"
        case XML_ERR_COMMENT_NOT_FINISHED.rawValue: "a comment of more than 10 MB"
        case XML_ERR_RESERVED_XML_NAME.rawValue: "an XML declaration inside an event"
        case XML_ERR_DOCUMENT_END.rawValue: "something behind the end of the event"
        case UInt32(bitPattern: EventBuilder.tooManyAttributes):
            "an event of more than 131072 attributes or 256 namespaces"
        default: "XML that is not well formed (libxml2 error \(failure.code))"
        }
    }
}

/// The builder that a parser was given as its user data.
@inline(__always)
private func eventBuilder(of target: UnsafeMutableRawPointer) -> UnsafeMutablePointer<EventBuilder>
{
    target.assumingMemoryBound(to: EventBuilder.self)
}
