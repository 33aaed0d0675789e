import WinnowKit

/// The values of one record that rules can read, and what was made of them on the way: scratch that
/// a matcher uses again for each record.
struct RecordValues {
    /// One value of a slot.
    private struct SlotValue {
        var start: Int
        var count: Int
        /// The next value of the same slot, or -1.
        var next: Int32
        /// Where the value in lower case begins in `folded`, or -1.
        var foldedStart: Int
    }

    /// A captured value: a part of `captured`.
    private struct Captured {
        var capture: Int32
        var start: Int
        var count: Int
    }

    /// Arena of the record's fields; valid while the record is matched.
    private var arena = UnsafeRawBufferPointer(start: nil, count: 0)
    private var values: [SlotValue] = []
    private var first: [Int32]
    private var last: [Int32]
    /// Slots are filled where their stamp is the record's; so nothing needs clearing.
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0
    private var kind: [UInt8] = []
    private var folded: [UInt8] = []
    private var log: [Captured] = []
    private var captured: [UInt8] = []

    /// Longest text that a capture keeps; longer ones are cut on a character boundary.
    static let maxCapture = 2048

    init(slots: Int) {
        first = Array(repeating: -1, count: slots)
        last = Array(repeating: -1, count: slots)
        stamps = Array(repeating: 0, count: slots)
    }

    /// Takes the record's fields; `arena` must stay valid until `end`.
    mutating func begin(
        _ arena: UnsafeRawBufferPointer, _ entries: [FieldTable.Entry], kind: [UInt8],
        names: SlotNames
    ) {
        self.arena = arena
        self.kind = kind
        values.removeAll(keepingCapacity: true)
        folded.removeAll(keepingCapacity: folded.capacity <= 4 << 20)
        beginRule()
        stamp &+= 1
        if stamp == 0 {
            for i in stamps.indices { stamps[i] = 0 }
            stamp = 1
        }
        for entry in entries {
            guard
                let slot = names.slot(
                    hash: entry.hash, start: Int(entry.nameStart), count: Int(entry.nameLength),
                    in: arena)
            else { continue }
            let index = Int32(values.count)
            values.append(
                SlotValue(
                    start: Int(entry.valueStart), count: Int(entry.valueLength), next: -1,
                    foldedStart: -1))
            if stamps[slot] == stamp {
                values[Int(last[slot])].next = index
            } else {
                stamps[slot] = stamp
                first[slot] = index
            }
            last[slot] = index
        }
    }

    /// Lets go of the record.
    mutating func end() { arena = UnsafeRawBufferPointer(start: nil, count: 0) }

    /// Forgets what the rule before captured.
    mutating func beginRule() {
        log.removeAll(keepingCapacity: true)
        captured.removeAll(keepingCapacity: captured.capacity <= 1 << 20)
    }

    // MARK: - Values

    /// A cursor over the values of an operand; -1: no more. Operands other than slots have one
    /// value at most, 0.
    func firstValue(_ operand: Program.Operand) -> Int32 {
        switch operand {
        case .kind: 0
        case .slot(let slot): stamps[Int(slot)] == stamp ? first[Int(slot)] : -1
        case .capture(let capture): lastCapture(capture) == nil ? -1 : 0
        }
    }

    func value(after cursor: Int32, _ operand: Program.Operand) -> Int32 {
        if case .slot = operand { values[Int(cursor)].next } else { -1 }
    }

    /// Calls `body` with the bytes of a value.
    @inline(__always)
    func withValue<R>(
        _ operand: Program.Operand, _ cursor: Int32, _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        switch operand {
        case .slot:
            let value = values[Int(cursor)]
            return body(
                UnsafeRawBufferPointer(rebasing: arena[value.start..<value.start + value.count]))
        case .kind: return kind.withUnsafeBytes(body)
        case .capture(let capture):
            guard let entry = lastCapture(capture) else {
                return body(UnsafeRawBufferPointer(start: nil, count: 0))
            }
            return captured.withUnsafeBytes {
                body(
                    UnsafeRawBufferPointer(rebasing: $0[entry.start..<entry.start + entry.count]))
            }
        }
    }

    /// Calls `body` with the bytes of a value, ASCII letters in lower case.
    @inline(__always)
    mutating func withFolded<R>(
        _ operand: Program.Operand, _ cursor: Int32, _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        var start: Int
        let count: Int
        if case .slot = operand {
            start = values[Int(cursor)].foldedStart
            count = values[Int(cursor)].count
            if start < 0 {
                start = fold(operand, cursor)
                values[Int(cursor)].foldedStart = start
            }
        } else {
            start = fold(operand, cursor)
            count = folded.count - start
        }
        return folded.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
        }
    }

    private mutating func fold(_ operand: Program.Operand, _ cursor: Int32) -> Int {
        let start = folded.count
        var target: [UInt8] = []
        swap(&target, &folded)
        withValue(operand, cursor) { bytes in
            target.reserveCapacity(start + bytes.count)
            for byte in bytes { target.append(byte.asciiLowercased) }
        }
        swap(&target, &folded)
        return start
    }

    /// The value of an operand as text, invalid bytes replaced, cut to `maxCapture` bytes; of
    /// several values the first.
    func text(_ operand: Program.Operand) -> String? {
        let cursor = firstValue(operand)
        guard cursor >= 0 else { return nil }
        return withValue(operand, cursor) { UTF8Text.prefix($0, limit: RecordValues.maxCapture) }
    }

    /// The first value of an operand as a number.
    func number(_ operand: Program.Operand) -> Number? {
        let cursor = firstValue(operand)
        guard cursor >= 0 else { return nil }
        return withValue(operand, cursor) { Number($0) }
    }

    // MARK: - Captures

    /// Where the log of captures stands, to go back to.
    var mark: Int { log.count }

    /// Forgets captures made since `mark`: the branch that made them did not hold.
    mutating func forget(after mark: Int) {
        log.removeLast(log.count - mark)
    }

    /// Keeps a part of a value.
    mutating func capture(
        _ capture: Int32, _ range: Range<Int>, of operand: Program.Operand, _ cursor: Int32
    ) {
        let start = captured.count
        var target: [UInt8] = []
        swap(&target, &captured)
        withValue(operand, cursor) { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[range])
            if part.count <= RecordValues.maxCapture {
                target.append(contentsOf: part)
            } else {
                target.append(
                    contentsOf: UTF8Text.prefix(part, limit: RecordValues.maxCapture).utf8)
            }
        }
        swap(&target, &captured)
        log.append(Captured(capture: capture, start: start, count: captured.count - start))
    }

    /// Keeps a computed value.
    mutating func capture(_ capture: Int32, text: String) {
        let start = captured.count
        captured.append(contentsOf: text.utf8)
        log.append(Captured(capture: capture, start: start, count: captured.count - start))
    }

    private func lastCapture(_ capture: Int32) -> Captured? {
        log.last { $0.capture == capture }
    }

    /// What a finding shows of a capture: a number where the text is one as JSON would write it.
    func captureValue(_ capture: Int) -> FieldValue? {
        guard let entry = lastCapture(Int32(capture)) else { return nil }
        return captured.withUnsafeBytes {
            let bytes = UnsafeRawBufferPointer(
                rebasing: $0[entry.start..<entry.start + entry.count])
            let text = String(decoding: bytes, as: UTF8.self)
            return Number.isPlain(bytes) ? .number(text) : .text(text)
        }
    }
}
