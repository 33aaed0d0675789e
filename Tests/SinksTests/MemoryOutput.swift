import WinnowKit

/// Keeps what a sink writes.
final class MemoryOutput: ByteOutput {
    private(set) var bytes: [UInt8] = []
    /// Sizes of the writes, in order.
    private(set) var writes: [Int] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func write(_ bytes: [UInt8]) throws(SinkError) {
        self.bytes += bytes
        writes.append(bytes.count)
    }
}

/// Takes some writes and then refuses each.
final class FailingOutput: ByteOutput {
    let error: SinkError
    private var left: Int
    private(set) var refused = 0

    init(_ error: SinkError, after writes: Int = 0) {
        self.error = error
        self.left = writes
    }

    func write(_ bytes: [UInt8]) throws(SinkError) {
        if left > 0 {
            left -= 1
            return
        }
        refused += 1
        throw error
    }
}
