/// Finds the end of a document type declaration, without reading what it declares.
struct DoctypeScan {
    /// The next byte to look at.
    private(set) var at: Int
    private var inSubset = false
    private var quote: UInt8 = 0
    /// Where the content of a comment inside the subset begins, or nil outside of one.
    private var comment: Int?

    /// Begins behind `<!DOCTYPE`.
    init(at: Int) { self.at = at }

    /// Offsets count from `count` bytes further on.
    mutating func consume(_ count: Int) {
        at -= count
        if let start = comment { comment = start - count }
    }

    /// Where it ends, behind its `>`, or nil when it does not before `end`.
    mutating func end(_ base: UnsafePointer<UInt8>, before end: Int) -> Int? {
        while at < end {
            let byte = base[at]
            at += 1
            if let start = comment {
                if byte == UInt8(ascii: ">"), at - 3 >= start, base[at - 2] == UInt8(ascii: "-"),
                    base[at - 3] == UInt8(ascii: "-")
                {
                    comment = nil
                }
                continue
            }
            if quote != 0 {
                if byte == quote { quote = 0 }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "["): inSubset = true
            case UInt8(ascii: "]"): inSubset = false
            case UInt8(ascii: "-"):
                // The four bytes all lie inside: `<!DOCTYPE` comes before.
                if base[at - 2] == UInt8(ascii: "-"), base[at - 3] == UInt8(ascii: "!"),
                    base[at - 4] == UInt8(ascii: "<")
                {
                    comment = at
                }
            case UInt8(ascii: ">"):
                if !inSubset { return at }
            default: break
            }
        }
        return nil
    }
}
