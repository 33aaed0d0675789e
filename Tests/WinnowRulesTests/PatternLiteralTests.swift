import Testing

@testable import WinnowRules

@Suite("Literals of patterns")
struct PatternLiteralTests {
    /// The literals in order: `i:` before those without case, `^` first where matches begin so.
    private func literals(
        _ source: String, _ flags: PatternFlags = [], by rarity: LiteralRarity = .general
    ) throws -> String? {
        let pattern = try Pattern(source, flags: flags)
        guard let set = PatternLiterals.required(pattern, by: rarity) else { return nil }
        let texts = set.literals.map {
            ($0.isCaseless ? "i:" : "") + String(decoding: $0.bytes, as: UTF8.self)
        }
        return (set.isPrefix ? "^" : "") + texts.joined(separator: "|")
    }

    @Test(
        "The required texts are found where they are certain",
        arguments: [
            ("too many open files", "^too many open files"), ("^Panic: (.*)$", "^Panic: "),
            (#"^\d+ @\S+ (?<cpu>\d+)%: .* ms clock"#, " ms clock"),
            // Alternatives.
            ("panic|fatal|error", "^error|fatal|panic"), ("(?:abc|def)ghij", "^abcghij|defghij"),
            (".(?:a|b)xyzw", "axyzw|bxyzw"), ("errors|error", "^error"),
            (#"(?:\d+|x)?timeout"#, "timeout"), (#"qwert\d|asdfg\d"#, "^asdfg|qwert"),
            // Quantifiers.
            ("(abc)+", "^abc"), ("x(abc){2,3}", "^xabcabc"), ("xyzt?q", "^xyzq|xyztq"),
            ("wxyz*q", "^wxy"), ("wxy{0,5}zz", nil), ("(?:wxyz){0}q", nil),
            ("a{4}", "^aaaa"), ("qa{2,}b", "^qaa"), ("wxyz{1}q", "^wxyzq"), ("wxyz++q", "^wxyz"),
            (#"(?:\dab){3}"#, nil), (#"(?:b\da){3}xyz"#, "axyz"),
            ("wxy{,2}", nil), ("wxy{ 1}", nil), ("wxy{z}", "^wxy{z}"), ("wxy{", "^wxy{"),
            // Classes.
            ("[Ee]rror: ", "^i:error: "), ("[Ww][Xx]", nil), ("wx[yz]q", "^wxyq|wxzq"),
            ("wxyz[a-z]q", "^wxyz"), ("wxyz[^a]", "^wxyz"), ("[]a]wxyz", "^]wxyz|awxyz"),
            (#"wx[\Q]^\E]yz"#, "^wx]yz|wx^yz"), ("wxyz[[:digit:]]", "^wxyz"),
            (#"wxy[\E^a]q"#, "^wxy"), ("wx[a-]yz", "^wx-yz|wxayz"),
            (#"wx[\x61\n]yz"#, "^wx\nyz|wxayz"),
            (#"wx[\b]yz"#, "^wx\u{8}yz"), ("[[:<:]]wxyz[[:>:]]", "^wxyz"),
            // Escapes.
            (#"w\.x\.y"#, "^w.x.y"), (#"\Qa.b*c\E+z"#, "^a.b*c"), (#"foo\bbar"#, "^foobar"),
            (#"\x41\x{42}\103\o{104}"#, nil), (#"\x41\x{42}\o{103}\o{104}"#, "^ABCD"),
            (#"wxy\0q"#, "^wxy\0q"), (#"wxy\0601"#, "^wxy01"), (#"\cIwxyz"#, "^\twxyz"),
            (#"\t\r\n\f\e\a"#, "^\t\r\n\u{C}\u{1B}\u{7}"), (#"wx\Kyzq"#, "^wxyzq"),
            (#"é\N{U+62}wxyz"#, "^ébwxyz"), (#"wxyz\Rabcd"#, "^wxyz"),
            (#"wxyz\X"#, "^wxyz"), (#"\Awxyz\z"#, "^wxyz"), (#"\Gwxyz"#, "wxyz"),
            (#"wxyz\p{Lu}"#, "^wxyz"), (#"wxyz\pL"#, "^wxyz"), (#"wx\E+yz"#, "xyz"),
            // Groups.
            ("(?<name>exit code) 5", "^exit code 5"), ("(?'name'exit)", "^exit"),
            ("(?P<name>exit)", "^exit"), ("(?>wxyz)q", "^wxyzq"), ("(?|wxyz|qwer)", "^qwer|wxyz"),
            ("(?#note)wx(?#note)yz", "^wxyz"), ("(*atomic:wxyz)", "^wxyz"), ("(*sr:wxyz)", "^wxyz"),
            (#"(wxyz)\1q"#, "^wxyz"), (#"(wxyz)\g{1}q"#, "^wxyz"), (#"(?<n>wxyz)\k<n>"#, "^wxyz"),
            ("(wxyz)(?1)", "^wxyz"), ("wxyz(?R)?", "^wxyz"), ("wxyz(?C1)q", "^wxyzq"),
            ("wxyz(?C'it''s')q", "^wxyzq"), ("(?(DEFINE)(?<d>abcd))wxyz(?&d)", "^wxyz"),
            ("(a)?(?(1)wxyz|qwer)", "^qwer|wxyz|aqwer|awxyz"),
            ("(?(?=a)wxyz)qwer", "^qwer|wxyzqwer"),
            // Look-arounds take nothing and may stand anywhere.
            ("(?=xyz)wabc", "^wabc"), ("(?!xyz)wabc", "^wabc"), ("(?<=xyz)wabc", "^wabc"),
            ("(*pla:xyz)wabc", "^wabc"), ("wx(?=yz)", nil), ("(?=wxyz)", nil),
            // Verbs.
            ("(*NO_JIT)wxyz", "^wxyz"), ("wxyz(*PRUNE)q", "wxyzq"), ("wxyz(*MARK:m)q", "^wxyzq"),
            ("wxyz(*SKIP)", "wxyz"), ("(*ACCEPT)wxyz", nil), ("wxyz(*ACCEPT)", nil),
            ("(*NOTEMPTY)wxyz", "wxyz"),
            // Texts beyond ASCII.
            ("拒绝访问", "^拒绝访问"), (#"\x{62d2}\x{7edd}"#, "^拒绝"), ("[拒绝]访问", "^拒访问|绝访问"),
        ] as [(String, String?)])
    func found(source: String, expected: String?) throws {
        let found = try literals(source)
        #expect(found == expected)
    }

    @Test(
        "Options hold from where they stand to the end of their group",
        arguments: [
            ("(?i)wxYZ", "^i:wxyz"), ("(?i:wx)YZ", "^i:wxyz"), ("wxyz(?i)|qwer", "^i:qwer|wxyz"),
            ("(?:(?i)a|wxyz)qwer", "^i:aqwer|i:wxyzqwer"), ("(?:(?i)w)xyz", "^i:wxyz"),
            ("((?i)w)xyz|QWER", "^i:wxyz|QWER"), ("(?i)wxyz(?-i)|QWER", "^i:wxyz|QWER"),
            ("(?i)(?-i:WXYZ)", "^WXYZ"), ("(?i)(?^:WXYZ)", "^WXYZ"), ("(?i)(?^)WXYZ", "^WXYZ"),
            ("(?^i:WXYZ)", "^i:wxyz"), ("(?x) w x\ty\nz # no\nq", "^wxyzq"),
            (#"(?x) w\ x [ ] y (?#no) {2} z"#, "^w x yyz"), (#"(?x)wx\Q y\E z"#, "^wx yz"),
            ("(?xx)wx[ y ]z", "^wxyz"), ("(?x)wx[ y]z", "^wx z|wxyz"),
            ("(?xx)wx[ ^y ]zqwe", "zqwe"),
            ("(?xx)(?x)wx[ y]z", "^wx z|wxyz"), ("(?x:w x)y z", "^wxy z"),
            ("(?x)(?-x)w x y", "^w x y"),
            ("(?x)(?^)w x y", "^w x y"), ("(*ANYCRLF)(?x)wxyz # a\nb", nil),
            ("(?i)12345", "^12345"), ("(?ms-i)wxyz", "^wxyz"), ("(?U)wxyz+?q", "^wxyz"),
        ] as [(String, String?)])
    func options(source: String, expected: String?) throws {
        let found = try literals(source)
        #expect(found == expected)
    }

    @Test(
        "Nothing is required where the pattern can do without it",
        arguments: [
            "(wxyz)?", "(wxyz)*", "wxyz|", "wxyz|d?", "(?:wxyz){0,5}", ".*", #"\d+"#, #"\dab?c"#,
            "(?!wxyz)", "(?<=wxyz)", #"(a)\1\1\1"#, "(?(?=a)wxyz)", "(?i)päk", "(?(DEFINE)wxyz)",
            "(?(R)wxyz)", "(wxyz){0}(?1)?", "",
        ])
    func notFound(source: String) throws {
        #expect(try literals(source) == nil)
    }

    @Test("Letters that match beyond ASCII without regard to case stand with all their forms")
    func caseless() throws {
        // U+212A, the Kelvin sign, matches k; U+017F, the long s, matches s.
        #expect(try literals("ä?mark", .caseless) == "i:mark|i:mar\u{212A}")
        #expect(try literals("mark", .caseless) == "^i:mark")
        #expect(try literals(#"(?#é)\dsky"#, .caseless)?.split(separator: "|").count == 4)
        #expect(try literals("ä[k]elvin", .caseless) == "i:kelvin|i:\u{212A}elvin")
        #expect(
            RuleBench.meets(
                "{message|re|i: 'ä mark task'}", [("message", "Ä MAR\u{212A} TA\u{17F}K")]))
        // With (*UCP) bytes beyond ASCII have case, too.
        #expect(try literals(#"(*UCP)(?i)wxyz\o{351}"#) == "^i:wxyz")
    }

    @Test("The text that is rare in a sample is taken in place of the one that is rare in general")
    func sample() throws {
        let source = #"certificate .* expires in"#
        let sample = String(repeating: "the certificate is good\n", count: 2000)
        let rarity = Array(sample.utf8).withUnsafeBytes { LiteralRarity(sample: $0) }
        #expect(try literals(source, by: rarity) == " expires in")
        let other = String(repeating: "it expires in an hour\n", count: 2000)
        let otherRarity = Array(other.utf8).withUnsafeBytes { LiteralRarity(sample: $0) }
        #expect(try literals(source, by: otherRarity) == "^certificate ")
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(try literals(source, by: LiteralRarity(sample: none)) != nil)
    }

    @Test("Many alternatives and long texts end in sets of bounded size")
    func bounds() throws {
        let many = (0..<200).map { "word\($0)x" }.joined(separator: "|")
        #expect(try literals(many) == nil)
        let product = String(repeating: "[abc]", count: 50)
        let set = try #require(PatternLiterals.required(try Pattern(product, flags: [])))
        #expect(set.literals.count <= PatternLiterals.maxCount)
        let long = String(repeating: "abcdefgh", count: 1000)
        let longSet = try #require(PatternLiterals.required(try Pattern(long, flags: [])))
        #expect(longSet.literals.allSatisfy { $0.bytes.count <= 32 })
    }

    @Test(
        "A set has no literal that another one covers",
        arguments: [
            (["error", "errors"], false, ["error"]), (["xerror", "error"], false, ["error"]),
            (["xerror", "error"], true, ["error", "xerror"]), (["a", "a"], false, ["a"]),
        ])
    func covered(texts: [String], isPrefix: Bool, expected: [String]) {
        let set = LiteralSet(texts.map { Literal(Array($0.utf8)) }, isPrefix: isPrefix)
        #expect(set.literals.map { String(decoding: $0.bytes, as: UTF8.self) } == expected)
        let mixed = LiteralSet([
            Literal(Array("ERROR 1".utf8)), Literal(Array("error".utf8), isCaseless: true),
        ])
        #expect(mixed.literals == [Literal(Array("Error".utf8), isCaseless: true)])
        let cased = LiteralSet([
            Literal(Array("error".utf8)), Literal(Array("xerror".utf8), isCaseless: true),
        ])
        #expect(cased.literals.count == 2)
    }
}
