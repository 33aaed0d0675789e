import WinnowKit

/// Which names belong to one service, learnt from records: the names under which the Service Control
/// Manager, NSSM, crash reports and log files speak of it become one `service.name`.
///
/// What is learnt does not depend on the order of learning. Names that are contradictory (two
/// services that run one program) tell nothing.
struct ServiceDirectory {
    /// Most names kept; others are not learnt, which is said.
    static let capacity = 8192

    /// How surely a spelling is the service's own.
    private enum Rank: Int { case mentioned, key, given }

    /// What a name stands for; a contradiction stays one.
    private enum Meaning {
        case one(String)
        case several
        /// What the user says: no record contradicts it.
        case given(String)

        /// The one that it is, or nil.
        var only: String? {
            switch self {
            case .one(let meaning), .given(let meaning): meaning
            case .several: nil
            }
        }

        mutating func add(_ meaning: String) {
            if case .one(let known) = self, known != meaning { self = .several }
        }
    }

    /// Spellings by folded name.
    private var spellings: [String: (text: String, rank: Rank)] = [:]
    /// Folded names of services by folded display name.
    private var aliases: [String: Meaning] = [:]
    /// Folded names of services by program, in lower case.
    private var processes: [String: Meaning] = [:]
    /// The host on which a service was seen, by folded name.
    private var hosts: [String: Meaning] = [:]

    /// True when names were not learnt because there were too many.
    private(set) var isFull = false

    /// - Parameter given: Names that the user gave for services, by the other name.
    init(given: [(alias: String, service: String)] = []) {
        for (alias, service) in given {
            let folded = Self.folded(service)
            spellings[folded] = (service, .given)
            aliases[Self.folded(alias)] = .given(folded)
            processes[Self.program(alias)] = .given(folded)
        }
    }

    /// Takes what a record tells, and on which host.
    mutating func learn(_ naming: LearntNaming) {
        let service = Self.folded(naming.naming.service)
        guard !service.isEmpty else { return }
        spell(service, naming.naming.service, naming.naming.isKey ? .key : .mentioned)
        for name in naming.naming.names {
            let folded = Self.folded(name)
            if folded != service, !folded.isEmpty { add(service, for: folded, to: \.aliases) }
        }
        for name in naming.naming.processes {
            add(service, for: Self.program(name), to: \.processes)
        }
        if let host = naming.host { add(host, for: service, to: \.hosts) }
    }

    /// The one name of the service that a signal speaks of; nil where nothing is known of it.
    ///
    /// - Parameters:
    ///   - name: What the record calls it.
    ///   - process: The program that the record speaks of.
    ///   - file: The name of the record's file without its ending; counts only where a service is
    ///     called so.
    func service(name: String?, process: String?, file: String?) -> String? {
        // Most logs teach nothing, and then no match needs its names folded.
        if spellings.isEmpty { return nil }
        if let name {
            let folded = canonical(Self.folded(name))
            return spellings[folded]?.text ?? name
        }
        if let process {
            let program = Self.program(process)
            if let service = processes[program]?.only {
                return spellings[canonical(service)]?.text ?? service
            }
            if let known = known(program) { return known }
        }
        return file.flatMap { known($0) }
    }

    /// The spelling of a name, where a service is known to have it.
    private func known(_ name: String) -> String? {
        spellings[canonical(Self.folded(name))]?.text
    }

    /// The host of a service that was seen on one host only.
    func host(of service: String) -> String? {
        let folded = canonical(Self.folded(service))
        return hosts[folded]?.only
    }

    private func canonical(_ folded: String) -> String {
        aliases[folded]?.only ?? folded
    }

    private mutating func spell(_ folded: String, _ text: String, _ rank: Rank) {
        guard let known = spellings[folded] else {
            if hasRoom(spellings.count) { spellings[folded] = (text, rank) }
            return
        }
        // Of two spellings of one rank always the same one, whichever came first.
        if rank.rawValue > known.rank.rawValue || rank == known.rank && text < known.text {
            spellings[folded] = (text, rank)
        }
    }

    private mutating func add(
        _ meaning: String, for name: String,
        to table: WritableKeyPath<ServiceDirectory, [String: Meaning]>
    ) {
        if self[keyPath: table][name] != nil {
            self[keyPath: table][name]?.add(meaning)
        } else if hasRoom(self[keyPath: table].count) {
            self[keyPath: table][name] = .one(meaning)
        }
    }

    private mutating func hasRoom(_ count: Int) -> Bool {
        if count < Self.capacity { return true }
        isFull = true
        return false
    }

    /// A name without case, blanks and punctuation: `payment-gateway` is `PaymentGateway` is
    /// `Payment Gateway`. Between two digits something stays: `node-1.1` is not `node-11`.
    static func folded(_ name: String) -> String {
        var folded = String.UnicodeScalarView()
        var skipped = false
        for scalar in name.unicodeScalars {
            let isDigit = scalar.properties.numericType != nil
            guard isDigit || scalar.properties.isAlphabetic else {
                skipped = true
                continue
            }
            if skipped, isDigit, folded.last?.properties.numericType != nil { folded.append(".") }
            skipped = false
            folded.append(scalar)
        }
        return folded.isEmpty ? name : String(folded).lowercased()
    }

    /// A program's file name without its folder and `.exe`, in lower case.
    private static func program(_ path: String) -> String {
        let file = path.split { $0 == "\\" || $0 == "/" }.last.map(String.init) ?? path
        let lower = file.lowercased()
        return lower.hasSuffix(".exe") ? String(lower.dropLast(4)) : lower
    }
}

/// A naming with the place where it stands.
struct LearntNaming: Sendable {
    var naming: ServiceNaming
    var host: String?
    /// UTF-8 offset of its record in its source.
    var position: Int
}
