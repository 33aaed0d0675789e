/// How bad a finding is: Sigma's five levels, in rising order.
public enum Level: String, CaseIterable, Comparable, Sendable {
    /// Worth knowing, nothing wrong.
    case informational
    /// A small thing, or noise that may matter in numbers.
    case low
    /// Something is wrong; look at it this week.
    case medium
    /// Something is wrong and hurts; look at it today.
    case high
    /// The service dies or is dead.
    case critical

    /// 0 (informational) to 4 (critical).
    public var rank: Int {
        switch self {
        case .informational: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }

    /// Orders by rank.
    public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
}
