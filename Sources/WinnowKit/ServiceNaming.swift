/// What one record tells of the names that a service goes by.
///
/// Windows, NSSM and log files call one service by different names: its key (`PaymentGateway`), its
/// display name in the language of the system, the program that it runs. The engine learns from all
/// records which names belong together, so that findings of all sources meet under one
/// `service.name`.
public struct ServiceNaming: Sendable, Hashable {
    /// The service, as the record's `service.name` says.
    public var service: String
    /// True when that is the service's key; false for a display name.
    public var isKey: Bool
    /// Other names of it.
    public var names: [String]
    /// File names of programs that it runs, such as `gateway.exe`.
    public var processes: [String]

    /// Makes a naming.
    public init(service: String, isKey: Bool, names: [String] = [], processes: [String] = []) {
        self.service = service
        self.isKey = isKey
        self.names = names
        self.processes = processes
    }
}
