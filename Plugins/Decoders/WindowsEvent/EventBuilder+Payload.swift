import WinnowKit

/// The payload: EventData, UserData and its like.
extension EventBuilder {
    // MARK: EventData

    /// Takes an element of EventData, which is Data, ComplexData or Binary; tools of other makers
    /// write their own names there, which then are the fields' names.
    mutating func startData(_ name: XMLName, _ attributes: EventAttributes) -> Leaf {
        if name == "Binary" { return .binary }
        dataName.removeAll(keepingCapacity: true)
        if name == "Data" || name == "ComplexData" {
            attributes.withValue(of: "Name") { dataName.append(contentsOf: $0) }
        } else if name == "data" {
            attributes.withValue(of: "name") { dataName.append(contentsOf: $0) }
        } else {
            dataName.append(contentsOf: name.bytes)
        }
        if dataName.isEmpty {
            unnamed += 1
            dataName.append(contentsOf: "param".utf8)
            dataName.append(contentsOf: String(unnamed).utf8)
        }
        return .data
    }

    /// Takes the text of a Data or Binary element.
    mutating func endData(_ leaf: Leaf, _ text: UnsafeRawBufferPointer) {
        if case .binary = leaf {
            let hex = XMLBytes.trimmed(text)
            guard !hex.isEmpty, hasRoom() else { return }
            origin.binary = fields.entries.count
            fields.add(.winlogBinary, hex)
        } else if hasRoom() {
            origin.take(data: fields.entries.count)
            dataName.withUnsafeBytes {
                fields.add(prefix: "winlog.event_data.", name: $0, XMLBytes.unwrapped(text))
            }
        }
    }

    // MARK: UserData

    /// Takes the element of UserData, whose children make the paths.
    mutating func startTree(_ name: XMLName, _ attributes: EventAttributes, _ prefix: StaticString)
    {
        if prefix.utf8CodeUnitCount == FieldName.userDataPrefix.utf8CodeUnitCount {
            add(.winlogUserDataName, name.bytes)
        }
        rootName.removeAll(keepingCapacity: true)
        rootName.append(contentsOf: name.bytes)
        path.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        branches.append(Branch(pathLength: 0, textStart: 0))
        addAttributes(attributes, prefix)
    }

    /// Takes an element below it.
    mutating func startBranch(
        _ name: XMLName, _ attributes: EventAttributes, _ prefix: StaticString
    ) {
        guard let parent = branches.last else { return }
        branches[branches.count - 1].hasChildren = true
        // White space before a child is the printer's, not the element's.
        if text[parent.textStart...].allSatisfy(XMLBytes.isSpace) {
            text.removeLast(text.count - parent.textStart)
        }
        branches.append(Branch(pathLength: path.count, textStart: text.count))
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        path.append(contentsOf: name.bytes)
        addAttributes(attributes, prefix)
    }

    private mutating func addAttributes(_ attributes: EventAttributes, _ prefix: StaticString) {
        let length = path.count
        for i in 0..<attributes.count {
            guard let name = attributes.name(i) else { continue }
            if length > 0 { path.append(UInt8(ascii: ".")) }
            path.append(UInt8(ascii: "@"))
            path.append(contentsOf: XMLName(name).bytes)
            guard hasRoom() else { return }
            attributes.withValue(i) { value in
                path.withUnsafeBytes { fields.add(prefix: prefix, name: $0, value) }
            }
            path.removeLast(path.count - length)
        }
    }

    /// The element ends: its text becomes a field, an empty one too, so that lists of repeated
    /// elements keep their places; not that around children, when it is white space.
    mutating func endBranch(_ prefix: StaticString) {
        guard let branch = branches.popLast() else { return }
        let isRoot = branches.isEmpty
        if hasRoom() {
            text.withUnsafeBytes { all in
                let own = XMLBytes.unwrapped(
                    UnsafeRawBufferPointer(rebasing: all[branch.textStart...]))
                if branch.hasChildren || isRoot, XMLBytes.trimmed(own).isEmpty { return }
                (isRoot ? rootName : path).withUnsafeBytes {
                    fields.add(prefix: prefix, name: $0, own)
                }
            }
        }
        text.removeLast(text.count - branch.textStart)
        path.removeLast(path.count - branch.pathLength)
    }
}

extension FieldName {
    /// What fields of UserData begin with.
    static let userDataPrefix: StaticString = "winlog.user_data."
}
