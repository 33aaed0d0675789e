/// The compiled conditions of a plan: flat arrays of plain values, so that evaluating them counts no
/// references.
///
/// Unchecked because of `needles`, memory of its own that nothing writes to after `init`.
final class Program: @unchecked Sendable {
    /// A node of the conditions, in the order of writing; children follow their parent.
    struct Node {
        enum Kind { case all, any, not, test }
        var kind: Kind
        /// Index after the last node below this one.
        var end: Int32
        /// For tests: index in `tests`.
        var test: Int32 = 0
    }

    struct Test {
        var operand: Operand
        var firstCheck: Int32
        var checkCount: Int32
        var needsAll: Bool
        var isNegated: Bool
    }

    /// Where a value comes from, resolved.
    enum Operand {
        case kind
        case slot(Int32)
        case capture(Int32)
    }

    /// A text in `needles`.
    struct Needle {
        var start: Int32
        var count: Int32
        var isCased: Bool
    }

    enum Check {
        case text(TextRelation, Needle)
        case glob(Int32, isCased: Bool)
        /// Index in `patterns`; its groups are `groups[firstGroup..<firstGroup + groupCount]`.
        case pattern(Int32, firstGroup: Int32, groupCount: Int32)
        case number(Comparison, Number)
        case null
        case exists(Bool)
        case network(Int32)
        case reference(Operand, TextRelation, isCased: Bool)
    }

    /// A named group of a pattern and the capture that takes its text.
    struct Group {
        var number: Int32
        var capture: Int32
    }

    /// One event of a rule.
    struct RuleEntry {
        /// Position in `Plan.rules`.
        var rule: Int
        /// Position in `Rule.events`.
        var event: Int
        /// Index in `nodes`.
        var match: Int32
        /// Index in `nodes`, or -1.
        var filter: Int32
        /// Its part of `unless`, which all events of a rule share.
        var unless: Range<Int32>
        var captures: [String]
        var lets: [(capture: Int32, steps: [Step])]
        var key: [Operand]
        var value: Operand?
        var variables: [(name: String, operand: Operand)]
    }

    enum Step {
        case number(Double)
        case value(Operand)
        case negate, add, subtract, multiply, divide
    }

    let nodes: [Node]
    let tests: [Test]
    let checks: [Check]
    let globs: [Glob]
    let patterns: [Pattern]
    let networks: [Network]
    let groups: [Group]
    /// Indexes in `nodes` of what must hold beside `filter`: one `not` a filter of overlays.
    let unless: [Int32]
    let rules: [RuleEntry]
    /// What `rules` were made from, one for one: literals are chosen from it.
    let logic: [RuleLogic]
    let slots: SlotNames
    let screen: CandidateScreen
    /// Bytes of all texts, one after the other.
    let needles: UnsafeRawBufferPointer
    /// Most groups of any pattern.
    let maxGroups: Int

    init(_ parts: ProgramBuilder) {
        nodes = parts.nodes
        tests = parts.tests
        checks = parts.checks
        globs = parts.globs
        patterns = parts.patterns
        networks = parts.networks
        groups = parts.groups
        unless = parts.unless
        rules = parts.rules
        logic = parts.logic
        slots = SlotNames(parts.slotNames)
        screen = CandidateScreen(parts.logic, slots: parts.slotsByName)
        maxGroups = parts.patterns.map(\.groupCount).max() ?? 0
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(parts.needleBytes.count, 1), alignment: 1)
        memory.copyBytes(from: parts.needleBytes)
        needles = UnsafeRawBufferPointer(memory)
    }

    deinit { needles.deallocate() }
}
