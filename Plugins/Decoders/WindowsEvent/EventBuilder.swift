import CLibXML2
import WinnowKit

/// Turns the elements of one event into fields, as the parser comes to them.
///
/// It goes by the names and places of elements and not by their namespace: exporters leave that out,
/// put it on the root or give it a prefix, and who rewrites events may have changed it. An event is
/// what has a System.
///
/// A value behind a pointer and not an object: the parser calls back for every element, attribute
/// and piece of text, and counting references and checking accesses took a quarter of the time.
///
/// - Source: Microsoft's event schema, `eventschema-*` of the Win32 documentation.
struct EventBuilder {
    /// The children of an event.
    enum Part {
        case system, eventData, tree(StaticString), processingError, rendering, other
    }

    /// What becomes of an element's text at its end.
    enum Leaf {
        case none, data, binary, code, level, computer, keyword
        case number(FieldName)
        /// White space around it is not part of it, and an empty one is absent.
        case word(FieldName)
        case text(FieldName)
    }

    /// An open element of UserData.
    struct Branch {
        /// The length of the path without it.
        var pathLength: Int
        /// Where its text begins in `text`.
        var textStart: Int
        var hasChildren = false
    }

    /// Most attributes of an event. The parser compares those of a tag with each other.
    private static let maxAttributes = 1 << 17
    /// Most namespace declarations of an event. The parser looks through them for every element.
    private static let maxNamespaces = 256
    /// The error code of an event that has more of them; no code of libxml2's.
    static let tooManyAttributes: Int32 = -2

    /// The fields so far; the caller swaps its table in and out.
    var fields = FieldTable()
    /// libxml2's code of the first fatal error, or 0.
    private(set) var errorCode: Int32 = 0
    /// Whether there was a System, without which nothing is an event.
    private(set) var hasSystem = false
    /// What was not as it should be, though the event is good.
    var flaw: String?
    /// What tells whose service the event speaks of.
    var origin = EventOrigin()

    private var context: xmlParserCtxtPtr?
    private var depth = 0
    private var attributeCount = 0
    private var namespaceCount = 0
    private var part = Part.other
    private var leaf = Leaf.none
    /// The depth of the element that `leaf` is about.
    private var leafDepth = 0
    /// The text of the leaf, or of all open branches one after the other.
    var text: [UInt8] = []
    /// The Name of the Data element that is open, empty for none.
    var dataName: [UInt8] = []
    /// How many Data elements without a Name there were.
    var unnamed = 0
    /// The elements of System that were met, a bit each: a second one of a kind is not Windows'.
    var met: UInt32 = 0
    /// The names of the open branches below the first one, joined by points.
    var path: [UInt8] = []
    /// The name of the first open branch.
    var rootName: [UInt8] = []
    var branches: [Branch] = []

    // MARK: What the parser calls

    /// A new event begins.
    mutating func begin(_ context: xmlParserCtxtPtr) {
        self.context = context
        fields.removeAll()
        errorCode = 0
        hasSystem = false
        flaw = nil
        origin = EventOrigin()
        depth = 0
        attributeCount = 0
        namespaceCount = 0
        part = .other
        leaf = .none
        // One huge event must not pin its size.
        text.removeAll(keepingCapacity: text.capacity <= 1 << 20)
        unnamed = 0
        met = 0
        branches.removeAll(keepingCapacity: true)
    }

    /// A fatal error; the first one is what is wrong.
    mutating func fail(_ code: Int32) {
        if errorCode == 0 { errorCode = code == 0 ? -1 : code }
    }

    /// Gives up with an error.
    mutating func stop(_ code: Int32) {
        fail(code)
        if let context { xmlStopParser(context) }
    }

    /// An element begins, with that many namespace declarations.
    mutating func start(_ name: XMLName, _ attributes: EventAttributes, namespaces: Int) {
        attributeCount += attributes.count
        namespaceCount += namespaces
        if attributeCount > EventBuilder.maxAttributes
            || namespaceCount > EventBuilder.maxNamespaces
        {
            return stop(EventBuilder.tooManyAttributes)
        }
        switch depth {
        case 0: break
        case 1: startPart(name, attributes)
        case 2: startChild(name, attributes)
        default:
            switch part {
            case .tree(let prefix): startBranch(name, attributes, prefix)
            case .rendering: if depth == 3, name == "Keyword" { expect(.keyword) }
            default: break
            }
        }
        depth += 1
    }

