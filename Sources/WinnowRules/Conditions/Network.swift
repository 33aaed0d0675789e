/// A block of IP addresses, as `10.0.0.0/8` or `fe80::/10`.
struct Network: Sendable, Equatable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Reads a network; an address alone is the network of that address.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard var address = Network.written(Array(parts[0].utf8)) else { return nil }
        var bits = address.count * 8
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...bits).contains(length),
                String(length) == parts[1]
            else { return nil }
            bits = length
        }
        if bits >= 96, address.starts(with: Network.mapped) {
            address = Array(address.suffix(4))
            bits -= 96
        }
        self.prefix = address
        self.bits = bits
    }

    /// The network as a rule may write it, IPv6 without `::`.
    var text: String {
        if prefix.count == 4 {
            return prefix.map { String($0) }.joined(separator: ".") + "/\(bits)"
        }
        let groups = stride(from: 0, to: prefix.count, by: 2).map {
            String(UInt16(prefix[$0]) << 8 | UInt16(prefix[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "/\(bits)"
    }

    /// True when `value` is an address of the network.
    func contains(_ value: UnsafeRawBufferPointer) -> Bool {
        // The longest IPv6 address in text, with an IPv4 tail, has 45 characters.
        guard value.count <= 45, let address = Network.address(Array(value)),
            address.count == prefix.count
        else { return false }
        for i in 0..<bits / 8 where address[i] != prefix[i] { return false }
        guard bits % 8 != 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address[bits / 8] & mask == prefix[bits / 8] & mask
    }

    /// What stands before an IPv4 address that is mapped into IPv6.
    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// 4 or 16 bytes; an IPv4 address mapped into IPv6 counts as IPv4.
    private static func address(_ text: [UInt8]) -> [UInt8]? {
        guard let bytes = written(text) else { return nil }
        return bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    private static func written(_ text: [UInt8]) -> [UInt8]? {
        text.contains(UInt8(ascii: ":")) ? v6(text) : v4(text[...])
    }

    private static func v4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var out: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ $0 &- 48 < 10 }),
                let value = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            out.append(value)
        }
        return out
    }

    /// Source: RFC 4291, section 2.2 (text representation of addresses).
    private static func v6(_ text: [UInt8]) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            guard let all = groups(text[...]), all.count == 16 else { return nil }
            return all
        }
        guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...]),
            head.count + tail.count < 16
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups with colons between them; the last may be an IPv4 address.
    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var out: [UInt8] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (i, part) in parts.enumerated() {
            if i == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let four = v4(part) else { return nil }
                out += four
                continue
            }
            let isHex = part.allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 6 }
            guard (1...4).contains(part.count), isHex,
                let value = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            out += [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
        return out
    }
}
