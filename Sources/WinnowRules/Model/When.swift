/// When records of one key become a finding, in event time. Events are positions in `Rule.events`.
///
/// Windows are half-open, (t - `within`, t], and `within` is in nanoseconds.
public enum When: Sendable, Equatable {
    /// At least `gte` records of an event in a window; `rate` is this, too.
    case count(of: Int, gte: Int, within: Int64)
    /// At least `gte` different values of a field among the records of an event in a window.
    case distinct(of: Int, gte: Int, within: Int64)
    /// A statistic of a field over the records of an event in a window.
    case stat(of: Int, Statistic, within: Int64)
    /// A record of each event in a window, in any order.
    case all(of: [Int], within: Int64)
    /// Records of events one after the other, in a window; a silence after the last step is waited
    /// for beyond it. `absent` is a sequence of one step and such a silence.
    case sequence([SequenceStep], within: Int64)
    /// A number that rises or falls over the records in a window.
    case trend(Trend, within: Int64)
    /// Records of other events around a record of one; `within` bounds how long before it.
    case join(Join, within: Int64)
}

/// A step of a sequence: so many records of an event, and perhaps a silence after them.
public struct SequenceStep: Sendable, Equatable {
    /// No record of an event in (t, t + `nanoseconds`], t being the time of the step's last record.
    public struct Silence: Sendable, Equatable {
        /// Position in `Rule.events`.
        public let event: Int
        /// How long.
        public let nanoseconds: Int64

        /// Makes a silence.
        public init(event: Int, nanoseconds: Int64) {
            self.event = event
            self.nanoseconds = nanoseconds
        }
    }

    /// Position in `Rule.events`.
    public let event: Int
    /// How many records of it; at least 1.
    public let atLeast: Int
    /// What must not come after them; the next step's records come after the silence.
    public var silence: Silence?

    /// Makes a step.
    public init(event: Int, atLeast: Int, silence: Silence? = nil) {
        self.event = event
        self.atLeast = atLeast
        self.silence = silence
    }
}

/// A statistic that is compared with a bound.
public struct Statistic: Sendable, Equatable {
    /// What is computed.
    public enum Function: String, Sendable, CaseIterable {
        /// The arithmetic mean.
        case avg
        /// The sum.
        case sum
        /// The least value.
        case min
        /// The greatest value.
        case max
        /// The least value that at least 95 % of the values do not exceed (nearest rank).
        case p95
        /// The coefficient of variation: standard deviation by mean.
        case cv
        /// The greatest value by the median.
        case peak
    }

    /// How it is compared.
    public enum Relation: String, Sendable, CaseIterable {
        /// At least the bound.
        case gte
        /// More than the bound.
        case gt
        /// At most the bound.
        case lte
        /// Less than the bound.
        case lt

        /// True when `value` stands so to `bound`.
        public func holds(_ value: Double, _ bound: Double) -> Bool {
            switch self {
            case .gte: value >= bound
            case .gt: value > bound
            case .lte: value <= bound
            case .lt: value < bound
            }
        }
    }

    /// What is computed.
    public let function: Function
    /// How it is compared.
    public let relation: Relation
    /// With what.
    public let bound: Double
    /// Fewest values that say something.
    public let points: Int
    /// How the numbers are made of records, or nil where a field holds them.
    public let derivation: Derivation?

    /// Makes a statistic.
    public init(
        function: Function, relation: Relation, bound: Double, points: Int = 1,
        derivation: Derivation? = nil
    ) {
        self.function = function
        self.relation = relation
        self.bound = bound
        self.points = points
        self.derivation = derivation
    }
}
