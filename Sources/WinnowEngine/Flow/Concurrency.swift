import Glibc

/// A mutex with a condition: the stages hand blocks to each other through these.
///
/// Threads and not tasks: a hop between tasks costs more than matching a line, and a blocked read
/// must not hold a pool thread.
final class Monitor: @unchecked Sendable {
    // Allocated once and never moved, as pthreads demand.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        // Waits must not be moved by somebody who sets the clock.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone.
    func locked<R>(_ body: () throws -> R) rethrows -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Waits until woken; only inside `locked`.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits until woken, or until a moment of `MonotonicMoment`; false when that came.
    func wait(until moment: Int64) -> Bool {
        var time = timespec(
            tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }

    /// Wakes every waiter; only inside `locked`.
    func wakeAll() { pthread_cond_broadcast(condition) }
}

/// Time that only goes forward: for waiting, and for nothing that is found in a batch.
enum MonotonicMoment {
    /// Nanoseconds since some fixed moment.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

/// A thread that runs one closure; `join` waits for its end.
final class EngineThread {
    private var thread = pthread_t()

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// - Returns: nil when the system starts no more threads.
    init?(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        let failed = pthread_create(
            &thread, nil,
            { argument in
                if let argument {
                    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, body.toOpaque())
        if failed != 0 {
            body.release()
            return nil
        }
    }

    func join() { pthread_join(thread, nil) }
}

/// Blocks on their way from the reader through the workers back into order.
///
/// At most `capacity` blocks are under way at once, whatever stage they are in, so memory is bounded
/// and a slow sink holds the reader back.
final class Conveyor<Item, Result>: @unchecked Sendable {
    private let monitor = Monitor()
    private let capacity: Int
    private var waiting: [(sequence: Int, item: Item)] = []
    private var finished: [Int: Result] = [:]
    private var underWay = 0
    private var nextIn = 0
    private var nextOut = 0
    private var closed = false
    private var stopped = false

    init(capacity: Int) { self.capacity = capacity }

    /// Puts an item in; waits while too many are under way.
    ///
    /// - Returns: false when the consumer has stopped and nothing more is wanted.
    func put(_ item: Item) -> Bool {
        monitor.locked {
            while underWay >= capacity && !stopped { monitor.wait() }
            if stopped { return false }
            waiting.append((nextIn, item))
            nextIn += 1
            underWay += 1
            monitor.wakeAll()
            return true
        }
    }

    /// No more items will come.
    func close() {
        monitor.locked {
            closed = true
            monitor.wakeAll()
        }
    }

    /// The consumer wants no more: producer and workers end soon.
    func stop() {
        monitor.locked {
            stopped = true
            waiting.removeAll()
            monitor.wakeAll()
        }
    }

    /// The next item to work on, or nil at the end.
    func take() -> (sequence: Int, item: Item)? {
        monitor.locked {
            while waiting.isEmpty && !closed && !stopped { monitor.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// Hands the result of an item in.
    func finish(_ sequence: Int, _ result: Result) {
        monitor.locked {
            finished[sequence] = result
            monitor.wakeAll()
        }
    }

    /// The next result in the order of `put`, or nil when all have been given out.
    ///
    /// - Parameter whenIdle: Called when the next result is not there yet, before waiting for it;
    ///   gives the moment, in nanoseconds of `MonotonicMoment`, at which it wants to be called again.
    func next<Failure: Error>(
        whenIdle: () throws(Failure) -> Int64?
    ) throws(Failure) -> Result? {
        var (result, ended) = poll()
        while result == nil && !ended {
            let moment = try whenIdle()
            monitor.locked {
                while true {
                    (result, ended) = pollLocked()
                    if result != nil || ended { break }
                    if let moment {
                        if !monitor.wait(until: moment) { break }
                    } else {
                        monitor.wait()
                    }
                }
            }
        }
        return result
    }

    private func poll() -> (Result?, ended: Bool) { monitor.locked { pollLocked() } }

    private func pollLocked() -> (Result?, ended: Bool) {
        if let result = finished.removeValue(forKey: nextOut) {
            nextOut += 1
            underWay -= 1
            monitor.wakeAll()
            return (result, false)
        }
        return (nil, stopped || (closed && nextOut == nextIn))
    }
}

/// Set once, from any thread or a signal's watcher: read no more, finish what was read.
public final class StopFlag: @unchecked Sendable {
    private let monitor = Monitor()
    private var value = false

    /// Makes a flag that is not set.
    public init() {}

    /// True once `set` was called.
    public var isSet: Bool { monitor.locked { value } }

    /// Sets the flag.
    public func set() { monitor.locked { value = true } }
}
