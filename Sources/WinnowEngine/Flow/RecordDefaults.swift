import WinnowKit

/// The host and service of records that name none: what is known of their source, else what the
/// user said, else what the name of their file says.
struct RecordDefaults {
    private let host: String?
    private let service: String?
    private let origins: [SourceOrigin]
    /// By source and segment.
    private let fileServices: [[String?]]

    init(_ options: RunOptions, names: [[String]]) {
        host = options.host
        service = options.service
        origins = options.origins
        fileServices = names.map { $0.map { FileServiceName($0).service } }
    }

    /// Completes the fields of a record.
    ///
    /// - Parameter isText: Only a log's lines are the output of the service that its file is named
    ///   after; an event log speaks of many.
    func complete(_ fields: inout FieldTable, source: Int, segment: Int, isText: Bool) {
        let origin = source < origins.count ? origins[source] : SourceOrigin()
        if let host = origin.host ?? host, fields.text(.hostName) == nil {
            fields.add(.hostName, host)
        }
        guard fields.text(.serviceName) == nil else { return }
        if let service = origin.service ?? service {
            fields.add(.serviceName, service)
        } else if isText, let service = fileServices[source][segment] {
            fields.add(.serviceName, service)
        }
    }
}
