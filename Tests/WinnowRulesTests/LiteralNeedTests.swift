import Testing

@testable import WinnowRules

@Suite("Literals of selections")
struct LiteralNeedTests {
    /// The literals that a rule with this `match` needs, with their fields.
    private func need(
        _ match: String, where filter: String? = nil,
        by rarity: LiteralRarity = .general
    ) throws -> [String]? {
        let body = "match: \(match)" + (filter.map { "\nwhere: \($0)" } ?? "")
        let program = RuleBench.plan(body).program
        let logic = try #require(program.logic.first)
        let need = LiteralNeed.of(logic, by: rarity) { field in
            switch field {
            case "message", "event.provider", "winlog.task": .verbatim
            case "event.code": .verbatimWithPlainNumbers
            default: nil
            }
        }
        return need?.literals.map {
            $0.field + ($0.literal.isCaseless ? " i:" : " ")
                + String(decoding: $0.literal.bytes, as: UTF8.self)
        }
    }

    @Test(
        "One of the literals must stand in a record for the rule to match",
        arguments: [
            ("{message|contains: Disk Full}", ["message i:disk full"]),
            ("{message|contains|cased: Disk Full}", ["message Disk Full"]),
            ("{message|startswith: wxyz}", ["message i:wxyz"]),
            ("{message|endswith: wxyz}", ["message i:wxyz"]),
            ("{message: wxyz}", ["message i:wxyz"]),
            ("{message|contains: [wxyz, qwer]}", ["message i:wxyz", "message i:qwer"]),
            ("{message|contains|all: [the, wxyzq]}", ["message i:wxyzq"]),
            ("{message: 'a*wxyz?q'}", ["message i:wxyz"]),
            ("{message|re: 'wxyz \\d+'}", ["message wxyz "]),
            ("{message|re|i: 'wxyz \\d+'}", ["message i:wxyz "]),
            ("{event.code: 4625}", ["event.code 4625"]),
            ("{event.code: [4625, 4740]}", ["event.code 4625", "event.code 4740"]),
            ("{event.provider: nssm}", ["event.provider i:nssm"]),
            ("{event.provider: nssm, message|contains: wxyzqwer}", ["message i:wxyzqwer"]),
            (
                "{any: [{event.code: 4625}, {message|contains: wxyz}]}",
                ["event.code 4625", "message i:wxyz"]
            ),
            ("{not: {message|contains: wxyz}, event.code: 4625}", ["event.code 4625"]),
            ("{user.name: root, message|contains: wxyz}", ["message i:wxyz"]),
        ])
    func found(match: String, expected: [String]) throws {
        #expect(try need(match) == expected)
    }

    @Test(
        "Nothing is needed where a record may match without it",
        arguments: [
            "{user.name: wxyz}", "{not: {message|contains: wxyz}}", "{message|exists: true}",
            "{event.code|gte: 4625}", "{event.code: 7}", "{message|contains: ab}",
            "{any: [{message|contains: wxyz}, {user.name: root}]}", "{message|neq: wxyz}",
            "{message|contains: [wxyz, ab]}", "{message: null}",
        ])
    func notFound(match: String) throws {
        #expect(try need(match) == nil)
    }

    @Test("What `where` asks of a field is needed as well")
    func filter() throws {
        #expect(
            try need("{user.name: root}", where: "{message|contains: wxyz}")
                == ["message i:wxyz"])
    }

    @Test("A long text is needed by its beginning")
    func long() throws {
        let text = String(repeating: "wxyz", count: 100)
        let expected = "message i:" + String(repeating: "wxyz", count: 16)
        #expect(try need("{message|contains: \(text)}") == [expected])
    }
}