    /// An element ends.
    mutating func end() {
        depth -= 1
        if case .tree(let prefix) = part, depth >= 2 { endBranch(prefix) }
        if case .none = leaf {
        } else if depth == leafDepth {
            endLeaf(leaf)
            leaf = .none
        }
        if depth == 1 { part = .other }
    }

    /// Text, in pieces; line ends are LF and references replaced.
    mutating func characters(_ piece: UnsafeRawBufferPointer) {
        if case .none = leaf, branches.isEmpty { return }
        text.append(contentsOf: piece)
    }

    /// The text from here to the end of the current element is a leaf's.
    private mutating func expect(_ leaf: Leaf) {
        self.leaf = leaf
        leafDepth = depth
        text.removeAll(keepingCapacity: true)
    }

    private mutating func startPart(_ name: XMLName, _ attributes: EventAttributes) {
        part = .other
        if name == "System" {
            if hasSystem {
                flaw = flaw ?? "a second System element, not read"
            } else {
                hasSystem = true
                part = .system
            }
        } else if name == "EventData" {
            part = .eventData
            attributes.withValue(of: "Name") { add(.winlogEventDataName, $0) }
        } else if name == "UserData" {
            part = .tree("winlog.user_data.")
        } else if name == "DebugData" {
            part = .tree("winlog.debug_data.")
        } else if name == "ProcessingErrorData" {
            part = .processingError
        } else if name == "RenderingInfo" {
            part = .rendering
            attributes.withValue(of: "Culture") { addWord(.renderingCulture, $0) }
        } else if name == "BinaryEventData" {
            expect(.binary)
        }
    }

    private mutating func startChild(_ name: XMLName, _ attributes: EventAttributes) {
        switch part {
        case .system: expect(startSystem(name, attributes))
        case .eventData: expect(startData(name, attributes))
        case .tree(let prefix): startTree(name, attributes, prefix)
        case .processingError: expect(EventBuilder.processingErrorLeaf(name))
        case .rendering: expect(EventBuilder.renderingLeaf(name))
        case .other: break
        }
    }

    // MARK: Adding fields

    /// Most bytes of names and values: deep paths make much of little XML.
    private static let maxFieldBytes = 48 << 20

    /// Whether another field fits; a flaw when not.
    mutating func hasRoom() -> Bool {
        if fields.arena.count < EventBuilder.maxFieldBytes { return true }
        flaw = flaw ?? "more fields than fit into 48 MiB"
        return false
    }

    /// Adds text as it is.
    mutating func add(_ name: FieldName, _ value: UnsafeRawBufferPointer) {
        if hasRoom() { fields.add(name, value) }
    }

    /// Adds text without the white space around it, if there is any.
    mutating func addWord(_ name: FieldName, _ value: UnsafeRawBufferPointer) {
        let word = XMLBytes.trimmed(value)
        if !word.isEmpty { add(name, word) }
    }

    /// Adds a number, or as text what is none: signs, hexadecimal digits, more than 64 bits.
    mutating func addNumber(_ name: FieldName, _ value: UnsafeRawBufferPointer) {
        let word = XMLBytes.trimmed(value)
        guard EventBuilder.number(word) != nil else { return addWord(name, word) }
        // JSON has no leading zeros.
        let zeros = word.dropLast().prefix { $0 == UInt8(ascii: "0") }.count
        if hasRoom() {
            fields.add(
                name, UnsafeRawBufferPointer(rebasing: word.dropFirst(zeros)), type: .number)
        }
    }

    /// The unsigned number that `word` is, or nil.
    static func number(_ word: UnsafeRawBufferPointer) -> UInt64? {
        guard !word.isEmpty else { return nil }
        var number: UInt64 = 0
        for byte in word {
            guard byte &- 48 < 10 else { return nil }
            let (tens, high) = number.multipliedReportingOverflow(by: 10)
            let (next, low) = tens.addingReportingOverflow(UInt64(byte &- 48))
            if high || low { return nil }
            number = next
        }
        return number
    }
}
