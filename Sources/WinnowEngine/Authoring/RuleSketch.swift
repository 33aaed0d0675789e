public import WinnowKit
import WinnowRules

/// A rule drafted from what only a bad log has.
public struct RuleSketch: Sendable {
    /// The pack's text; it loads, passes its tests, and is silent on the good log. Nil where no line
    /// of the bad log gives such a rule.
    public private(set) var text: String?
    /// Other kinds of lines that only the bad log has: an example of each and how many there are.
    public private(set) var others: [(line: String, count: Int)] = []
    /// Inputs that could not be read, or not to their end.
    public private(set) var errors: [InputError] = []

    /// Most kinds of lines kept of each log; of more, the later ones are not looked at.
    private static let maxKinds = 100_000
    /// Most kinds of lines tried.
    private static let maxTries = 20
    /// Fewest bytes of a literal: shorter ones stand everywhere.
    private static let minLiteral = 4

    private struct Kind {
        var template: LineTemplate
        var line: String
        var count: Int
        var order: Int
    }

    /// Reads both logs and looks for the most telling kind of line.
    public init(
        id: String, good: [Source], bad: [Source], decoders: [any Decoder], options: RunOptions
    ) {
        let usual = RuleSketch.kinds(good, decoders, options, &errors)
        let seen = RuleSketch.kinds(bad, decoders, options, &errors)
        let candidates = seen.values.filter {
            usual[$0.template] == nil && $0.template.longestLiteral >= RuleSketch.minLiteral
        }.sorted { RuleSketch.rank($0) < RuleSketch.rank($1) }
        var chosen: Int?
        for kind in candidates.prefix(RuleSketch.maxTries) where chosen == nil {
            let silent = RuleSketch.nearest(to: kind.line, in: usual) ?? "all is well"
            let text = RuleScaffold.text(
                id: id, template: kind.template, title: RuleSketch.title(kind.template),
                count: kind.count, line: kind.line, silent: silent)
            if RuleSketch.holds(text, good, decoders, options) {
                self.text = text
                chosen = kind.order
            }
        }
        others = candidates.filter { $0.order != chosen }.prefix(5).map { ($0.line, $0.count) }
    }

    private static func kinds(
        _ sources: [Source], _ decoders: [any Decoder], _ options: RunOptions,
        _ errors: inout [InputError]
    ) -> [LineTemplate: Kind] {
        var kinds: [LineTemplate: Kind] = [:]
        let found = RecordWalk.run(sources: sources, decoders: decoders, options: options) {
            guard $0.kind == "text", let message = $0.fields.text(.message),
                !message.contains(where: \.isNewline)
            else { return }
            let template = LineTemplate(message)
            if kinds[template] != nil {
                kinds[template]?.count += 1
            } else if kinds.count < maxKinds {
                kinds[template] = Kind(
                    template: template,
                    line: String(
                        LineTemplate.withoutTime(message).prefix(LineTemplate.maxCharacters)),
                    count: 1, order: kinds.count)
            }
        }
        errors += found
        return kinds
    }

    /// Words of lines that people look for.
    private static let badWords = [
        "panic", "fatal", "error", "fail", "denied", "refused", "timeout", "timed out", "cannot",
        "unable", "abort", "crash", "exception", "lost", "full", "exceeded",
    ]

    /// Lines that speak of trouble come first, then frequent ones, then early ones.
    private static func rank(_ kind: Kind) -> (Int, Int, Int) {
        let text = kind.line.lowercased()
        return (badWords.contains { text.contains($0) } ? 0 : 1, -kind.count, kind.order)
    }

    /// The line that shares most words with `line`.
    private static func nearest(to line: String, in usual: [LineTemplate: Kind]) -> String? {
        let wanted = words(line)
        var best: (share: Double, order: Int, line: String)?
        for kind in usual.values where !kind.line.isEmpty {
            let own = words(kind.line)
            let union = wanted.union(own).count
            let share =
                union == 0 ? 0 : Double(wanted.intersection(own).count) / Double(union)
            if best.map({ (share, -kind.order) > ($0.share, -$0.order) }) ?? true {
                best = (share, kind.order, kind.line)
            }
        }
        return best?.line
    }

    private static func words(_ line: String) -> Set<Substring> {
        Set(line.split { !$0.isLetter })
    }

    private static func title(_ template: LineTemplate) -> String {
        var words = template.words.split(separator: " ").joined(separator: " ")
        if words.count > 80 { words = words.prefix(80) + "…" }
        // Braces would be read as a variable.
        return words.split(separator: "{{", omittingEmptySubsequences: false)
            .joined(separator: "{ {")
    }

    /// True when the pack loads without a word, passes its tests and finds nothing in the good log.
    private static func holds(
        _ text: String, _ good: [Source], _ decoders: [any Decoder], _ options: RunOptions
    ) -> Bool {
        let loaded = PackLoader.load([PackText(path: "draft.yaml", bytes: Array(text.utf8))])
        guard loaded.diagnostics.isEmpty, loaded.plan.rules.count == 1 else { return false }
        guard RuleTester(plan: loaded.plan, decoders: decoders).run().allSatisfy(\.passed) else {
            return false
        }
        let ear = Ear()
        let report = Pipeline.run(
            sources: good, decoders: decoders, plan: loaded.plan, options: options, receiver: ear)
        return ear.count == 0 && report.engineError == nil
    }
}

/// Hears whether there is any finding.
private final class Ear: RunReceiver {
    var count = 0

    func take(_ finding: Finding) { count += 1 }
    func take(decoded: [UInt8]) {}
    func flush() {}
    func progress(storedBytes: Int, input: String) {}
}
