import Glibc
import Testing

@testable import WinnowRules

@Suite("Scanning for many literals")
struct LiteralScanTests {
    struct Hit: Hashable, Comparable {
        var literal: Int
        var offset: Int

        static func < (a: Hit, b: Hit) -> Bool {
            (a.offset, a.literal) < (b.offset, b.literal)
        }
    }

    /// What a scan finds in memory of exactly this size, so that a sanitizer sees every read beyond.
    private func found(
        _ scan: LiteralScan, _ text: [UInt8], shift: Int = 0
    ) -> [Hit] {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: text.count + shift, alignment: 16)
        defer { memory.deallocate() }
        let part = UnsafeMutableRawBufferPointer(rebasing: memory[shift...])
        part.copyBytes(from: text)
        var hits: [Hit] = []
        scan.scan(UnsafeRawBufferPointer(part)) { hits.append(Hit(literal: $0, offset: $1)) }
        return hits.sorted()
    }

    /// The same by looking at every place for every literal.
    private func naive(_ literals: [Literal], _ text: [UInt8]) -> [Hit] {
        var hits: [Hit] = []
        let folded = text.map(\.asciiLowercased)
        folded.withUnsafeBytes { folded in
            text.withUnsafeBytes { text in
                for (index, literal) in literals.enumerated() {
                    let count = literal.bytes.count
                    guard count <= text.count else { continue }
                    literal.bytes.withUnsafeBytes { wanted in
                        guard let wanted = wanted.baseAddress,
                            let place = (literal.isCaseless ? folded : text).baseAddress
                        else { return }
                        for at in 0...(text.count - count)
                        where memcmp(place + at, wanted, count) == 0 {
                            hits.append(Hit(literal: index, offset: at))
                        }
                    }
                }
            }
        }
        return hits.sorted()
    }

    private func check(
        _ literals: [Literal], _ text: [UInt8], shift: Int = 0, _ note: String = ""
    ) throws {
        let scan = try #require(LiteralScan(literals))
        let hits = found(scan, text, shift: shift)
        let expected = naive(literals, text)
        #expect(hits == expected, "\(note) \(text.count) bytes, shift \(shift)")
    }

    private func bytes(_ count: Int, _ alphabet: [UInt8], _ random: inout SeededNumbers) -> [UInt8]
    {
        (0..<count).map { _ in alphabet[random.next(alphabet.count)] }
    }

    @Test("Each literal is found once at every place of buffers of every size and alignment")
    func everyPlace() throws {
        let texts = ["abc", "wxyz", "hello", "listen", "timeout", "deadline exceeded in call 7"]
        for (index, text) in texts.enumerated() {
            let literals = texts.map {
                Literal(Array($0.utf8), isCaseless: index % 2 == 0)
            }
            let scan = try #require(LiteralScan(literals))
            let count = text.utf8.count
            for size in count...(count + 70) {
                for at in 0...(size - count) {
                    var buffer = [UInt8](repeating: UInt8(ascii: "."), count: size)
                    buffer.replaceSubrange(at..<at + count, with: text.utf8)
                    #expect(
                        found(scan, buffer, shift: (size + at) % 9) == [
                            Hit(literal: index, offset: at)
                        ],
                        "\(text) at \(at) of \(size)")
                }
            }
        }
    }

    @Test("Nothing is found in buffers that are too short or hold the beginning only")
    func short() throws {
        let literals = ["abc", "abcd", "abcdefgh"].map { Literal(Array($0.utf8)) }
        for count in 0...8 {
            try check(literals, Array("abcdefgh".utf8.prefix(count)))
            try check(literals, Array("abcdefgh".utf8.suffix(count)))
        }
        let scan = try #require(LiteralScan(literals))
        scan.scan(UnsafeRawBufferPointer(start: nil, count: 0)) { _, _ in
            Issue.record("found in nothing")
        }
        #expect(LiteralScan([Literal([65, 66])]) == nil)
        #expect(LiteralScan([]) != nil)
    }

    @Test("Case counts only where a literal says so, and only for ASCII letters")
    func letters() throws {
        let literals = [
            Literal(Array("Timeout [x]".utf8)),
            Literal(Array("Timeout [x]".utf8), isCaseless: true),
            Literal(Array("@@@@@@@".utf8), isCaseless: true),
            Literal(Array("@k@k@k@".utf8), isCaseless: true),
            Literal([0xC3, 0x89, 0xC3, 0x89, 0x41, 0x42, 0x43], isCaseless: true),
        ]
        for text in [
            "Timeout [x]", "TIMEOUT [X]", "timeout [x]", "timeout {x}", "```````", "@@@@@@@",
            "@K@k@K@", "`K`k`K`", "ÉÉabc", "ééABC", "ÉÉABC",
        ] {
            try check(literals, Array(text.utf8), text)
        }
    }

    @Test("Random literals are found in random texts as by looking everywhere")
    func differential() throws {
        var random = SeededNumbers("scan")
        let alphabets: [[UInt8]] = [
            Array("ab".utf8), Array("aA".utf8), Array("abcABC@`[{ 0P".utf8), Array(0...255),
            [0x00, 0x20, 0x80, 0xA0, 0xFF],
        ]
        for round in 0..<400 {
            let alphabet = alphabets[round % alphabets.count]
            var text = bytes(random.next(300), alphabet, &random)
            var literals: [Literal] = []
            for _ in 0..<(1 + random.next(20)) {
                let count = 3 + random.next(random.next(2) == 0 ? 8 : 40)
                var literal = bytes(count, alphabet, &random)
                // Half of them stand in the text, or overlap with another one there.
                if random.next(2) == 0, text.count >= count {
                    let at = random.next(text.count - count + 1)
                    literal = Array(text[at..<at + count])
                } else if random.next(2) == 0 {
                    text += literal
                }
                literals.append(Literal(literal, isCaseless: random.next(2) == 0))
            }
            try check(literals, text, shift: random.next(16), "round \(round)")
        }
    }

    @Test("Texts of one byte, and literals of the same grams, are no special case")
    func adversarial() throws {
        let same = [3, 4, 5, 6, 7, 8, 9, 31].map { Literal([UInt8](repeating: 0x61, count: $0)) }
        for count in [0, 1, 3, 7, 8, 31, 32, 33, 64, 100] {
            try check(same, [UInt8](repeating: 0x61, count: count), "a × \(count)")
        }
        let shared = (0..<300).map { Literal(Array("prefix \($0)".utf8), isCaseless: $0 % 2 == 0) }
        let text = (0..<200).map { "Prefix \($0 * 3) " }.joined()
        try check(shared, Array(text.utf8), "shared")
        try check([shared[0], shared[0]], Array("prefix 0".utf8), "twice the same")
    }

    @Test("Thousands of literals are found in a megabyte as by looking everywhere")
    func large() throws {
        var random = SeededNumbers("large")
        let words = (0..<400).map { _ in bytes(4 + random.next(9), Array("etaoinshr".utf8), &random)
        }
        var text: [UInt8] = []
        while text.count < 1 << 20 {
            text += words[random.next(words.count)]
            text.append(UInt8(ascii: " "))
        }
        var literals: [Literal] = []
        var distinct: Set<[UInt8]> = []
        while literals.count < 10_000 {
            let at = random.next(text.count - 40)
            let literal = Array(text[at..<at + 12 + random.next(20)])
            if distinct.insert(literal).inserted { literals.append(Literal(literal)) }
        }
        let scan = try #require(LiteralScan(literals))
        let hits = found(scan, text)
        // By length and text, which is as good as looking everywhere and much faster.
        var byLength: [Int: [ArraySlice<UInt8>: Int]] = [:]
        for (index, literal) in literals.enumerated() {
            byLength[literal.bytes.count, default: [:]][literal.bytes[...]] = index
        }
        let sampled = Swift.stride(from: 0, to: text.count, by: 29)
        var expected: [Hit] = []
        for at in sampled {
            for (length, table) in byLength where at + length <= text.count {
                if let index = table[text[at..<at + length]] {
                    expected.append(Hit(literal: index, offset: at))
                }
            }
        }
        #expect(hits.filter { $0.offset % 29 == 0 } == expected.sorted())
        #expect(Set(hits.map(\.literal)).count == literals.count)
        #expect(Set(hits).count == hits.count)
    }
}
