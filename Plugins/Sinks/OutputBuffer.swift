import WinnowKit

/// Gathers what a sink writes and hands it on in pieces of about 64 KiB.
///
/// A failed write is final: nobody knows how much of it arrived, so writing on could tear a line.
/// Every later call throws the same error, and nothing is kept in memory.
final class OutputBuffer {
    /// Bytes from which on the buffer is handed on; one finding may go beyond it.
    static let limit = 64 << 10

    private let output: any ByteOutput
    private var bytes: [UInt8] = []
    private var failure: SinkError?

    init(_ output: any ByteOutput) { self.output = output }

    /// Lets `body` append a whole finding, or another piece that must not be torn.
    func append(_ body: (inout [UInt8]) -> Void) throws(SinkError) {
        if let failure { throw failure }
        body(&bytes)
        if bytes.count >= OutputBuffer.limit { try flush() }
    }

    /// Hands on what is there.
    func flush() throws(SinkError) {
        if let failure { throw failure }
        if bytes.isEmpty { return }
        do throws(SinkError) {
            try output.write(bytes)
        } catch {
            failure = error
            bytes = []
            throw error
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
