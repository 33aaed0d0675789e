/// Everything that can be wrong with a pack. Codes are never reused.
enum DiagnosticCode: String, CaseIterable, Sendable {
    case yamlSyntax = "W001"
    case notUTF8 = "W002"
    case tooLarge = "W003"
    case wrongType = "W004"
    case unknownKey = "W005"
    case missingKey = "W006"
    case duplicateKey = "W007"
    case badChoice = "W008"
    case badID = "W009"
    case duplicateID = "W010"
    case badVersion = "W011"
    case engineMismatch = "W012"
    // W013 was for parts of the language that a version lacked.
    case badRegex = "W014"
    case unboundedRegex = "W015"
    case notCompiled = "W016"
    case unknownModifier = "W017"
    case modifierMisuse = "W018"
    case emptySelection = "W019"
    case unknownField = "W020"
    case unusedCapture = "W021"
    case misplacedGroup = "W022"
    case badExpression = "W023"
    case unknownName = "W024"
    case badTemplate = "W025"
    case badDuration = "W026"
    case badNumber = "W027"
    case missingTest = "W028"
    case badTest = "W029"
    case duplicatePack = "W030"
    case badValue = "W031"
    case badEvent = "W032"
    case unusedEvent = "W033"
    case unknownRule = "W034"
    case ruleCycle = "W035"
    case neverMatches = "W036"
    case unknownKind = "W037"
    case noLiteral = "W038"
    case unmetName = "W041"
    case idleFilter = "W042"
    case disabledEvent = "W043"

    /// Fixed for each code, so that its long text can say it.
    var severity: Diagnostic.Severity {
        switch self {
        case .notCompiled, .unknownField, .unusedCapture, .unusedEvent, .neverMatches, .unknownKind,
            .noLiteral, .unmetName, .idleFilter, .disabledEvent:
            .warning
        default: .error
        }
    }
}
