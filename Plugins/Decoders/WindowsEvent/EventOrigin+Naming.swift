import WinnowKit

/// What an event tells of the names of services and programs.
extension EventOrigin {
    /// The file name of the program that a crash or hang report speaks of.
    ///
    /// Source: Application Error 1000 and Application Hang 1002 name it first; Windows Error
    /// Reporting 1001 has it as P1, its sixth value, where a program crashed or leaked.
    func processName(in fields: FieldTable) -> [UInt8]? {
        switch (provider, code) {
        case (.applicationError, 1000), (.applicationHang, 1002):
            // EvtxECmd writes all data into one element.
            dataCount > 1 ? value(1, in: fields) : nil
        case (.errorReporting, 1001): value(6, in: fields)
        default: nil
        }
    }

    /// What the event tells of its service's names.
    func naming(in fields: FieldTable) -> ServiceNaming? {
        guard let provider, let code, let service = serviceName(in: fields) else { return nil }
        func text(_ bytes: [UInt8]?) -> [String] {
            guard let bytes, bytes.count <= 1024 else { return [] }
            return [String(decoding: bytes, as: UTF8.self)]
        }
        guard let name = text(service).first else { return nil }
        switch provider {
        case .serviceControlManager:
            let shown = ServiceNames.inServiceControlManager(code).flatMap { value($0, in: fields) }
            var naming = ServiceNaming(service: name, isKey: key(in: fields) != nil)
            if naming.isKey { naming.names = text(shown) }
            if code == 7045 {
                naming.processes = text(value(2, in: fields)).compactMap(ServiceProgram.name)
            }
            // 7040 names the display name first and the key last.
            if code == 7040 {
                naming.isKey = true
                naming.names = text(value(1, in: fields))
            }
            return naming
        case .nssm:
            var naming = ServiceNaming(service: name, isKey: true)
            if dataCount > 1, code == 1008 || code == 1013 {
                naming.processes = text(value(1, in: fields)).compactMap(ServiceProgram.name)
            }
            return naming
        case .applicationError, .applicationHang, .errorReporting: return nil
        }
    }
}

/// The program that a service runs.
enum ServiceProgram {
    /// Programs that run the services of many.
    private static let hosts: Set<String> = [
        "cmd.exe", "dllhost.exe", "dotnet.exe", "java.exe", "javaw.exe", "node.exe", "nssm.exe",
        "powershell.exe", "pwsh.exe", "python.exe", "rundll32.exe", "svchost.exe", "w3wp.exe",
        "wscript.exe",
    ]

    /// The file name of a command line's program; nil for none, and for hosts of many services.
    ///
    /// A path with blanks should stand in quotes; where it does not, it ends behind `.exe`, as
    /// CreateProcess tries it.
    static func name(_ commandLine: String) -> String? {
        var line = Array(commandLine.utf8)[...]
        line = line.drop { $0 == UInt8(ascii: " ") }
        if line.first == UInt8(ascii: "\"") {
            line = line.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        } else if let end = endOfProgram(line) {
            line = line[..<end]
        } else {
            line = line.prefix { $0 != UInt8(ascii: " ") }
        }
        let file = line.split { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") }.last
        guard let file, let name = String(validating: file, as: UTF8.self) else { return nil }
        return hosts.contains(name.lowercased()) ? nil : name
    }

    /// Where the first `.exe` ends that a blank or nothing follows.
    private static func endOfProgram(_ line: ArraySlice<UInt8>) -> Int? {
        let ending = Array(".exe".utf8)
        guard line.count >= ending.count else { return nil }
        for start in line.startIndex...(line.endIndex - ending.count) {
            let end = start + ending.count
            guard end == line.endIndex || line[end] == UInt8(ascii: " ") else { continue }
            if zip(line[start..<end], ending).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return end }
        }
        return nil
    }
}
