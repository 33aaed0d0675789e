import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Selections")
struct SelectionTests {
    /// A selection, the record's fields, and whether they meet.
    struct Case: Sendable, CustomTestStringConvertible {
        var match: String
        var fields: [(String, String)]
        var meets: Bool
        var kind = "text"

        init(_ match: String, _ fields: [(String, String)], _ meets: Bool, kind: String = "text") {
            self.match = match
            self.fields = fields
            self.meets = meets
            self.kind = kind
        }

        /// A selection on a message.
        init(_ match: String, _ message: String, _ meets: Bool) {
            self.init(match, [("message", message)], meets)
        }

        var testDescription: String { "\(match) \(fields) \(meets)" }
    }

    static let texts: [Case] = [
        Case("{message: abc}", "abc", true), Case("{message: abc}", "ABC", true),
        Case("{message: ABC}", "abc", true), Case("{message: abc}", "abcd", false),
        Case("{message: abc}", "xabc", false), Case("{message: abc}", "", false),
        Case("{message|cased: abc}", "ABC", false), Case("{message|cased: ABC}", "ABC", true),
        Case("{message|contains: b c}", "A B C D", true),
        Case("{message|contains: b c}", "abcd", false),
        Case("{message|contains|cased: B C}", "a b c", false),
        Case("{message|contains|cased: B C}", "a B C", true),
        Case("{message|contains: aab}", "aaab", true),
        Case("{message|startswith: ab}", "ABc", true),
        Case("{message|startswith: ab}", "cab", false),
        Case("{message|endswith: bc}", "aBC", true),
        Case("{message|endswith: bc}", "bca", false),
        Case("{message|endswith: bc}", "c", false),
        Case("{message|contains: [x, y]}", "ay", true),
        Case("{message|contains: [x, y]}", "a", false),
        Case("{message|contains|all: [x, y]}", "yax", true),
        Case("{message|contains|all: [x, y]}", "yyy", false),
        Case("{message: ''}", "", true), Case("{message: ''}", "a", false),
        Case("{message: ''}", [], false),
        Case("{message: no}", "NO", true), Case("{message: true}", "True", true),
        Case("{message: 0x1F}", "0x1f", true), Case("{message: 0x1F}", "31", false),
        Case("{message: 2026-03-01}", "2026-03-01", true),
    ]

