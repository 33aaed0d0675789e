import Testing

@testable import WinnowRules

@Suite("Patterns")
struct PatternTests {
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
