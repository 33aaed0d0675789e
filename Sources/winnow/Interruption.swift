import Glibc
import Inputs
import Synchronization
import WinnowEngine
import WinnowKit

/// SIGTERM and SIGINT: the first drains, the second ends at once.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// Makes the first signal stop reading: stdin ends, files are read no further.
    static func install(stop: StopFlag) {
        let pipe = StopPipe.shared
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                // Only what is safe in a handler: an atomic, write(2) and _exit(2).
                if Interruption.count.add(1, ordering: .relaxed).oldValue == 0 {
                    StopPipe.shared.signalStop()
                } else {
                    _exit(ExitStatus.failed.rawValue)
                }
            }
        }
        // Files do not block for long; the flag is looked at between two reads.
        pipe.watch { stop.set() }
    }

    /// A person who typed the command and forgot the pipe should not wonder.
    static func sayIfWaiting(_ paths: [String], quiet: Bool) {
        if !quiet && paths.contains("-") && isatty(0) == 1 {
            Diagnostics.write("winnow: reading from the terminal; Ctrl-D ends\n")
        }
    }
}
