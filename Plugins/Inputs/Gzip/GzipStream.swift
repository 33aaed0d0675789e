import CZlib
import WinnowKit

/// The decompressed bytes of a gzip stream: one member after the other, as one stream.
///
/// What can be decompressed is delivered; damage ends the stream and is a problem at the
/// decompressed offset that was reached. Members that follow a damaged one are not looked for:
/// where they would begin is a guess. NULs after the last member are padding (tapes, block
/// devices).
///
/// Source: RFC 1952; zlib's `inflate` with its own reading of the gzip header and trailer.
final class GzipStream: ByteStream {
    /// The first two bytes of a member.
    static let magic: (UInt8, UInt8) = (0x1F, 0x8B)

    private let stored: DescriptorStream
    private let input = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 64 << 10, alignment: 16)
    // zlib keeps the address.
    private let inflater = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var inputUsed = 0
    private var inputCount = 0
    private var head: [UInt8]
    private var headUsed = 0
    private var state: State
    private var written = 0
    /// What is wrong behind the bytes that are given out next.
    private var pending: String?

    private enum State {
        case member
        case betweenMembers
        case ended
    }

    private(set) var problems: [Problem] = []

    /// - Parameters:
    ///   - stored: The compressed bytes.
    ///   - head: Those that were read already.
    init(_ stored: DescriptorStream, head: [UInt8]) {
        self.stored = stored
        self.head = head
        inflater.initialize(to: z_stream())
        // 15: the largest window; 16: gzip's wrapper, and no other.
        let code = inflateInit2_(
            inflater, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        state = code == Z_OK ? .member : .ended
        if code != Z_OK { report("not enough memory to decompress gzip") }
    }

    deinit {
        inflateEnd(inflater)
        inflater.deallocate()
        input.deallocate()
    }

    var storedBytesRead: Int { stored.storedBytesRead }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard buffer.count > 0 else { return 0 }
        while true {
            switch state {
            case .ended:
                return 0
            case .betweenMembers:
                try beginMember()
            case .member:
                guard try fill() else {
                    state = .ended
                    if !stored.isStopped { report("gzip member is cut off") }
                    continue
                }
                let count = inflate(into: buffer)
                if count > 0 {
                    written += count
                    reportPending()
                    return count
                }
                reportPending()
            }
        }
    }

    /// Damage counts from the end of what was delivered, so it is said after that is counted.
    private func reportPending() {
        if let reason = pending { report(reason) }
        pending = nil
    }

    /// Decompresses until the block is full or the input is used up.
    private func inflate(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let stream = inflater
        let available = min(inputCount - inputUsed, Int(UInt32.max))
        let room = min(buffer.count, 1 << 30)
        stream.pointee.next_in = input.baseAddress.map {
            ($0 + inputUsed).assumingMemoryBound(to: UInt8.self)
        }
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        inputUsed += available - Int(stream.pointee.avail_in)
        switch code {
        case Z_OK, Z_BUF_ERROR:
            break
        case Z_STREAM_END:
            state = .betweenMembers
        default:
            state = .ended
            pending = GzipStream.reason(stream)
        }
        return room - Int(stream.pointee.avail_out)
    }

    /// Skips padding, and begins the next member or ends the stream.
    private func beginMember() throws(InputError) {
        while try fill() {
            let byte = input[inputUsed]
            if byte == 0 {
                inputUsed += 1
            } else if byte == GzipStream.magic.0, inflateReset(inflater) == Z_OK {
                state = .member
                return
            } else {
                report("bytes after the last gzip member")
                break
            }
        }
        state = .ended
    }

    /// Makes sure that there is input; false at its end.
    private func fill() throws(InputError) -> Bool {
        if inputUsed < inputCount { return true }
        inputUsed = 0
        if headUsed < head.count {
            inputCount = min(head.count - headUsed, input.count)
            input.copyBytes(from: head[headUsed..<(headUsed + inputCount)])
            headUsed += inputCount
            if headUsed == head.count {
                head = []
                headUsed = 0
            }
        } else {
            inputCount = 0
            inputCount = try stored.read(into: input)
        }
        return inputCount > 0
    }

    private func report(_ reason: String) {
        problems.append(Problem(offset: written, reason: reason, lostRecord: false))
    }

    /// What zlib says is wrong, as we say it.
    private static func reason(_ stream: UnsafePointer<z_stream>) -> String {
        let said = stream.pointee.msg.map { String(cString: $0) } ?? ""
        return switch said {
        case "incorrect data check": "gzip member has a wrong checksum"
        case "incorrect length check": "gzip member has a wrong length"
        case "incorrect header check", "unknown compression method", "unknown header flags set":
            "bytes that are no gzip member"
        default: "gzip member is corrupt" + (said.isEmpty ? "" : ": " + said)
        }
    }
}