    static let wildcards: [Case] = [
        Case("{message: a*d}", "abcd", true), Case("{message: a*d}", "ad", true),
        Case("{message: a*d}", "abcde", false), Case("{message: 'a*'}", "a", true),
        Case("{message: '*'}", "", true), Case("{message: '*'}", [], false),
        Case("{message: 'a?c'}", "aBc", true), Case("{message: 'a?c'}", "ac", false),
        Case("{message: 'a?c'}", "a€c", true), Case("{message: 'a??c'}", "a€c", false),
        Case("{message: '?*'}", "", false), Case("{message: '*a*b*'}", "xxAyyBzz", true),
        Case("{message: '*a*b*'}", "ba", false), Case("{message: '*aab'}", "aaab", true),
        Case("{message: '*?€'}", "€€", true), Case("{message: '*?€'}", "€", false),
        Case("{message: 'ab*ba'}", "aba", false), Case("{message: 'ab*ba'}", "abba", true),
        Case(#"{message: 'a\*b'}"#, "a*b", true), Case(#"{message: 'a\*b'}"#, "axb", false),
        Case(#"{message: 'a\?b'}"#, "a?b", true), Case(#"{message: 'C:\x'}"#, #"c:\X"#, true),
        Case(#"{message: 'a\\*b'}"#, #"a\xyb"#, true),
        Case(#"{message: 'a\\\*b'}"#, #"a\*b"#, true),
        Case(#"{message: 'a\\\*b'}"#, #"a\xb"#, false),
        Case(#"{message|contains: '\Windows\'}"#, #"c:\windows\system32"#, true),
        Case("{message|contains: 'a*c'}", "xxabbcxx", true),
        Case("{message|startswith: 'a*c'}", "abbcxx", true),
        Case("{message|endswith: 'a*c'}", "xxabbc", true),
        Case("{message|endswith: 'a*c'}", "xxabbcx", false),
        Case("{message|cased: 'A*C'}", "ABC", true), Case("{message|cased: 'A*C'}", "abc", false),
    ]

    static let beyondASCII: [Case] = [
        Case("{message: größe}", "GRÖSSE", false), Case("{message: größe}", "GRÖßE", true),
        Case("{message|contains: ошибка}", "Внутренняя ОШИБКА сервера", true),
        Case("{message|contains|cased: ошибка}", "ОШИБКА", false),
        Case("{message|startswith: ÄRGER}", "ärger im büro", true),
        Case("{message|startswith: ÄRGER}", "kein ärger", false),
        Case("{message|endswith: Ü*Z}", "x üyz", true),
        Case("{message: Ü?Z}", "üßz", true),
        Case("{message|contains: 拒绝访问}", "打开: 拒绝访问。", true),
        Case("{message|contains: 拒绝访问}", "打开: 拒绝", false),
    ]

    static let numbers: [Case] = [
        Case("{event.code: 7036}", [("event.code", "number:7036")], true),
        Case("{event.code: 7036}", [("event.code", "7036")], true),
        Case("{event.code: 7036}", [("event.code", "7036.0")], true),
        Case("{event.code: 7036}", [("event.code", "70360")], false),
        Case("{event.code: '7036'}", [("event.code", "number:7036")], true),
        Case("{event.code: [1, 7036]}", [("event.code", "number:7036")], true),
        Case("{event.code: '70*'}", [("event.code", "number:7036")], true),
        Case("{EventID: 7036}", [("event.code", "number:7036")], true),
        Case("{n|gt: 5}", [("winlog.event_data.n", "6")], true),
        Case("{n|gt: 5}", [("winlog.event_data.n", "5")], false),
        Case("{n|gte: 5}", [("winlog.event_data.n", "5.0")], true),
        Case("{n|lt: -1.5}", [("winlog.event_data.n", "-2")], true),
        Case("{n|lte: 5}", [("winlog.event_data.n", "5")], true),
        Case("{n|lt: 5}", [("winlog.event_data.n", "text")], false),
        Case("{n|lt: 5}", [("winlog.event_data.n", "")], false),
        Case("{n|lt: 5}", [], false),
        Case("{n|gt: 9007199254740992}", [("winlog.event_data.n", "9007199254740993")], true),
        Case("{n: 9223372036854775807}", [("winlog.event_data.n", "9223372036854775806")], false),
        Case("{n|gt: 1}", [("winlog.event_data.n", "99999999999999999999999999")], true),
        Case("{n: 1e3}", [("winlog.event_data.n", "1000")], true),
        Case("{n|neq: 5}", [("winlog.event_data.n", "6")], true),
        Case("{n|neq: 5}", [("winlog.event_data.n", "5")], false),
        Case("{n|neq: 5}", [], false),
        Case("{n|neq: [5, a]}", [("winlog.event_data.n", "A")], false),
        Case("{n|neq: [5, a]}", [("winlog.event_data.n", "b")], true),
    ]

    static let others: [Case] = [
        Case("{message|exists: true}", "", true), Case("{message|exists: true}", [], false),
        Case("{message|exists: false}", [], true), Case("{message|exists: false}", "a", false),
        Case("{message: null}", [], true), Case("{message: null}", "", true),
        Case("{message: ~}", "a", false), Case("{message: [null, a]}", "a", true),
        Case("{ip|cidr: 10.0.0.0/8}", [("winlog.event_data.ip", "10.200.1.1")], true),
        Case("{ip|cidr: 10.0.0.0/8}", [("winlog.event_data.ip", "11.0.0.1")], false),
        Case("{ip|cidr: 192.168.4.0/22}", [("winlog.event_data.ip", "192.168.7.255")], true),
        Case("{ip|cidr: 192.168.4.0/22}", [("winlog.event_data.ip", "192.168.8.0")], false),
        Case("{ip|cidr: 'fe80::/10'}", [("winlog.event_data.ip", "FE80::1:2")], true),
        Case("{ip|cidr: 'fe80::/10'}", [("winlog.event_data.ip", "fec0::1")], false),
        Case("{ip|cidr: 10.0.0.0/8}", [("winlog.event_data.ip", "::ffff:10.1.1.1")], true),
        Case("{ip|cidr: '::1'}", [("winlog.event_data.ip", "::1")], true),
        Case("{ip|cidr: 0.0.0.0/0}", [("winlog.event_data.ip", "1.2.3")], false),
        Case(
            "{a|fieldref: b}", [("winlog.event_data.a", "X"), ("winlog.event_data.b", "x")], true),
        Case(
            "{a|fieldref: b}", [("winlog.event_data.a", "X"), ("winlog.event_data.b", "y")], false),
        Case("{a|fieldref: b}", [("winlog.event_data.a", "X")], false),
        Case(
            "{a|fieldref|endswith: b}",
            [("winlog.event_data.a", "dir/X"), ("winlog.event_data.b", "x")], true),
        Case(
            "{a|fieldref|cased: b}",
            [("winlog.event_data.a", "X"), ("winlog.event_data.b", "x")], false),
        Case(
            "{a|fieldref|neq: b}",
            [("winlog.event_data.a", "X"), ("winlog.event_data.b", "y")], true),
        Case("{message|windash|contains: ' -enc'}", "powershell /ENC", true),
        Case("{message|windash|contains: ' -enc'}", "powershell –enc", true),
        Case("{message|windash|contains: ' -enc'}", "powershell enc", false),
        Case("{message|base64: foobar}", "Zm9vYmFy", true),
        Case("{message|base64: foobar}", "zm9vymfy", false),
        Case("{message|wide|base64: abc}", "YQBiAGMA", true),
        Case("{message|base64offset|contains: foobar}", "x eGZvb2Jhcg== ", true),
        Case("{message|base64offset|contains: foobar}", "eHhmb29iYXI=", true),
        Case("{message|base64offset|contains: foobar}", "Zm9vYmF6", false),
        Case("{event.kind: go.crash}", [("message", "a")], true, kind: "go.crash"),
        Case("{event.kind: [text, go.crash]}", [("message", "a")], false, kind: "go.gctrace"),
        Case("{event.kind|startswith: GO.}", [("message", "a")], true, kind: "go.crash"),
        Case("{event.kind|neq: text}", [("message", "a")], false),
        Case("{not: {event.kind: text}}", [("message", "a")], false),
    ]

    static let patterns: [Case] = [
        Case(#"{message|re: 'a\d+'}"#, "xa12", true), Case("{message|re: a}", "A", false),
        Case("{message|re|i: a}", "A", true), Case("{message|re: '^b'}", "a\nb", false),
        Case("{message|re|m: '^b'}", "a\nb", true), Case("{message|re: a.b}", "a\nb", false),
        Case("{message|re|s: a.b}", "a\nb", true), Case("{message|re: '^$'}", "", true),
        Case("{message|re: [a, b]}", "b", true), Case("{message|re|all: [a, b]}", "b", false),
        Case("{message|re|i: ärger}", "ÄRGER", true), Case("{message|re: '^.$'}", "é", false),
        Case(#"{message|re: '^\X$'}"#, "é", true), Case(#"{message|re: '\p{Lu}'}"#, "É", true),
        Case(#"{message|re: '\x{e9}'}"#, "é", true),
    ]

    static let nesting: [Case] = [
        Case("{message: a, host.name: b}", [("message", "a"), ("host.name", "b")], true),
        Case("{message: a, host.name: b}", [("message", "a")], false),
        Case("[{message: a}, {message: b}]", "b", true),
        Case("[{message: a}, {message: b}]", "c", false),
        Case("{any: [{message: a}, {host.name: b}]}", [("host.name", "b")], true),
        Case("{any: [{message: a}, {host.name: b}]}", [("host.name", "c")], false),
        Case("{all: [{message|contains: a}, {message|contains: b}]}", "ab", true),
        Case("{all: [{message|contains: a}, {message|contains: b}]}", "b", false),
        Case("{not: {message: a}}", "b", true), Case("{not: {message: a}}", "a", false),
        Case("{not: {message: a}}", [], true),
        Case("{not: [{message: a}, {message: b}]}", "b", false),
        Case("{not: [{message: a}, {message: b}]}", "c", true),
        Case("{message|contains: a, not: {any: [{message|contains: b}]}}", "ac", true),
        Case("{not: {not: {message: a}}}", "a", true),
        // A field with several values: any of them.
        Case("{message: b}", [("message", "a"), ("message", "b")], true),
        Case("{message|contains|all: [a, b]}", [("message", "a"), ("message", "b")], true),
        Case("{message|neq: b}", [("message", "a"), ("message", "b")], false),
        Case("{message: null}", [("message", ""), ("message", "b")], false),
        Case("{message|re: '^b'}", [("message", "a"), ("message", "b")], true),
    ]

    @Test("Texts compare as Sigma says", arguments: texts)
    func text(_ test: Case) { check(test) }

    @Test("Wildcards and their escapes work as Sigma says", arguments: wildcards)
    func wildcard(_ test: Case) { check(test) }

    @Test("Letters beyond ASCII compare by simple case folding", arguments: beyondASCII)
    func foreign(_ test: Case) { check(test) }

    @Test("Numbers compare as numbers, with numeric text as well", arguments: numbers)
    func number(_ test: Case) { check(test) }

    @Test("The other modifiers do what their names say", arguments: others)
    func other(_ test: Case) { check(test) }

    @Test("Regular expressions are unanchored and regard case", arguments: patterns)
    func pattern(_ test: Case) { check(test) }

    @Test("Maps are and, lists are or, not is not", arguments: nesting)
    func nested(_ test: Case) { check(test) }

    private func check(_ test: Case) {
        #expect(RuleBench.meets(test.match, test.fields, kind: test.kind) == test.meets)
    }

    @Test("A name of Sigma means the same field as the full name")
    func aliases() {
        let record = [
            ("event.provider", "p"), ("event.code", "number:1"), ("winlog.channel", "c"),
            ("winlog.computer_name", "h"), ("winlog.level", "number:2"),
            ("winlog.event_data.ServiceName", "s"), ("message", "m"),
        ]
        let match =
            "{Provider_Name: p, EventID: 1, Channel: c, Computer: h, Level: 2, ServiceName: s, message: m}"
        #expect(RuleBench.meets(match, record))
    }

    @Test("A product's rules see only the records of that product")
    func products() {
        func meets(_ product: String, _ kind: String) -> Bool {
            let plan = RuleBench.plan("logsource: {product: \(product)}\nmatch: {message: a}")
            return !RuleBench.match(plan, [("message", "a")], kind: kind).isEmpty
        }
        #expect(meets("windows", "windows.event"))
        #expect(!meets("windows", "text"))
        #expect(meets("go", "text"))
        #expect(meets("go", "go.crash"))
        #expect(!meets("go", "windows.event"))
        #expect(meets("linux", "windows.event"))
    }
}
