extension FieldTable {
    /// Appends all fields as one JSON object: the order of first appearance, repeated names as lists.
    public func appendJSON(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        let following = sameName()
        for (index, entry) in entries.enumerated() where following.isFirst[index] {
            JSONWriter.comma(to: &out)
            withName(entry) { JSONWriter.string($0, to: &out) }
            out.append(UInt8(ascii: ":"))
            if following.next[index] < 0 && !entry.isListElement {
                appendValue(entry, to: &out)
                continue
            }
            out.append(UInt8(ascii: "["))
            var at = index
            while at >= 0 {
                if at != index { out.append(UInt8(ascii: ",")) }
                appendValue(entries[at], to: &out)
                at = following.next[at]
            }
            out.append(UInt8(ascii: "]"))
        }
        out.append(UInt8(ascii: "}"))
    }

    private func appendValue(_ entry: Entry, to out: inout [UInt8]) {
        withValue(entry) {
            switch entry.type {
            case .text: JSONWriter.string($0, to: &out)
            case .number, .json: out.append(contentsOf: $0)
            }
        }
    }

    /// For every entry: whether it is the first of its name, and the next one of that name (-1: none).
    ///
    /// By a dictionary, since a hostile event holds tens of thousands of entries.
    private func sameName() -> (isFirst: [Bool], next: [Int]) {
        var isFirst = [Bool](repeating: true, count: entries.count)
        var next = [Int](repeating: -1, count: entries.count)
        var latest: [UInt32: Int] = [:]
        latest.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            if let earlier = latest[entry.hash], hasSameName(entries[earlier], entry) {
                isFirst[index] = false
                next[earlier] = index
            }
            latest[entry.hash] = index
        }
        return (isFirst, next)
    }

    /// True when two entries have the same name.
    private func hasSameName(_ a: Entry, _ b: Entry) -> Bool {
        a.nameLength == b.nameLength
            && withName(a) { x in withName(b) { y in x.elementsEqual(y) } }
    }
}
