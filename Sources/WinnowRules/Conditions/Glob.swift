import Glibc
import WinnowKit

/// A text with wildcards: `*` any characters, `?` any one.
struct Glob: Sendable, Equatable {
    /// One character of a part: itself, or any.
    enum Unit: Sendable, Equatable {
        case byte(UInt8)
        case any
    }

    /// What stands between the asterisks, in order; empty parts only at the ends.
    let parts: [[Unit]]
    /// Letters of ASCII match without regard to case; `parts` are in lower case then.
    let isCased: Bool

    init(_ units: [WildcardUnit], isCased: Bool) {
        var parts: [[Unit]] = [[]]
        for unit in units {
            switch unit {
            case .byte(let byte):
                parts[parts.count - 1].append(.byte(isCased ? byte : byte.asciiLowercased))
            case .anyOne: parts[parts.count - 1].append(.any)
            case .anyRun: parts.append([])
            }
        }
        self.parts = parts.enumerated().filter { index, part in
            !part.isEmpty || index == 0 || index == parts.count - 1
        }.map(\.element)
        self.isCased = isCased
    }

    /// The runs of plain bytes, each of which every match holds; in lower case unless cased.
    var runs: [[UInt8]] {
        var runs: [[UInt8]] = []
        for part in parts {
            var run: [UInt8] = []
            for unit in part {
                if case .byte(let byte) = unit {
                    run.append(byte)
                } else {
                    runs.append(run)
                    run = []
                }
            }
            runs.append(run)
        }
        return runs.filter { !$0.isEmpty }
    }

    /// True when the whole of `value` fits; folded to lower case before, unless the glob is cased.
    ///
    /// - Complexity: O(value × longest part): parts are taken leftmost, without going back.
    func matches(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = parts.first, let last = parts.last else { return value.isEmpty }
        guard let start = fit(first, value, at: 0) else { return false }
        if parts.count == 1 { return start == value.count }
        var at = start
        for part in parts.dropFirst().dropLast() {
            guard let end = find(part, value, from: at) else { return false }
            at = end
        }
        return ends(with: last, value, notBefore: at)
    }

    /// Where `part` ends if it fits at `at`.
    private func fit(_ part: [Unit], _ value: UnsafeRawBufferPointer, at: Int) -> Int? {
        var at = at
        for unit in part {
            guard at < value.count else { return nil }
            switch unit {
            case .byte(let byte):
                guard value[at] == byte else { return nil }
                at += 1
            case .any: at += max(1, UTF8Text.validLength(value, at: at))
            }
        }
        return at
    }

    private func find(_ part: [Unit], _ value: UnsafeRawBufferPointer, from: Int) -> Int? {
        var at = from
        while at <= value.count {
            if let end = fit(part, value, at: at) { return end }
            // A `?` must not begin inside a character.
            at += at < value.count ? max(1, UTF8Text.validLength(value, at: at)) : 1
        }
        return nil
    }

    /// True when `part` fits so that it ends with the value; its characters may have several bytes,
    /// so it is tried from where it would begin at the latest.
    private func ends(with part: [Unit], _ value: UnsafeRawBufferPointer, notBefore: Int) -> Bool {
        var at = value.count
        for unit in part.reversed() {
            guard at > notBefore else { return false }
            at -= 1
            switch unit {
            case .byte(let byte): if value[at] != byte { return false }
            case .any:
                var start = at
                while start > notBefore, at - start < 3, value[start] & 0xC0 == 0x80 { start -= 1 }
                if UTF8Text.validLength(value, at: start) == at - start + 1 { at = start }
            }
        }
        return true
    }
}

/// A character of a rule's value, with its wildcards told apart from escaped ones.
enum WildcardUnit: Sendable, Equatable {
    case byte(UInt8)
    case anyOne
    case anyRun

    /// Reads a value: `\*`, `\?` and `\\` are the characters, a backslash before anything else is
    /// itself.
    ///
    /// Source: Sigma specification 2.1, "Escaping".
    static func parse(_ text: String) -> [WildcardUnit] {
        var units: [WildcardUnit] = []
        var isEscaped = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "\\"):
                if isEscaped {
                    units.append(.byte(byte))
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else {
                    units.append(byte == UInt8(ascii: "*") ? .anyRun : .anyOne)
                }
            default:
                if isEscaped { units.append(.byte(UInt8(ascii: "\\"))) }
                isEscaped = false
                units.append(.byte(byte))
            }
        }
        if isEscaped { units.append(.byte(UInt8(ascii: "\\"))) }
        return units
    }
}
