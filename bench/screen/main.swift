// How fast many literals are found in a text, beside memchr, counting lines, and the automaton that
// screens messages: `make bench-screen`, or bench-screen FILE [ROUNDS].
//
// Every kernel runs once a round on the same bytes, so that a busy machine slows all alike; medians
// of CPU time are printed. Scan and automaton must find the same literals equally often.
import Glibc

/// Phrases as rules look for them; the same in every run.
func literals(_ count: Int) -> [Literal] {
    let verbs = [
        "cannot open", "failed to bind", "refused", "timed out waiting for", "lost lease on",
        "unable to resolve", "corrupt", "deadline exceeded in", "access denied to", "panic in",
        "rolled back", "out of space on", "unexpected end of", "certificate expired for",
    ]
    let nouns = [
        "handle", "socket", "database", "partition", "upstream", "queue", "registry key", "mutex",
        "replica", "snapshot", "journal", "tenant", "connection pool", "config file", "namespace",
        "session", "volume", "thread", "pipe", "service",
    ]
    // Some that stand in the data of generate.py.
    var out = ["too many open files", "runtime error", "forcibly closed", "slow query"].map {
        Literal(Array($0.utf8), isCaseless: true)
    }
    var number = 0
    while out.count < count {
        let verb = verbs[number % verbs.count]
        let noun = nouns[number / verbs.count % nouns.count]
        let round = number / (verbs.count * nouns.count)
        let text = round == 0 ? "\(verb) \(noun)" : "\(noun) e\(round * 37 % 997): \(verb)"
        out.append(Literal(Array(text.utf8.prefix(32)), isCaseless: true))
        number += 1
    }
    return out
}

func file(_ path: String) -> [UInt8] {
    guard let handle = fopen(path, "r") else { return [] }
    defer { fclose(handle) }
    var bytes = [UInt8](repeating: 0, count: 1 << 28)
    let count = fread(&bytes, 1, bytes.count, handle)
    return Array(bytes.prefix(count))
}

func cpuSeconds(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let begin = now()
    body()
    return now() - begin
}

/// The text in blocks, as the engine reads it.
func blocks(_ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    var at = 0
    while at < text.count {
        let end = min(at + 256 << 10, text.count)
        body(UnsafeRawBufferPointer(rebasing: text[at..<end]))
        at = end
    }
}

struct Row {
    var name: String
    var run: (UnsafeRawBufferPointer) -> Int
    var seconds: [Double] = []
    var result = 0
}

func memchrRow(_ byte: UInt8, _ name: String) -> Row {
    Row(name: name) { block in
        var at = block.startIndex
        var count = 0
        while at < block.count, let base = block.baseAddress,
            let hit = memchr(base + at, Int32(byte), block.count - at)
        {
            count += 1
            at = UnsafeRawPointer(hit) - base + 1
        }
        return count
    }
}

guard CommandLine.arguments.count > 1 else {
    print("usage: bench-screen FILE [ROUNDS]")
    exit(2)
}
let bytes = file(CommandLine.arguments[1])
let rounds = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
var rows = [
    memchrRow(0, "memchr, a byte that is not there"), memchrRow(10, "memchr, lines"),
]
bytes.withUnsafeBytes { text in
    let sample = LiteralRarity(sample: UnsafeRawBufferPointer(rebasing: text.prefix(256 << 10)))
    for count in [150, 1500, 3000] {
        let list = literals(count)
        for (name, rarity) in [("general", LiteralRarity.general), ("sample", sample)] {
            guard let scan = LiteralScan(list, by: rarity) else { continue }
            rows.append(
                Row(name: "scan, \(count) literals, \(name) rarity") { block in
                    var hits = 0
                    scan.scan(block) { _, _ in hits += 1 }
                    return hits
                })
        }
        if let screen = Automaton(list.map(\.bytes)) {
            rows.append(
                Row(name: "automaton, \(count) literals") { block in
                    var hits = 0
                    screen.scan(block) { _ in hits += 1 }
                    return hits
                })
        }
    }
    for round in 0...rounds {
        for index in rows.indices {
            let seconds = cpuSeconds {
                rows[index].result = 0
                blocks(text) { rows[index].result += rows[index].run($0) }
            }
            // The first round warms up.
            if round > 0 { rows[index].seconds.append(seconds) }
        }
    }
}
print("\(bytes.count) bytes, \(rounds) rounds, medians of CPU time")
for row in rows {
    let sorted = row.seconds.sorted()
    let median = sorted[sorted.count / 2]
    let rate = Double(bytes.count) / median / 1e9
    let text = "\(Int(rate * 100))"
    let padded = String(repeating: "0", count: max(0, 3 - text.count)) + text
    print(
        "  \(padded.dropLast(2)).\(padded.suffix(2)) GB/s  \(row.name)  (found \(row.result))")
}
