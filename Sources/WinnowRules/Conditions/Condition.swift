/// What a selection asks of a record, as a tree; `ProgramBuilder` makes it flat.
indirect enum Condition: Sendable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case test(FieldTest)
}

/// Where a value comes from.
enum Source: Hashable, Sendable {
    /// The record's kind, `event.kind`.
    case kind
    /// A field of the record, by its full name.
    case field(String)
    /// A named group or `let` value, by its position in `Rule.captures`.
    case capture(Int)
}

/// What is asked of one field.
struct FieldTest: Sendable {
    var source: Source
    var checks: [ValueCheck]
    /// True when each check must hold, for the same or different values; else one is enough.
    var needsAll = false
    /// True when the field must be there and no check may hold.
    var isNegated = false
    /// The character of the pack at which it stands.
    var start = 0
}

/// What is asked of one value.
enum ValueCheck: Sendable {
    case text(TextCheck)
    case glob(Glob)
    case pattern(Pattern)
    case number(Comparison, Number)
    /// The field is absent or empty.
    case null
    case exists(Bool)
    case network(Network)
    /// The value stands so to the values of another field.
    case reference(Source, TextRelation, isCased: Bool)
}

/// How a text shall stand to another.
enum TextRelation: Sendable, Equatable {
    case equals
    case startsWith
    case endsWith
    case contains
}

/// A comparison with a fixed text.
struct TextCheck: Sendable, Equatable {
    var relation: TextRelation
    /// In lower case (ASCII letters) unless `isCased`.
    var bytes: [UInt8]
    var isCased: Bool
}

/// A `let` value: a name and the expression in postfix order.
struct LetValue: Sendable {
    /// Position of the value in `Rule.captures`.
    var capture: Int
    var steps: [LetStep]
}

/// One step of an expression on a stack of numbers.
enum LetStep: Sendable, Equatable {
    case number(Double)
    case value(Source)
    case negate
    case add
    case subtract
    case multiply
    case divide
}

/// All that matching needs of one event of a rule; a rule of `match` has one.
struct RuleLogic: Sendable {
    /// Position of the rule in `Plan.rules`; set when the plan is made.
    var rule = 0
    /// Position in `Rule.events`, 0 for `match`.
    var event: Int
    /// Kinds of records that the rule's `logsource` allows; nil: any.
    var product: String?
    var match: Condition
    var captures: [String]
    var lets: [LetValue]
    var filter: Condition?
    var key: [Source]
    /// The field that the operator of `when` looks at.
    var value: Source?
    var variables: [(name: String, source: Source)]
    /// Positions of the filters of which a record must meet none.
    var unless: [Int] = []
    /// False for a rule that no record is tried against.
    var isEnabled = true
}
