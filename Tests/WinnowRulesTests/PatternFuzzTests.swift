import Glibc
import Testing

@testable import WinnowRules

/// Random patterns against PCRE2 itself.
@Suite("Literals of random patterns")
struct PatternFuzzTests {
    /// What a run saw.
    struct Tally: CustomStringConvertible {
        var patterns = 0
        var withLiterals = 0
        var withPrefix = 0
        var cases = 0
        var matches = 0
        var checked = 0
        var faults: [String] = []

        var description: String {
            "\(patterns) patterns, \(withLiterals) with literals, \(withPrefix) with a prefix; "
                + "\(cases) cases, \(matches) matches, \(checked) of them checked, "
                + "\(faults.count) faults"
        }
    }

    /// `LITERAL_FUZZ_SECONDS=600` runs that long with seeds of its own, in place of a fixed number.
    @Test("A subject that a random pattern matches holds one of the pattern's literals")
    func holds() throws {
        var tally = Tally()
        if let text = getenv("LITERAL_FUZZ_SECONDS"), let seconds = Int(String(cString: text)) {
            let end = time(nil) + seconds
            let start = time(nil)
            var round = 0
            while time(nil) < end, tally.faults.isEmpty {
                Self.run(seed: "\(start).\(round)", patterns: 1000, subjects: 20, &tally)
                round += 1
            }
            print("literal fuzz: \(tally)")
        } else {
            Self.run(seed: "literals", patterns: 3000, subjects: 80, &tally)
            // A generator that matches nothing would prove nothing.
            #expect(tally.cases > 100_000 && tally.checked > tally.cases / 10, "\(tally)")
        }
        #expect(tally.faults.isEmpty, "\(tally.faults.prefix(10).joined(separator: "\n"))")
    }

    static func run(seed: String, patterns: Int, subjects: Int, _ tally: inout Tally) {
        var generator = PatternGenerator(seed: seed)
        let runner = PatternRunner(groups: 20)
        for _ in 0..<patterns {
            let made = generator.pattern()
            guard
                let pattern = try? Pattern(made.source, flags: made.isCaseless ? .caseless : [])
            else { continue }
            tally.patterns += 1
            let set = PatternLiterals.required(pattern)
            // Without literals there is nothing to check.
            guard let set else { continue }
            tally.withLiterals += 1
            if set.isPrefix { tally.withPrefix += 1 }
            for _ in 0..<subjects {
                tally.cases += 1
                let subject = generator.subject(made)
                let outcome = subject.withUnsafeBytes { runner.run(pattern, $0) }
                // Recursions without end take a second each.
                if case .limit = outcome { break }
                guard outcome == .match else { continue }
                tally.matches += 1
                guard !made.movesStart || !set.isPrefix else { continue }
                tally.checked += 1
                let start = set.isPrefix ? runner.group(0)?.lowerBound : nil
                guard !holds(subject, set, at: start) else { continue }
                tally.faults.append(
                    "`\(made.source)` i=\(made.isCaseless) matches `"
                        + String(decoding: subject, as: UTF8.self)
                        + "` without \(set.literals.map { String(decoding: $0.bytes, as: UTF8.self) })"
                        + (set.isPrefix ? " at \(start ?? -1)" : ""))
            }
        }
    }

    /// True when one of the literals stands in `subject`, at `start` if given.
    static func holds(_ subject: [UInt8], _ set: LiteralSet, at start: Int?) -> Bool {
        subject.withUnsafeBufferPointer { subject in
            set.literals.contains { literal in
                literal.bytes.withUnsafeBufferPointer { text in
                    let last = subject.count - text.count
                    var at = start ?? 0
                    while at <= (start ?? last), at <= last {
                        var i = 0
                        while i < text.count {
                            let byte = subject[at + i]
                            let isUpper = byte &- 0x41 < 26
                            let folded = literal.isCaseless && isUpper ? byte | 0x20 : byte
                            if folded != text[i] { break }
                            i += 1
                        }
                        if i == text.count { return true }
                        at += 1
                    }
                    return false
                }
            }
        }
    }
}
