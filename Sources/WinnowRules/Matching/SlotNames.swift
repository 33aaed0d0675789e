import WinnowKit

/// The fields that rules read, found by the hash of their name: an open-addressing table.
struct SlotNames: Sendable {
    private struct Cell: Sendable {
        var hash: UInt32 = 0
        var slot: Int32 = -1
        var start: Int32 = 0
        var count: Int32 = 0
    }

    /// Number of slots.
    let count: Int
    private var cells: [Cell]
    private var bytes: [UInt8] = []
    private let mask: Int

    /// Slots get the positions of their names.
    init(_ names: [String]) {
        count = names.count
        var size = 16
        while size < names.count * 2 { size *= 2 }
        mask = size - 1
        cells = Array(repeating: Cell(), count: size)
        for (slot, name) in names.enumerated() {
            let text = Array(name.utf8)
            let hash = text.withUnsafeBytes { FieldName.hash($0) }
            var at = Int(hash) & mask
            while cells[at].slot >= 0 { at = (at + 1) & mask }
            cells[at] = Cell(
                hash: hash, slot: Int32(slot), start: Int32(bytes.count), count: Int32(text.count))
            bytes += text
        }
    }

    /// The name of a slot: a walk over the table, for messages.
    func name(_ slot: Int) -> String {
        guard let cell = cells.first(where: { $0.slot == slot }) else { return "?" }
        let start = Int(cell.start)
        return String(decoding: bytes[start..<start + Int(cell.count)], as: UTF8.self)
    }

    /// The slot of the field name at `start` in `arena`, or nil where no rule reads it.
    @inline(__always)
    func slot(
        hash: UInt32, start: Int, count: Int, in arena: UnsafeRawBufferPointer
    ) -> Int? {
        var at = Int(hash) & mask
        while true {
            let cell = cells[at]
            guard cell.slot >= 0 else { return nil }
            if cell.hash == hash, Int(cell.count) == count, isEqual(cell, start, arena) {
                return Int(cell.slot)
            }
            at = (at + 1) & mask
        }
    }

    private func isEqual(_ cell: Cell, _ start: Int, _ arena: UnsafeRawBufferPointer) -> Bool {
        let first = Int(cell.start)
        for i in 0..<Int(cell.count) where bytes[first + i] != arena[start + i] { return false }
        return true
    }
}
