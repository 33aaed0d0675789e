import Testing

@testable import WinnowRules

@Suite("Patterns")
struct PatternTests {
    private func literals(_ source: String, _ flags: PatternFlags = []) throws -> [String]? {
        PatternLiterals.required(try Pattern(source, flags: flags))?.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(
        "The required texts are found where they are certain",
        arguments: [
            ("too many open files", ["too many open files"]), ("^Panic: (.*)$", ["panic: "]),
            (#"^gc \d+ @\S+ (?<cpu>\d+)%: .* ms clock"#, [" ms clock"]),
            ("panic|fatal|error", ["panic", "fatal", "error"]),
            ("(?i)panic|fatal", ["panic", "fatal"]), ("(?:abc|def)ghij", ["ghij"]),
            ("(?:abcd|defg)hij", ["abcd", "defg"]), ("(abc)+", ["abc"]), ("x(abc){2,3}", ["abc"]),
            (#"winapi error #(?:225|226)\b"#, ["winapi error #"]), (#"a\.b\.c"#, ["a.b.c"]),
            (#"\Qa.b*c\E+"#, ["a.b*"]), (#"foo\bbar"#, ["foobar"]), (#"\x41\x42\x43"#, ["abc"]),
            ("(?=xyz)abc", ["abc"]), ("拒绝访问", ["拒绝访问"]), ("(?>abcd)e", ["abcde"]),
            ("(?<name>exit code) 5", ["exit code 5"]), ("(?'name'exit)", ["exit"]),
        ])
    func found(source: String, expected: [String]) throws {
        #expect(try literals(source) == expected)
    }

    @Test(
        "Nothing is required where the pattern can do without it",
        arguments: [
            "(abc)?", "(abc)*", "abc|", "abc|d?", "(?:abc){0,5}", ".*", #"\d+"#, "[abc]def?",
            "ab?c", "(?x) a b c", "(?!abc)", "(?<=abc)", #"(a)\1\1\1"#, "(?(?=a)abc|def)",
            "(*ACCEPT)abc", "abc(*ACCEPT)", #"\N{U+61}bc"#, "(?i)päck",
        ])
    func notFound(source: String) throws {
        #expect(try literals(source) == nil)
    }

    @Test("Letters that match beyond ASCII without regard to case are not required")
    func caseless() throws {
        // U+212A, the Kelvin sign, matches k; U+017F, the long s, matches s.
        #expect(try literals("ä mark task", .caseless) == [" mar"])
        #expect(
            RuleBench.meets(
                "{message|re|i: 'ä mark task'}", [("message", "Ä MAR\u{212A} TA\u{17F}K")]))
    }

    @Test(
        "A record that matches is never screened out",
        arguments: [
            "too many|cannot assign", "(?i)Out Of Memory", #"(?:x|yy)zz+\d"#, #"a{3}b?c"#,
            "[xy]abc[de]",
            "(abc|abd)e?f", #"\bfoo(?:bar)?baz"#, "a|b|cde", "(?:(?:ab)+c)+d", #"(?s)a.c\ndef"#,
            "\\Qa|b\\E|cde",
        ])
    func sound(source: String) throws {
        let pattern = try Pattern(source, flags: [])
        guard let required = PatternLiterals.required(pattern) else { return }
        var random = SystemRandomNumberGenerator.seeded(source)
        let runner = PatternRunner(groups: 4)
        let alphabet = Array("aAbBcCdDeEfFoOrRzZxy 01|\n".utf8)
        // Pieces of the pattern itself make matches likely.
        let pieces = source.split { "()|?+*[]{}\\".contains($0) }.map { Array($0.utf8) }
        for _ in 0..<20_000 {
            var subject: [UInt8] = []
            for _ in 0..<random.next(8) {
                if random.next(2) == 0, !pieces.isEmpty {
                    subject += pieces[random.next(pieces.count)]
                } else {
                    subject.append(alphabet[random.next(alphabet.count)])
                }
            }
            guard subject.withUnsafeBytes({ runner.run(pattern, $0) }) == .match else { continue }
            let folded = subject.map(\.asciiLowercased)
            let holds = required.contains { text in
                folded.indices.contains { folded[$0...].starts(with: text) }
            }
            #expect(holds, "\(String(decoding: subject, as: UTF8.self)) has none of \(required)")
        }
    }

    @Test(
        "A pattern that doubles its work is found with the text that shows it",
        arguments: [
            "^(a+)+$", "(a*)*b", #"(\w+\s?)+$"#, "(a|aa)+$", "(a|a?)+$", #"(?:\d+|\w+)+!"#,
            "(x+x+)+y",
            #"^(([a-z])+.)+[A-Z]([a-z])+$"#, #"<(?:\w+\s*=?\s*)*>"#, "(?:a+b?)*c",
            "((a{1,9}){1,9}){5,}b",
            "(?=(a+)+b)a", #"^prefix (?:.*?,)+ suffix$"#,
        ])
    func dangerous(source: String) throws {
        let runner = PatternRunner(groups: 0)
        let pattern = try Pattern(source, flags: [])
        let attack = try #require(PatternDanger.attack(on: pattern, runner: runner))
        let outcome = attack.text.withUnsafeBytes { runner.run(pattern, $0) }
        #expect(outcome == .limit(.match))
    }

    @Test(
        "Patterns of everyday use are not refused",
        arguments: [
            #"^gc \d+ @\S+ (?<cpu>\d+)%: (?<a>[\d.]+)\+[\d.]+\+(?<b>[\d.]+) ms clock"#,
            #"(?:\d{1,3}\.){3}\d{1,3}"#, #"(?:[^":]|:(?! )){1,400}: "#, "(?:foo bar )+baz",
            #"^(?:\w+ )*\w+$"#, "(a++)+$", "(?>a+)+$", #"^[^,]*(?:,[^,]*)*$"#,
            #""(?:[^"\\]|\\.)*""#,
            #"\\Program ?(?:Files|Data)[^\\]{0,20}\\.{1,300}\\([^\\]{1,250}\.dll)$"#, "(ab|cd)+ef",
            ".*foo.*bar.*", #"(\w+)\s+(\w+)\s+(\w+)"#,
        ])
    func harmless(source: String) throws {
        let pattern = try Pattern(source, flags: [])
        #expect(PatternDanger.attack(on: pattern, runner: PatternRunner(groups: 0)) == nil)
    }

    @Test(
        "Bytes are units unless the pattern speaks of characters",
        arguments: [
            ("abc", false), (#"\\p"#, false), (#"\x41"#, false), ("é", true), (#"\p{L}"#, true),
            (#"\X"#, true), (#"\xe9"#, true), (#"\x{20ac}"#, true), (#"\N{U+20ac}"#, true),
        ])
    func units(source: String, isUTF: Bool) throws {
        #expect(try Pattern(source, flags: []).isUTF == isUTF)
    }
}

/// Numbers that look random and are the same in every run.
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: String) {
        state = seed.utf8.reduce(0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// A number below `bound`. Source: Marsaglia, "Xorshift RNGs", 2003.
    mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}

extension SystemRandomNumberGenerator {
    static func seeded(_ seed: String) -> SeededNumbers { SeededNumbers(seed) }
}
