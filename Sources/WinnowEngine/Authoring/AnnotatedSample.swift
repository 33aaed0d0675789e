import WinnowKit

/// A log with remarks that say where rules must find something and where they must not:
/// `# want: ID` and `# ok: ID`, or `<!-- want: ID -->` between events.
///
/// A remark is about the lines that follow, up to the next one; remarks one after the other are about
/// the same lines. They are no part of the log.
public struct AnnotatedSample: Sendable {
    /// What a remark asks.
    struct Remark: Sendable {
        /// False: none of the rules may find anything.
        var isWanted: Bool
        /// Ids of rules as they are written, perhaps with `*`.
        var ids: [String]
        /// 1-based line in the file.
        var line: Int
    }

    /// Lines with the same remarks.
    struct Region: Sendable {
        var remarks: [Remark] = []
        /// The text, with its line ends.
        var bytes: [UInt8] = []
    }

    /// What messages call the file.
    let name: String
    /// In their order; the first has no remarks and may be empty.
    private(set) var regions = [Region()]
    /// For each line of the log its 1-based line in the file, and its region.
    private(set) var lines: [(number: Int, region: Int)] = []

    /// Reads a file in UTF-8 or another encoding that has ASCII in it.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        var start = 0
        var number = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            number += 1
            let line = bytes[start..<end]
            start = end
            guard let remark = AnnotatedSample.remark(line, number) else {
                regions[regions.count - 1].bytes += line
                lines.append((number, regions.count - 1))
                continue
            }
            if !regions[regions.count - 1].bytes.isEmpty || regions.count == 1 {
                regions.append(Region())
            }
            regions[regions.count - 1].remarks.append(remark)
        }
    }

    /// The log without the remarks.
    var log: [UInt8] { regions.flatMap(\.bytes) }

    /// The remark that a line is, or nil.
    private static func remark(_ line: ArraySlice<UInt8>, _ number: Int) -> Remark? {
        // Longer lines are no remarks, and need not be looked at as text.
        guard line.count <= 4096 else { return nil }
        var rest = blanksDropped(Substring(String(decoding: line, as: UTF8.self)))
        guard let sign = ["#", "//", "<!--"].first(where: { rest.hasPrefix($0) }) else {
            return nil
        }
        rest = blanksDropped(rest.dropFirst(sign.count))
        let isWanted = rest.hasPrefix("want:")
        guard isWanted || rest.hasPrefix("ok:") else { return nil }
        rest = rest.drop { $0 != ":" }.dropFirst()
        if let close = rest.range(of: "-->") { rest = rest[..<close] }
        let ids = rest.split { $0 == "," || $0.isWhitespace }.map(String.init)
        return Remark(isWanted: isWanted, ids: ids, line: number)
    }

    private static func blanksDropped(_ text: Substring) -> Substring {
        text.drop { $0 == " " || $0 == "\t" }
    }
}

extension Substring {
    /// Where `text` begins, or nil.
    fileprivate func range(of text: String) -> Substring.Index? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(text) { return at }
            at = index(after: at)
        }
        return nil
    }
}
