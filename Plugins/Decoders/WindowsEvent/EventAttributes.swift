import CLibXML2
import Glibc

/// The attributes of a start tag, as libxml2 hands them over; valid during the call.
struct EventAttributes {
    /// How many there are.
    let count: Int
    /// Five pointers each: local name, prefix, URI, begin and end of the value.
    let values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// The local name of an attribute.
    func name(_ index: Int) -> UnsafePointer<xmlChar>? { values?[index * 5] }

    /// Calls `body` with the value of an attribute.
    ///
    /// `&amp;` comes from libxml2 as `&#38;`: it leaves that to who builds a tree, unless it may
    /// replace entities, which it may not.
    func withValue(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let values, let begin = values[index * 5 + 3], let end = values[index * 5 + 4]
        else { return }
        let raw = UnsafeRawBufferPointer(start: begin, count: end - begin)
        guard raw.contains(UInt8(ascii: "&")) else { return body(raw) }
        let escape: StaticString = "&#38;"
        var out: [UInt8] = []
        var i = 0
        while i < raw.count {
            out.append(raw[i])
            let isEscape = raw[i...].starts(
                with: UnsafeBufferPointer(start: escape.utf8Start, count: escape.utf8CodeUnitCount))
            i += isEscape ? escape.utf8CodeUnitCount : 1
        }
        out.withUnsafeBytes(body)
    }

    /// Calls `body` with the value of the attribute that has a name, if there is one.
    func withValue(of wanted: StaticString, _ body: (UnsafeRawBufferPointer) -> Void) {
        for i in 0..<count {
            if let name = name(i), XMLName(name) == wanted { return withValue(i, body) }
        }
    }
}

/// A name of libxml2's, NUL-terminated.
struct XMLName {
    /// Its bytes, without the NUL.
    let bytes: UnsafeRawBufferPointer

    /// Takes a name, valid as long as the pointer is.
    init(_ pointer: UnsafePointer<xmlChar>) {
        bytes = UnsafeRawBufferPointer(start: pointer, count: Int(xmlStrlen(pointer)))
    }

    /// Whether the name is `text`.
    static func == (name: XMLName, text: StaticString) -> Bool {
        guard name.bytes.count == text.utf8CodeUnitCount, let base = name.bytes.baseAddress
        else { return false }
        return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
    }
}
