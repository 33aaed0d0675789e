import Glibc
import Synchronization

/// Ends waiting reads: a pipe that becomes readable when the process shall stop.
///
/// A read of stdin may wait for ever, and setting a flag does not wake it; a signal handler may do
/// little more than write(2). So the handler writes to this pipe, and every read that could wait
/// polls it.
public final class StopPipe: Sendable {
    /// The process's own; signals are the process's as well.
    public static let shared = StopPipe()

    private let readEnd: Int32
    private let writeEnd: Int32
    private let signalled = Atomic<Bool>(false)

    /// Makes one of its own; tests do.
    init() {
        var ends: [Int32] = [-1, -1]
        // Without a pipe (no descriptors left) the flag still ends reading between two reads.
        _ = pipe(&ends)
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// True once `signalStop` was called.
    public var isSignalled: Bool { signalled.load(ordering: .relaxed) }

    /// Ends waiting reads, now and from now on. Safe in a signal handler.
    public func signalStop() {
        let error = errno
        signalled.store(true, ordering: .relaxed)
        var byte: UInt8 = 0
        _ = write(writeEnd, &byte, 1)
        errno = error
    }

    /// Calls `body` once, on a thread of its own, when `signalStop` was called.
    public func watch(_ body: @escaping @Sendable () -> Void) {
        final class Body {
            let run: @Sendable () -> Void
            let pipe: StopPipe
            init(_ run: @escaping @Sendable () -> Void, _ pipe: StopPipe) {
                self.run = run
                self.pipe = pipe
            }
        }
        let context = Unmanaged.passRetained(Body(body, self)).toOpaque()
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                var request = pollfd(fd: body.pipe.readEnd, events: Int16(POLLIN), revents: 0)
                while poll(&request, 1, -1) < 0 && errno == EINTR {}
                body.run()
                return nil
            }, context)
        if failed == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged<Body>.fromOpaque(context).release()
        }
    }

    /// Waits until `descriptor` has something to read, or is at its end.
    ///
    /// - Returns: false when reading shall stop instead.
    func waitUntilReadable(_ descriptor: Int32) -> Bool {
        var requests = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        ]
        while !isSignalled {
            let ready = poll(&requests, 2, -1)
            if ready < 0 && errno == EINTR { continue }
            // An unpollable descriptor is left to read(2), which says what is wrong.
            return ready < 0 || requests[1].revents == 0
        }
        return false
    }
}
