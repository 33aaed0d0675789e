/// What Winnow screened messages with before `LiteralScan`, to compare with: an automaton of Aho and
/// Corasick over classes of bytes, without regard to the case of ASCII letters.
///
/// Source: Aho, Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975).
final class Automaton: Sendable {
    /// Most states; beyond, texts are cut shorter, which only lets more through.
    private static let maxStates = 1 << 16
    private static let lengths = [32, 16, 8, 4, 3]
    fileprivate static let endsText: UInt32 = 1 << 31

    /// The class of each byte; 0 for bytes in no text.
    private let classes: [UInt8]
    private let width: Int
    /// The state after a state and a class, times `width`; `endsText` is set where a text ends.
    private let next: [UInt32]
    /// Where the texts that end in a state begin in `found`; one more at the end.
    private let firstFound: [Int32]
    private let found: [Int32]

    /// Makes a screen for texts in lower case; nil where they need too many states.
    init?(_ texts: [[UInt8]]) {
        var classes = [UInt8](repeating: 0, count: 256)
        var width = 1
        // No more than 230 of the 256 bytes can have a class: upper case shares that of lower case.
        for byte in Set(texts.joined()).sorted() {
            classes[Int(byte)] = UInt8(width)
            width += 1
        }
        for upper in UInt8(ascii: "A")...UInt8(ascii: "Z") {
            classes[Int(upper)] = classes[Int(upper | 0x20)]
        }
        for length in Automaton.lengths {
            let symbols = texts.map { $0.prefix(length).map { classes[Int($0)] } }
            guard let trie = Trie(symbols, width, Automaton.maxStates) else { continue }
            self.classes = classes
            self.width = width
            let automaton = trie.automaton()
            next = automaton.next
            firstFound = automaton.firstFound
            found = automaton.found
            return
        }
        return nil
    }

    /// Calls `body` with the position of each text that `bytes` holds; more than once for a text
    /// that stands there more than once.
    func scan(_ bytes: UnsafeRawBufferPointer, _ body: (Int) -> Void) {
        classes.withUnsafeBufferPointer { classes in
            next.withUnsafeBufferPointer { next in
                firstFound.withUnsafeBufferPointer { firstFound in
                    var state = 0
                    for byte in bytes {
                        let entry = next[state + Int(classes[Int(byte)])]
                        state = Int(entry & ~Automaton.endsText)
                        if entry & Automaton.endsText == 0 { continue }
                        let index = state / width
                        for i in firstFound[index]..<firstFound[index + 1] {
                            body(Int(found[Int(i)]))
                        }
                    }
                }
            }
        }
    }
}

/// The texts as a tree of states.
private struct Trie {
    private let width: Int
    private var children: [[UInt8: Int32]] = [[:]]
    private var ends: [[Int32]] = [[]]

    /// nil where there would be more than `limit` states.
    init?(_ texts: [[UInt8]], _ width: Int, _ limit: Int) {
        self.width = width
        for (index, text) in texts.enumerated() {
            var state = 0
            for symbol in text {
                if let child = children[state][symbol] {
                    state = Int(child)
                    continue
                }
                guard children.count < limit else { return nil }
                children[state][symbol] = Int32(children.count)
                state = children.count
                children.append([:])
                ends.append([])
            }
            ends[state].append(Int32(index))
        }
    }

    /// Fills in where each state goes when a text breaks off, breadth first.
    func automaton() -> (next: [UInt32], firstFound: [Int32], found: [Int32]) {
        var next = [UInt32](repeating: 0, count: children.count * width)
        var fallback = [Int32](repeating: 0, count: children.count)
        var ends = ends
        var queue: [Int] = [0]
        var at = 0
        while at < queue.count {
            let state = queue[at]
            at += 1
            let back = Int(fallback[state])
            if state != 0 {
                for symbol in 0..<width {
                    next[state * width + symbol] = next[back * width + symbol]
                }
                ends[state] += ends[back]
            }
            for (symbol, child) in children[state].sorted(by: { $0.key < $1.key }) {
                let slot = state * width + Int(symbol)
                fallback[Int(child)] = state == 0 ? 0 : Int32(next[slot] / UInt32(width))
                next[slot] = UInt32(Int(child) * width)
                queue.append(Int(child))
            }
        }
        for slot in next.indices where !ends[Int(next[slot]) / width].isEmpty {
            next[slot] |= Automaton.endsText
        }
        var first: [Int32] = [0]
        var found: [Int32] = []
        for list in ends {
            found += list
            first.append(Int32(found.count))
        }
        return (next, first, found)
    }
}
