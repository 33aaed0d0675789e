/// A trend of a number that a rule looks for.
public struct Trend: Sendable, Equatable {
    /// A unit of time in which a rule writes a slope.
    public enum Unit: String, Sendable, CaseIterable {
        /// A second.
        case s
        /// A minute.
        case min
        /// An hour.
        case h
        /// A day.
        case d

        /// Its length.
        public var seconds: Double {
            switch self {
            case .s: 1
            case .min: 60
            case .h: 3600
            case .d: 86_400
            }
        }
    }

    /// A value that is reached soon.
    public struct Limit: Sendable, Equatable {
        /// The value.
        public let reach: Double
        /// In less than this.
        public let nanoseconds: Int64

        /// Makes a limit.
        public init(reach: Double, nanoseconds: Int64) {
            self.reach = reach
            self.nanoseconds = nanoseconds
        }
    }

    /// Position in `Rule.events`.
    public let event: Int
    /// Position of the event after which the values begin anew, or nil.
    public let reset: Int?
    /// How the slope is compared: at least, or at most.
    public let relation: Statistic.Relation
    /// With what, a second.
    public let slope: Double
    /// The unit in which the rule says it.
    public let unit: Unit
    /// Fewest points.
    public let points: Int
    /// Nanoseconds that the points must cover; 0 where the rule names none.
    public let span: Int64
    /// The value that must be reached soon, or nil.
    public let limit: Limit?
    /// How the numbers are made of records, or nil where a field holds them.
    public let derivation: Derivation?

    /// Makes a trend.
    public init(
        event: Int, reset: Int?, relation: Statistic.Relation, slope: Double, unit: Unit,
        points: Int, span: Int64 = 0, limit: Limit?, derivation: Derivation? = nil
    ) {
        self.derivation = derivation
        self.event = event
        self.reset = reset
        self.relation = relation
        self.slope = slope
        self.unit = unit
        self.points = points
        self.span = span
        self.limit = limit
    }
}
