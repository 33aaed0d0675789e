import Glibc

/// How the bytes of an input are encoded, as a person names it.
public struct StoredEncoding: Sendable, Equatable {
    enum Form: Sendable, Equatable {
        case utf8
        case utf16(bigEndian: Bool)
        /// Anything that iconv knows.
        case other(iconvName: String)
    }

    /// The word for the manifest, in lower case: `utf-8`, `utf-16le`, `gbk`.
    public let name: String
    let form: Form

    /// Takes a name as people, Windows (`cp936`, `936`) and iconv have it, upper or lower case.
    ///
    /// GBK, CP936 and GB2312 are read as their superset GB18030, ISO 8859-1 as Windows-1252, and
    /// Shift JIS and EUC-KR as the code pages that Windows means by them.
    ///
    /// - Returns: nil when neither we nor iconv know it.
    public init?(name: String) {
        var key = name.lowercased()
        key = String(key.map { $0 == "_" || $0 == " " ? "-" : $0 })
        if !key.isEmpty, key.allSatisfy({ $0.isASCII && $0.isNumber }) { key = "cp" + key }
        switch key {
        case "utf-8", "utf8", "cp65001":
            self.init("utf-8", .utf8)
        case "utf-16", "utf16", "utf-16le", "utf16le", "ucs-2", "ucs-2le", "unicode", "cp1200":
            self.init("utf-16le", .utf16(bigEndian: false))
        case "utf-16be", "utf16be", "ucs-2be", "cp1201":
            self.init("utf-16be", .utf16(bigEndian: true))
        case "gbk", "cp936", "ms936", "windows-936", "gb2312", "gb-2312", "euc-cn":
            self.init("gbk", .other(iconvName: "GB18030"))
        case "gb18030", "cp54936":
            self.init("gb18030", .other(iconvName: "GB18030"))
        case "windows-1252", "cp1252", "latin1", "latin-1", "iso-8859-1", "iso8859-1", "l1":
            self.init("windows-1252", .other(iconvName: "CP1252"))
        case "shift-jis", "sjis", "cp932", "ms932", "windows-31j":
            self.init("shift_jis", .other(iconvName: "CP932"))
        case "euc-kr", "cp949", "uhc", "ks-c-5601-1987":
            self.init("euc-kr", .other(iconvName: "CP949"))
        default:
            // A slash would ask iconv for transliteration, an empty name for the locale's encoding.
            guard !name.isEmpty, !name.contains("/"), !name.utf8.contains(0) else { return nil }
            let known = [name, key, key.uppercased()].first { IconvDescriptor($0) != nil }
            guard let known else { return nil }
            self.init(key, .other(iconvName: known))
        }
    }

    private init(_ name: String, _ form: Form) {
        self.name = name
        self.form = form
    }
}

/// An open conversion to UTF-8.
final class IconvDescriptor {
    private let descriptor: iconv_t

    /// Opens a conversion; nil when iconv does not know the encoding or its module is not
    /// installed.
    init?(_ encoding: String) {
        guard let opened = iconv_open("UTF-8", encoding), Int(bitPattern: opened) != -1 else {
            return nil
        }
        descriptor = opened
    }

    deinit { iconv_close(descriptor) }

    /// What came of a call.
    enum Outcome {
        /// All bytes were taken.
        case complete
        /// The bytes are the beginning of a character or an escape sequence.
        case incomplete
        /// They are none.
        case invalid
    }

    /// Forgets shift states and characters that were held back.
    func reset() { _ = iconv(descriptor, nil, nil, nil, nil) }

    /// Converts bytes.
    ///
    /// - Returns: What came of it, how many bytes were taken, and how many were written.
    func convert(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> (outcome: Outcome, taken: Int, written: Int) {
        var from = UnsafeMutablePointer(
            mutating: source.baseAddress?.assumingMemoryBound(to: CChar.self))
        var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var left = source.count
        var room = target.count
        let result = iconv(descriptor, &from, &left, &to, &room)
        let outcome: Outcome =
            result != -1 ? .complete : errno == EINVAL ? .incomplete : .invalid
        return (outcome, source.count - left, target.count - room)
    }

    /// Writes what was held back.
    func finish(into target: UnsafeMutableRawBufferPointer) -> Int {
        var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var room = target.count
        _ = iconv(descriptor, nil, nil, &to, &room)
        return target.count - room
    }
}
