import WinnowKit

/// A stream that is decompressed when its first two bytes are those of gzip, whatever it is called.
final class PeekStream: ByteStream {
    private let stored: DescriptorStream
    private var state = State.unknown

    private enum State {
        /// Nothing read yet.
        case unknown
        /// The first byte may begin a gzip member; the second one is still to come.
        case plain(pending: UInt8?)
        case gzip(GzipStream)
    }

    init(_ stored: DescriptorStream) { self.stored = stored }

    var problems: [Problem] {
        if case .gzip(let stream) = state { stream.problems } else { stored.problems }
    }

    var storedBytesRead: Int { stored.storedBytesRead }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard buffer.count > 0 else { return 0 }
        switch state {
        case .gzip(let stream):
            return try stream.read(into: buffer)
        case .plain(let pending?):
            buffer[0] = pending
            state = .plain(pending: nil)
            return 1
        case .plain(nil):
            return try stored.read(into: buffer)
        case .unknown:
            return try readFirst(into: buffer)
        }
    }

    private func readFirst(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        // A plain stream pays nothing: the first block is read where it belongs.
        let count = try stored.read(into: buffer)
        guard count > 0, buffer[0] == GzipStream.magic.0 else {
            state = .plain(pending: nil)
            return count
        }
        var head = Array(buffer[..<count])
        if count == 1 {
            var second: UInt8 = 0
            let more = try read(one: &second)
            if more { head.append(second) }
        }
        if head.count > 1 && head[1] == GzipStream.magic.1 {
            let stream = GzipStream(stored, head: head)
            state = .gzip(stream)
            return try stream.read(into: buffer)
        }
        // One byte was asked for and two were needed to tell.
        state = .plain(pending: count == 1 ? head.dropFirst().first : nil)
        return count
    }

    private func read(one byte: inout UInt8) throws(InputError) -> Bool {
        let place = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { place.deallocate() }
        let count = try stored.read(into: place)
        byte = place[0]
        return count == 1
    }
}
