/// A field's name with its hash, made once.
///
/// Decoders declare theirs as `static let` in an extension, so that adding a field to a table costs
/// two copies and no hashing.
public struct FieldName: Sendable {
    /// The name as rules and `winnow decode` write it, in ASCII.
    public let text: StaticString
    /// FNV-1a of the name's bytes.
    public let hash: UInt32

    /// Makes a field name.
    public init(_ text: StaticString) {
        self.text = text
        self.hash = FieldName.hash(
            UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// FNV-1a, 32 bits, of a name's bytes; `seed` continues an earlier hash.
    @inline(__always)
    public static func hash(
        _ bytes: UnsafeRawBufferPointer, seed: UInt32 = 2_166_136_261
    ) -> UInt32 {
        var hash = seed
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash
    }
}

extension FieldName {
    /// The text of a record, as a person reads it.
    public static let message = FieldName("message")
    /// critical, error, warning, information, verbose, debug, trace: Windows' words for all.
    public static let logLevel = FieldName("log.level")
    /// The logger or component that a line names.
    public static let logLogger = FieldName("log.logger")
    /// The machine the record speaks of.
    public static let hostName = FieldName("host.name")
    /// `true` where the record has no time of its own and takes that of an earlier one.
    public static let eventTimeInherited = FieldName("event.time_inherited")
    /// The service the record speaks of.
    public static let serviceName = FieldName("service.name")
    /// The file name of the program the record speaks of.
    public static let processName = FieldName("process.name")
}

/// The fields of one decoded record: a scratch table that a worker reuses.
///
/// Names and values lie in one arena; entries are extents of it. A name that stands more than once
/// is a list, in order.
public struct FieldTable: Sendable {
    /// What a value's bytes are.
    public enum ValueType: UInt8, Sendable {
        /// UTF-8 text; may hold invalid bytes, which output replaces by U+FFFD.
        case text
        /// A JSON number, written out in digits.
        case number
        /// A whole JSON value (a list of objects, say), already well formed.
        case json
    }

    /// One name and value.
    public struct Entry: Sendable {
        /// FNV-1a of the name.
        public var hash: UInt32
        /// Where the name begins in the arena.
        public var nameStart: UInt32
        /// Where the value begins in the arena.
        public var valueStart: UInt32
        /// Bytes of the value.
        public var valueLength: UInt32
        /// Bytes of the name.
        public var nameLength: UInt16
        /// What the bytes are.
        public var type: ValueType
        /// True for an element of a list, even of a list of one.
        public var isListElement: Bool
    }

    /// The record's own time, or nil where it holds none.
    public var time: Timestamp?
    /// The record's kind where the bytes decided it (a line that is a gctrace), else nil.
    public var kind: UInt8?
    /// The entries in the order they were added.
    public private(set) var entries: [Entry] = []
    /// Names and values of all entries.
    public private(set) var arena: [UInt8] = []

    /// Makes an empty table.
    public init() {}

    /// Forgets all fields and the time; keeps the memory.
    public mutating func removeAll() {
        time = nil
        kind = nil
        entries.removeAll(keepingCapacity: true)
        // One huge record must not pin its size for the rest of the run.
        arena.removeAll(keepingCapacity: arena.capacity <= 4 << 20)
    }

    /// Adds a value under a name known at compile time.
    public mutating func add(
        _ name: FieldName, _ value: UnsafeRawBufferPointer, type: ValueType = .text,
        isListElement: Bool = false
    ) {
        let start = arena.count
        let length = name.text.utf8CodeUnitCount
        arena.append(contentsOf: UnsafeBufferPointer(start: name.text.utf8Start, count: length))
        put(name.hash, start, length, value, type, isListElement)
    }

    /// Adds a text value.
    public mutating func add(
        _ name: FieldName, _ value: String, type: ValueType = .text, isListElement: Bool = false
    ) {
        var copy = value
        copy.withUTF8 {
            add(name, UnsafeRawBufferPointer($0), type: type, isListElement: isListElement)
        }
    }

    /// Adds a text value from bytes.
    public mutating func add(
        _ name: FieldName, bytes: [UInt8], type: ValueType = .text, isListElement: Bool = false
    ) {
        bytes.withUnsafeBytes { add(name, $0, type: type, isListElement: isListElement) }
    }

    /// Adds a whole number.
    public mutating func add(_ name: FieldName, number: Int) {
        add(name, String(number), type: .number)
    }

    /// Adds a value under `prefix` followed by a name found in the data.
    ///
    /// Names longer than 1 KiB are cut: they come from hostile input only.
    public mutating func add(
        prefix: StaticString, name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        type: ValueType = .text
    ) {
        let start = arena.count
        let head = UnsafeRawBufferPointer(
            start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        let tail = UnsafeRawBufferPointer(rebasing: name.prefix(1024))
        arena.append(contentsOf: head)
        arena.append(contentsOf: tail)
        let hash = FieldName.hash(tail, seed: FieldName.hash(head))
        put(hash, start, head.count + tail.count, value, type, false)
    }

    private mutating func put(
        _ hash: UInt32, _ nameStart: Int, _ nameLength: Int, _ value: UnsafeRawBufferPointer,
        _ type: ValueType, _ isListElement: Bool
    ) {
        let valueStart = arena.count
        arena.append(contentsOf: value)
        entries.append(
            Entry(
                hash: hash, nameStart: UInt32(truncatingIfNeeded: nameStart),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueLength: UInt32(truncatingIfNeeded: value.count),
                nameLength: UInt16(truncatingIfNeeded: nameLength), type: type,
                isListElement: isListElement))
    }

    /// Calls `body` with the bytes of an entry's value.
    @inline(__always)
    public func withValue<R>(_ entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows
        -> R
    {
        try arena.withUnsafeBytes {
            let start = Int(entry.valueStart)
            return try body(
                UnsafeRawBufferPointer(rebasing: $0[start..<start + Int(entry.valueLength)]))
        }
    }

    /// Calls `body` with the bytes of an entry's name.
    @inline(__always)
    public func withName<R>(_ entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows
        -> R
    {
        try arena.withUnsafeBytes {
            let start = Int(entry.nameStart)
            return try body(
                UnsafeRawBufferPointer(rebasing: $0[start..<start + Int(entry.nameLength)]))
        }
    }

    /// The first value under `name` as text, invalid bytes replaced; nil where there is none.
    public func text(_ name: FieldName) -> String? {
        let wanted = UnsafeRawBufferPointer(
            start: name.text.utf8Start, count: name.text.utf8CodeUnitCount)
        for entry in entries where entry.hash == name.hash {
            if withName(entry, { $0.elementsEqual(wanted) }) {
                return withValue(entry) { String(decoding: $0, as: UTF8.self) }
            }
        }
        return nil
    }
}
