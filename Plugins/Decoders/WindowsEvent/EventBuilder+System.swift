import WinnowKit

/// The elements of System, ProcessingErrorData and RenderingInfo.
extension EventBuilder {
    /// The elements of System.
    private enum SystemElement: UInt32, CaseIterable {
        case provider, eventID, version, level, task, opcode, keywords, timeCreated, eventRecordID
        case correlation, execution, channel, computer, security

        var name: StaticString {
            switch self {
            case .provider: "Provider"
            case .eventID: "EventID"
            case .version: "Version"
            case .level: "Level"
            case .task: "Task"
            case .opcode: "Opcode"
            case .keywords: "Keywords"
            case .timeCreated: "TimeCreated"
            case .eventRecordID: "EventRecordID"
            case .correlation: "Correlation"
            case .execution: "Execution"
            case .channel: "Channel"
            case .computer: "Computer"
            case .security: "Security"
            }
        }
    }

    /// Takes an element of System: its attributes at once, its text by what is returned.
    mutating func startSystem(_ name: XMLName, _ attributes: EventAttributes) -> Leaf {
        guard let element = SystemElement.allCases.first(where: { name == $0.name }),
            met & (1 << element.rawValue) == 0
        else { return .none }
        met |= 1 << element.rawValue
        switch element {
        case .provider:
            attributes.withValue(of: "Name") {
                addWord(.eventProvider, $0)
                origin.take(provider: XMLBytes.trimmed($0))
            }
            attributes.withValue(of: "Guid") { addWord(.winlogProviderGUID, $0) }
            attributes.withValue(of: "EventSourceName") { addWord(.winlogEventSourceName, $0) }
        case .eventID:
            attributes.withValue(of: "Qualifiers") { addNumber(.eventQualifiers, $0) }
            return .code
        case .version: return .number(.eventVersion)
        case .level: return .level
        case .task: return .number(.winlogTask)
        case .opcode: return .number(.winlogOpcode)
        case .keywords: return .word(.winlogKeywords)
        case .timeCreated: attributes.withValue(of: "SystemTime") { takeTime($0) }
        case .eventRecordID: return .number(.winlogRecordID)
        case .correlation:
            attributes.withValue(of: "ActivityID") { addWord(.winlogActivityID, $0) }
            attributes.withValue(of: "RelatedActivityID") { addWord(.winlogRelatedActivityID, $0) }
        case .execution:
            attributes.withValue(of: "ProcessID") { addNumber(.processPID, $0) }
            attributes.withValue(of: "ThreadID") { addNumber(.processThreadID, $0) }
        case .channel: return .word(.winlogChannel)
        case .computer: return .computer
        case .security: attributes.withValue(of: "UserID") { addWord(.userID, $0) }
        }
        return .none
    }

    /// SystemTime is UTC, with or without a Z; tools write it with a blank for the T or an offset.
    private mutating func takeTime(_ value: UnsafeRawBufferPointer) {
        fields.time = Timestamp(iso8601: XMLBytes.trimmed(value))
        if fields.time == nil { flaw = flaw ?? "a SystemTime that is no time" }
    }

    /// Takes the text of an element.
    mutating func endLeaf(_ leaf: Leaf) {
        // Taken out of `self` for the time, which is changed meanwhile.
        var taken: [UInt8] = []
        swap(&taken, &text)
        defer { swap(&taken, &text) }
        taken.withUnsafeBytes { text in
            switch leaf {
            case .none: break
            case .code:
                addNumber(.eventCode, text)
                origin.code = EventBuilder.number(XMLBytes.trimmed(text))
            case .number(let name): addNumber(name, text)
            case .level:
                addNumber(.winlogLevel, text)
                if let level = EventBuilder.level(XMLBytes.trimmed(text)), hasRoom() {
                    fields.add(.logLevel, level)
                }
            case .word(let name): addWord(name, text)
            case .computer:
                addWord(.winlogComputerName, text)
                addWord(.hostName, text)
            case .text(let name): if !XMLBytes.trimmed(text).isEmpty { add(name, text) }
            case .keyword:
                let word = XMLBytes.trimmed(text)
                if !word.isEmpty, hasRoom() {
                    fields.add(.renderingKeywords, word, isListElement: true)
                }
            case .data, .binary: endData(leaf, text)
            }
        }
    }

    /// The level's name: of the number, or of the word that some tools write for it.
    ///
    /// Source: winmeta.xml; 0 is LogAlways, which audits and classic events have.
    private static func level(_ word: UnsafeRawBufferPointer) -> String? {
        if let number = number(word) {
            switch number {
            case 0, 4: return "information"
            case 1: return "critical"
            case 2: return "error"
            case 3: return "warning"
            case 5: return "verbose"
            default: return nil
            }
        }
        for name in ["information", "critical", "error", "warning", "verbose"]
        where XMLBytes.equalIgnoringCase(word, name) {
            return name
        }
        for name in ["info", "logalways"] where XMLBytes.equalIgnoringCase(word, name) {
            return "information"
        }
        return nil
    }

    /// What the text of an element of ProcessingErrorData becomes.
    static func processingErrorLeaf(_ name: XMLName) -> Leaf {
        if name == "ErrorCode" { return .word(.winlogErrorCode) }
        if name == "DataItemName" { return .word(.winlogDataItemName) }
        if name == "EventPayload" { return .word(.winlogEventPayload) }
        return .none
    }

    /// What the text of an element of RenderingInfo becomes.
    static func renderingLeaf(_ name: XMLName) -> Leaf {
        if name == "Message" { return .text(.message) }
        if name == "Level" { return .word(.renderingLevel) }
        if name == "Task" { return .word(.renderingTask) }
        if name == "Opcode" { return .word(.renderingOpcode) }
        if name == "Channel" { return .word(.renderingChannel) }
        if name == "Provider" { return .word(.renderingProvider) }
        // Keyword elements inside it take over; without any it is one itself.
        if name == "Keywords" { return .keyword }
        return .none
    }
}
