import Glibc

/// Looks for the start of a Windows event in bytes that are not known to be XML.
enum EventStart {
    /// What was found.
    enum Answer {
        case found, none
        /// The bytes end where the answer would be.
        case incomplete
    }

    /// Looks for `<Event …>` followed by `<System`, each with or without a prefix.
    ///
    /// - Complexity: O(*n*): no `<` is read past the next one but one.
    static func find(_ bytes: UnsafeRawBufferPointer) -> Answer {
        guard let base = bytes.baseAddress else { return .incomplete }
        var incomplete = false
        var i = 0
        while i < bytes.count, let hit = memchr(base + i, Int32(UInt8(ascii: "<")), bytes.count - i)
        {
            i = UnsafeRawPointer(hit) - base + 1
            switch at(bytes, i) {
            case .found: return .found
            case .incomplete: incomplete = true
            case .none: break
            }
        }
        return incomplete ? .incomplete : .none
    }

    /// Whether the bytes at `start`, behind a `<`, are such a start.
    static func at(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Answer {
        var i = start
        switch name("Event", bytes, &i) {
        case .found: break
        case let other: return other
        }
        while i < bytes.count, bytes[i] != UInt8(ascii: ">") {
            if bytes[i] == UInt8(ascii: "<") { return .none }
            i += 1
        }
        i += 1
        while i < bytes.count, XMLBytes.isSpace(bytes[i]) || bytes[i] == UInt8(ascii: "-") {
            i += 1
        }
        if i >= bytes.count { return .incomplete }
        guard bytes[i] == UInt8(ascii: "<") else { return .none }
        i += 1
        return name("System", bytes, &i)
    }

    /// Whether a name at `i`, prefix left out, is `wanted`; moves `i` behind it.
    private static func name(
        _ wanted: StaticString, _ bytes: UnsafeRawBufferPointer, _ i: inout Int
    ) -> Answer {
        var start = i
        while i < bytes.count, !XMLBytes.endsName(bytes[i]) {
            if bytes[i] == UInt8(ascii: ":") { start = i + 1 }
            i += 1
        }
        if i == bytes.count { return .incomplete }
        let length = wanted.utf8CodeUnitCount
        guard i - start == length, let base = bytes.baseAddress else { return .none }
        return memcmp(base + start, wanted.utf8Start, length) == 0 ? .found : .none
    }
}
