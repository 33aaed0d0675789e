public import WinnowKit

/// All rules of a run, ready to match: made once, then shared by all threads.
public struct Plan: Sendable {
    /// The packs, in the order given.
    public let packs: [Pack]
    /// The rules, pack by pack, in file order; `Rule.index` is the position here.
    public let rules: [Rule]
    /// For each rule, the events of other rules that its findings are; there are no cycles.
    public let chains: [[ChainedEvent]]
    /// The conditions of `rules`, compiled.
    let program: Program

    init(packs: [Pack], rules: [Rule], chains: [[ChainedEvent]], program: Program) {
        self.chains = chains
        self.packs = packs
        self.rules = rules
        self.program = program
    }

    /// The rules whose findings are events of a rule, and which event each is, in the order of events.
    public func feeders(of rule: Int) -> [(rule: Int, event: Int)] {
        chains.enumerated().flatMap { fed, links in
            links.filter { $0.rule == rule }.map { (rule: fed, event: $0.event) }
        }.sorted { $0.event < $1.event }
    }

    /// The rules with an id; `*` in it stands for any text.
    public func rules(like id: String) -> [Rule] {
        let glob = Glob(WildcardUnit.parse(id), isCased: true)
        return rules.filter { Array($0.id.utf8).withUnsafeBytes { glob.matches($0) } }
    }

    /// The id of a rule that `text` may be meant for, or nil.
    public func nearestRuleID(to text: String) -> String? {
        NearestName.nearest(to: text, in: rules.map(\.id))
    }
}

/// An event of a rule that is the findings of another rule.
public struct ChainedEvent: Sendable {
    /// Position of the rule that has the event.
    public let rule: Int
    /// Position of the event in its `events`.
    public let event: Int
}

/// A pack file: where rules come from.
public struct Pack: Sendable {
    /// The pack's name.
    public let name: String
    /// Its semantic version.
    public let version: String
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    public let sha256: String
    /// The file as the user named it.
    public let path: String
    /// SPDX expression, or nil.
    public let license: String?
    /// One sentence, or nil.
    public let description: String?
    /// Version of the default pack of the same name that this one stands in for, or nil.
    public internal(set) var replaces: String?
}

/// What a rule says about the records it wants.
public struct LogSource: Sendable, Equatable {
    /// `windows`, `go`, …
    public let product: String?
    /// A part of the product, as `gctrace`.
    public let service: String?
    /// A kind of log that several products write.
    public let category: String?
}

/// One rule, without its condition, which lives in the plan's program.
public struct Rule: Sendable {
    /// Position in `Plan.rules`.
    public let index: Int
    /// Permanent slug.
    public let id: String
    /// Position of its pack in `Plan.packs`.
    public let pack: Int
    /// How bad its findings are; an override may have set it.
    public let level: Level
    /// `experimental`, `test`, `stable` or `deprecated`.
    public let status: String
    /// Words to group by.
    public let tags: [String]
    /// Which records it is meant for.
    public let logsource: LogSource?
    /// One line about a finding.
    public let title: Template
    /// What to do about a finding.
    public let remediation: Template?
    /// What it finds and why that matters.
    public let description: String?
    /// Addresses to read more at.
    public let references: [String]
    /// What else may set it off.
    public let falsepositives: [String]
    /// Names of its events; none for a rule of one `match`, whose only event is 0.
    public let events: [String]
    /// When matches become a finding; nil: each match does.
    public let when: When?
    /// How long the next finding of a key is held back, in nanoseconds; an override may have set it.
    public let suppress: Int64?
    /// Names of the fields, groups and `let` values that make the key.
    public let by: [String]
    /// Name of the field, group or `let` value that the operator of `when` looks at.
    public let field: String?
    /// The rule's own tests.
    public let tests: [RuleTest]
    /// Names under which a finding carries values: named groups, then `let` values, in the order
    /// in which they stand in the rule.
    public let captures: [String]
    /// 1-based line of the rule's id in the pack file.
    public let line: Int
    /// What filters and overrides made of it.
    public let tuning: RuleTuning

    /// False for a rule that an override disabled: it is evaluated for no record.
    public var isEnabled: Bool { tuning.disabled == nil }
}

/// A test that a rule carries.
public struct RuleTest: Sendable {
    /// How many findings the records must give.
    public let fires: Int
    /// The records of one round, in order.
    public let records: [TestRecord]
    /// The service whose output the lines are, or nil.
    public let service: String?
    /// Rounds; at least 1.
    public let repeats: Int
    /// Nanoseconds from one round to the next, or nil where the rounds have no times.
    public let every: Int64?
    /// 1-based line in the pack file.
    public let line: Int
}

/// Text of a test, as a log file holds it.
public struct TestLine: Sendable, Hashable {
    /// What stands there; may hold line ends, as a whole panic does.
    public let text: String
    /// `host.name` of the file it stands in, or nil.
    public var host: String?
    /// `service.name` of that file, or nil.
    public var service: String?

    /// Makes a line of a file of which nobody knows whose it is.
    public init(_ text: String) { self.text = text }
}

/// A record of a test.
public enum TestRecord: Sendable {
    /// Text, and where it comes from.
    case line(TestLine)
    /// A Windows event.
    case event(TestEvent)
}
