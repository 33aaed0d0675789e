/// A text on which a pattern runs out of its limit although the text is short.
struct PatternAttack: Equatable {
    /// What is repeated.
    var pump: String
    /// How often.
    var count: Int
    /// The whole text.
    var text: [UInt8]
    /// The byte of the pattern where the quantifier stands that does it.
    var offset: Int
    var before: String
    var after: String

    /// The text in words.
    var description: String {
        var out = before.isEmpty ? "" : "`\(before)`, then "
        out += "`\(pump)` \(count) times"
        if !after.isEmpty { out += ", then `\(after)`" }
        return out
    }
}

/// Looks for patterns whose time doubles with every further character.
///
/// Repeats that hold repeats or alternatives are candidates. Each is tried, within limits, on texts
/// made from it: samples of what stands before, some thirty times a sample of the repeat, and an end
/// that does not fit. Only a pattern that runs into the limit on such a text is refused, so nothing
/// is refused without the text that shows it; at run time limits hold for all others.
struct PatternDanger {
    private let pattern: Pattern
    private let runner: PatternRunner
    private var found: PatternAttack?
    private var triesLeft = 200

    /// A text that the pattern cannot get through, or nil.
    static func attack(on pattern: Pattern, runner: PatternRunner) -> PatternAttack? {
        guard let syntax = PatternSyntax(pattern) else { return nil }
        var danger = PatternDanger(pattern: pattern, runner: runner)
        danger.visit(syntax.root, before: [], after: [], depth: 0)
        return danger.found
    }

    private init(pattern: Pattern, runner: PatternRunner) {
        self.pattern = pattern
        self.runner = runner
    }

    /// More turns than this are as good as no bound.
    private static let manyTurns = 10
    private static let turns = 30
    private static let maxSample = 24
    private static let maxContext = 200
    /// Deeper groups are looked at only as parts of those around them.
    private static let maxDepth = 16
    private static let maxSampleDepth = 10

    private mutating func visit(
        _ node: PatternNode, before: [UInt8], after: [UInt8], depth: Int
    ) {
        guard found == nil, triesLeft > 0, depth < PatternDanger.maxDepth else { return }
        switch node {
        case .empty, .character, .opaque: break
        case .group(let content, _), .look(let content):
            visit(content, before: before, after: after, depth: depth + 1)
        case .choice(let branches):
            for branch in branches { visit(branch, before: before, after: after, depth: depth + 1) }
        case .sequence(let items):
            let samples = items.map { PatternDanger.samples($0).first ?? [] }
            for (i, item) in items.enumerated() where PatternDanger.isCompound(item) {
                guard found == nil, triesLeft > 0 else { return }
                visit(
                    item, before: PatternDanger.context(before, samples[..<i]),
                    after: PatternDanger.context(samples[(i + 1)...], after), depth: depth + 1)
            }
        case .repeated(let content, _, let max, let isPossessive, let at):
            if max ?? .max >= PatternDanger.manyTurns, !isPossessive,
                PatternDanger.isAmbiguous(content)
            {
                for sample in PatternDanger.samples(content) where !sample.isEmpty {
                    attack(pump: sample, before: before, after: after, at: at)
                }
            }
            visit(content, before: before, after: after, depth: depth + 1)
        }
    }

    private static func isCompound(_ node: PatternNode) -> Bool {
        switch node {
        case .empty, .character, .opaque: false
        default: true
        }
    }

    /// The end of what stands before an item.
    private static func context(_ before: [UInt8], _ samples: ArraySlice<[UInt8]>) -> [UInt8] {
        var near: [[UInt8]] = []
        var count = 0
        for sample in samples.reversed() where count < maxContext {
            near.append(sample)
            count += sample.count
        }
        return Array((before + near.reversed().joined()).suffix(maxContext))
    }

    /// The beginning of what stands after an item.
    private static func context(_ samples: ArraySlice<[UInt8]>, _ after: [UInt8]) -> [UInt8] {
        var near: [UInt8] = []
        for sample in samples where near.count < maxContext { near += sample }
        return Array((near + after).prefix(maxContext))
    }

    /// True when a part may match the same text in several ways.
    private static func isAmbiguous(_ node: PatternNode) -> Bool {
        switch node {
        case .empty, .character, .look: false
        case .opaque, .choice: true
        case .group(let content, let isAtomic): !isAtomic && isAmbiguous(content)
        case .sequence(let items): items.contains(where: isAmbiguous)
        case .repeated(let content, let min, let max, let isPossessive, _):
            !isPossessive && min != max || isAmbiguous(content)
        }
    }

    /// A few texts that a part matches, short ones first; not all of them need to fit.
    private static func samples(_ node: PatternNode, depth: Int = 0) -> [[UInt8]] {
        guard depth < maxSampleDepth else { return [sample(node)] }
        let all: [[UInt8]]
        switch node {
        case .empty, .look, .opaque: all = [[]]
        case .character(let character): all = [character.sample]
        case .group(let content, _): all = samples(content, depth: depth + 1)
        case .choice(let branches): all = branches.flatMap { samples($0, depth: depth + 1) }
        case .repeated(let content, let min, let max, _, _):
            let inner = samples(content, depth: depth + 1)
            let least = Swift.min(min, maxSample)
            var list = inner.map { Array(repeatElement($0, count: least).joined()) }
            if max ?? .max > least {
                list += inner.map { Array(repeatElement($0, count: least + 1).joined()) }
            }
            all = list
        case .sequence(let items):
            let parts = items.map { samples($0, depth: depth + 1) }
            let first = Array(parts.map { $0.first ?? [] }.joined())
            var list = [first]
            for (i, part) in parts.enumerated() {
                for other in part.dropFirst() {
                    var chosen = parts.map { $0.first ?? [] }
                    chosen[i] = other
                    list.append(Array(chosen.joined()))
                }
                if list.count > 16 { break }
            }
            all = list
        }
        var distinct: [[UInt8]] = []
        for sample in all where sample.count <= maxContext && !distinct.contains(sample) {
            distinct.append(sample)
            if distinct.count == 12 { break }
        }
        return distinct.isEmpty ? [[]] : distinct
    }

    /// One text that a part matches, or the beginning of one.
    private static func sample(_ node: PatternNode) -> [UInt8] {
        switch node {
        case .empty, .look, .opaque: return []
        case .character(let character): return character.sample
        case .group(let content, _): return sample(content)
        case .choice(let branches): return branches.first.map(sample) ?? []
        case .repeated(let content, let min, _, _, _): return min == 0 ? [] : sample(content)
        case .sequence(let items):
            var out: [UInt8] = []
            for item in items where out.count < maxContext { out += sample(item) }
            return out
        }
    }

    private mutating func attack(pump: [UInt8], before: [UInt8], after: [UInt8], at: Int) {
        guard pump.count <= PatternDanger.maxSample else { return }
        for end in ["\u{1}", "!", "\n", ""] {
            for tail in [Array(end.utf8) + after, Array(end.utf8)] {
                guard found == nil, triesLeft > 0 else { return }
                triesLeft -= 1
                let pumped = Array(repeatElement(pump, count: PatternDanger.turns).joined())
                let text = before + pumped + tail
                let outcome = text.withUnsafeBytes { runner.run(pattern, $0) }
                guard case .limit = outcome else { continue }
                found = PatternAttack(
                    pump: String(decoding: pump, as: UTF8.self), count: PatternDanger.turns,
                    text: text, offset: at, before: String(decoding: before, as: UTF8.self),
                    after: String(decoding: tail, as: UTF8.self))
            }
        }
    }
}
