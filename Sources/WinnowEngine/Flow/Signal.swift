import WinnowKit
import WinnowRules

/// A match that left the pure half: small, owns its values, knows its place.
struct Signal: Sendable {
    /// Index of the rule in the plan.
    var rule: Int
    /// Position of the event in the rule's `events`; 0 for a rule of `match`.
    var event: Int
    /// Event time; nil where the record has none, its own or inherited.
    var time: Timestamp?
    /// The latest own time among the records behind the match before it, up to this one: in its block;
    /// the sequencer makes it that of its source. Nil where none of them has a time.
    var clock: Timestamp?
    /// True while the time must come from a block before this one.
    var awaitsTime: Bool
    /// False for a truncated record, which the accounting counts as that and not as matched.
    var countsAsMatched: Bool
    /// Index of the source, and the UTF-8 offset in it: the order of ties.
    var source: Int
    /// Place of the source in the order of names, which decides at equal times.
    var rank = 0
    /// UTF-8 offset of the record in its source.
    var position: Int
    /// The record's place; its line is completed by the sequencer.
    var place: Place
    /// Bytes as stored.
    var length: Int
    /// EventRecordID in digits.
    var recordID: String?
    /// What the record says, at most `Evidence.maxTextBytes`.
    var text: String
    /// What the record says, in one line.
    var message: String
    /// SHA-256 of the record's bytes in UTF-8.
    var digest: [UInt8]
    /// `host.name` and `service.name`.
    var host: String?
    var service: String?
    /// `process.name`.
    var process: String?
    /// Values of the rule's `by` fields.
    var key: [String?]
    /// What the rule's operator looks at, as text and, where it is one, as a number.
    var value: String?
    var number: Double?
    /// Named groups and lets.
    var captures: [(name: String, value: FieldValue)]
    /// The records before it in its block, for rules that show them; the sequencer makes them
    /// `context`, with those of the blocks before.
    var unplacedContext: [ContextRecord] = []
    var context: [Evidence] = []
    /// What the rule's templates name.
    var variables: [String: String]

    /// Puts a value that became known after matching wherever the rule looks at its field.
    mutating func put(_ text: String, for field: FieldName, in rule: Rule) {
        let field = field.text.description
        for (index, name) in rule.by.enumerated() where name == field { key[index] = text }
        if rule.field == field { value = text }
        variables[field] = text
    }

    /// Adds what an operator tells; the same of a finding that it looked at would stand there twice.
    mutating func tell(_ fields: [(name: String, value: FieldValue)]) {
        captures.removeAll { old in fields.contains { $0.name == old.name } }
        captures += fields
    }

    /// Bytes of memory, about.
    var cost: Int {
        var cost = 640 + text.utf8.count + message.utf8.count
        for line in context { cost += 256 + line.text.utf8.count }
        for value in key { cost += value?.utf8.count ?? 0 }
        for capture in captures { cost += 64 + capture.value.description.utf8.count }
        for (name, value) in variables { cost += 64 + name.utf8.count + value.utf8.count }
        return cost
    }
}
