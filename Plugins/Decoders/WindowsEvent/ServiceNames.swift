import WinnowKit

/// What tells whose service an event speaks of: its provider, its id, and where its data lie in the
/// field table.
struct EventOrigin {
    /// The providers whose events name a service.
    enum Provider {
        case serviceControlManager, nssm
        case applicationError, applicationHang, errorReporting
    }

    /// The provider, if it is one of them.
    private(set) var provider: Provider?
    /// The event id.
    var code: UInt64?
    /// The entry of Binary.
    var binary: Int?
    /// The entries of the first Data elements, in document order.
    private(set) var data: [Int] = []
    /// How many Data elements there were.
    private(set) var dataCount = 0

    /// Most Data elements that a service's name may be looked for in.
    private static let maxData = 8

    /// Takes the provider's name.
    mutating func take(provider name: UnsafeRawBufferPointer) {
        if XMLBytes.equalIgnoringCase(name, "Service Control Manager") {
            provider = .serviceControlManager
        } else if XMLBytes.equalIgnoringCase(name, "nssm") {
            provider = .nssm
        } else if XMLBytes.equalIgnoringCase(name, "Application Error") {
            provider = .applicationError
        } else if XMLBytes.equalIgnoringCase(name, "Application Hang") {
            provider = .applicationHang
        } else if XMLBytes.equalIgnoringCase(name, "Windows Error Reporting") {
            provider = .errorReporting
        }
    }

    /// Takes the entry of a Data element.
    mutating func take(data entry: Int) {
        dataCount += 1
        if provider != nil, data.count < EventOrigin.maxData { data.append(entry) }
    }

    /// The service that the event speaks of, as the event names it: by its key where it has that
    /// (Service Control Manager's Binary), else by what stands in the message.
    func serviceName(in fields: FieldTable) -> [UInt8]? {
        guard let provider, let code else { return nil }
        switch provider {
        case .serviceControlManager:
            guard let index = ServiceNames.inServiceControlManager(code) else { return nil }
            return key(in: fields) ?? value(index, in: fields)
        case .nssm:
            guard let place = ServiceNames.inNSSM(code) else { return nil }
            if dataCount == 1, place.of > 1 { return piece(place, in: fields) }
            return value(place.index, in: fields)
        case .applicationError, .applicationHang, .errorReporting: return nil
        }
    }

    /// The value of the Data element at a 1-based index.
    func value(_ index: Int, in fields: FieldTable) -> [UInt8]? {
        guard index >= 1, index <= data.count, data[index - 1] < fields.entries.count
        else { return nil }
        let value = fields.withValue(fields.entries[data[index - 1]]) {
            Array(XMLBytes.trimmed($0))
        }
        return value.isEmpty ? nil : value
    }

    /// EvtxECmd writes all data of a classic event into one element, joined by `, `.
    private func piece(_ place: (index: Int, of: Int), in fields: FieldTable) -> [UInt8]? {
        guard let all = value(1, in: fields) else { return nil }
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for i in all.indices.dropLast()
        where all[i] == UInt8(ascii: ",") && all[i + 1] == UInt8(ascii: " ") && i >= start {
            pieces.append(all[start..<i])
            start = i + 2
        }
        pieces.append(all[min(start, all.count)...])
        guard pieces.count == place.of, !pieces[place.index - 1].isEmpty else { return nil }
        return Array(pieces[place.index - 1])
    }

    /// The service key in Binary: UTF-16LE, NUL-terminated, for 7036 with `/` and the new state's
    /// number behind it.
    func key(in fields: FieldTable) -> [UInt8]? {
        guard let binary, binary < fields.entries.count else { return nil }
        return fields.withValue(fields.entries[binary]) { ServiceNames.key($0) }
    }
}

/// Which parameter of an event names the service.
enum ServiceNames {
    /// Service Control Manager: the 1-based parameter, or nil for events about no one service.
    ///
    /// Source: the message texts of the provider {555908d1-a6d7-4695-8e1e-26931d2012f4}, as in
    /// Microsoft's "Basic Service Operations" pages and the provider's manifest. 7040 names
    /// the key, the others the display name.
    static func inServiceControlManager(_ code: UInt64) -> Int? {
        switch code {
        case 7000, 7001, 7002, 7003, 7016, 7017, 7019, 7020, 7021, 7022, 7023, 7024, 7030, 7031,
            7034, 7035, 7036, 7037, 7038, 7039, 7041, 7042, 7043, 7044, 7045, 7046:
            1
        case 7009, 7011: 2
        case 7032: 3
        case 7040: 4
        default: nil
        }
    }

    /// nssm: the 1-based parameter and how many the message has, or nil for messages that name no
    /// service.
    ///
    /// Source: messages.mc of nssm 2.24-101. Ids from 1078 on are later than 2.24.
    static func inNSSM(_ code: UInt64) -> (index: Int, of: Int)? {
        switch code {
        case 1004, 1035, 1051: (1, 1)
        case 1011, 1012, 1024, 1025, 1032, 1033, 1037, 1040, 1041, 1042, 1043, 1045, 1046, 1047,
            1048, 1061, 1064, 1065, 1066, 1067, 1069, 1070, 1072:
            (1, 2)
        case 1009, 1010, 1016, 1020, 1023, 1034, 1038, 1071, 1073, 1074, 1075, 1076, 1077: (1, 3)
        case 1014, 1015, 1052, 1053, 1056, 1057, 1058, 1068: (1, 4)
        case 1021, 1063: (1, 5)
        case 1007, 1039: (2, 2)
        case 1006, 1013, 1026, 1028, 1029, 1030, 1031: (2, 3)
        case 1059: (2, 5)
        case 1027: (3, 3)
        case 1081: (3, 3)
        case 1008, 1079: (3, 4)
        case 1080: (3, 5)
        default: nil
        }
    }

    /// The service key that hexadecimal digits hold as UTF-16LE, or nil when they hold something
    /// else. Some tools put dashes between the bytes.
    static func key(_ hex: UnsafeRawBufferPointer) -> [UInt8]? {
        // A key has at most 256 characters; "-" doubles nothing, four digits make one.
        guard hex.count <= 2048 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for byte in hex where byte != UInt8(ascii: "-") {
            let lower = byte | 0x20
            let digit: UInt8
            if byte &- 48 < 10 {
                digit = byte &- 48
            } else if lower &- 97 < 6 {
                digit = lower &- 87
            } else {
                return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil, bytes.count.isMultiple(of: 2) else { return nil }
        var units: [UInt16] = []
        for i in stride(from: 0, to: bytes.count, by: 2) {
            units.append(UInt16(bytes[i]) | UInt16(bytes[i + 1]) << 8)
        }
        // Other data may be digits, too; only text ends with a NUL.
        guard units.last == 0 else { return nil }
        while units.last == 0 { units.removeLast() }
        if let slash = units.lastIndex(of: 0x2F) { units.removeLast(units.count - slash) }
        // Neither slash is allowed in a key, and no control character.
        guard !units.isEmpty, units.count <= 256,
            units.allSatisfy({ $0 >= 0x20 && $0 != 0x2F && $0 != 0x5C && $0 != 0x7F }),
            let key = String(validating: units, as: UTF16.self)
        else { return nil }
        return Array(key.utf8)
    }
}
