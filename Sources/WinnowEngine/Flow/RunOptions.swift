public import WinnowKit

/// Where a source comes from.
public struct SourceOrigin: Sendable, Hashable {
    /// `host.name` of records that name none.
    public var host: String?
    /// `service.name` of records that name none.
    public var service: String?

    /// Nothing is known.
    public init(host: String? = nil, service: String? = nil) {
        self.host = host
        self.service = service
    }
}

/// What a run is asked to do, beside its sources and rules.
public struct RunOptions: Sendable {
    /// Worker threads.
    public var jobs = 1
    /// Bytes of one read; blocks grow beyond it only for records that do.
    public var blockSize = 256 << 10
    /// `host.name` of records that name none.
    public var host: String?
    /// `service.name` of records that name none.
    public var service: String?
    /// Names that the user gives for services: by another name of a service, or by its program.
    public var serviceAliases: [(alias: String, service: String)] = []
    /// What is known of single sources, by their position; it goes before `host` and `service`.
    public var origins: [SourceOrigin] = []
    /// Records before it are left out; those without a time are kept.
    public var since: Timestamp?
    /// Records at or after it are left out; those without a time are kept.
    public var until: Timestamp?
    /// Findings below it are not given out.
    public var minLevel = Level.informational
    /// A decoder's format word, or nil to detect it.
    public var inputFormat: String?
    /// How the inputs are encoded, or nil to detect it.
    public var encoding: StoredEncoding?
    /// True to take the SHA-256 of every input, for the manifest.
    public var hashInputs = false
    /// Record kind to decode, or nil for all; only for runs that decode.
    public var decodedKind: String?
    /// The time of records before the first one that has its own; rule tests use it.
    public var initialTime: Timestamp?
    /// True when nothing follows the sources: silences that are still waited for are complete.
    public var isFinal = false
    /// True for a stream that is written while it is read: where it falls silent, event time goes on
    /// with the clock on the wall.
    public var isLive = false
    /// Set to stop reading; what was read is still finished.
    public var stop = StopFlag()

    /// Makes the default options.
    public init() {}
}
