import Glibc
import Testing
import WinnowKit

@testable import Inputs

@Suite("Stopping")
struct StopTests {
    @Test("A read that waits ends when the process shall stop", .timeLimit(.minutes(1)))
    func waitingRead() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer { close(writeEnd) }
        let stop = StopPipe()
        let reading = Task.detached {
            let stream = DescriptorStream(
                descriptor: readEnd, name: "pipe", closes: true, stop: stop)
            return (try stream.all().count, stream.isStopped)
        }
        stop.signalStop()
        let (count, isStopped) = try await reading.value
        #expect(count == 0)
        #expect(isStopped)
    }

    @Test("Whoever watches is told once", .timeLimit(.minutes(1)))
    func watching() async {
        let stop = StopPipe()
        await withCheckedContinuation { continuation in
            stop.watch { continuation.resume() }
            stop.signalStop()
            stop.signalStop()
        }
        #expect(stop.isSignalled)
    }
}
