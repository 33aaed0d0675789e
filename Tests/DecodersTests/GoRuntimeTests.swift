import Foundation
import Testing
import WinnowKit

@testable import Decoders

/// The kind of a line and its fields as JSON, or nil when it is no diagnostics.
private func decoded(_ line: [UInt8]) -> (kind: UInt8, json: String)? {
    var fields = FieldTable()
    guard let kind = line.withUnsafeBytes({ GoRuntimeLine.decode($0, into: &fields) }) else {
        #expect(fields.entries.isEmpty)
        return nil
    }
    var out: [UInt8] = []
    fields.appendJSON(to: &out)
    return (kind, String(decoding: out, as: UTF8.self))
}

private func decoded(_ line: String) -> (kind: UInt8, json: String)? { decoded(Array(line.utf8)) }

private let gctrace =
    "gc 11 @0.110s 3%: 0.19+0.33+0.039 ms clock, 0.38+0/0.22/0+0.078 ms cpu, 4->5->1 MB, "
    + "6 MB goal, 7 MB stacks, 8 MB globals, 2 P"
private let sched =
    "SCHED 79ms: gomaxprocs=2 idleprocs=0 threads=6 spinningthreads=1 needspinning=0 "
    + "idlethreads=2 runqueue=1"

/// One line of every grammar, whole.
private let whole = [
    gctrace, gctrace + " (forced)",
    "gc 3 @12.000s 0% (checking for goroutine leaks): 0+12+0.5 ms clock, 1+2/3/4+5 ms cpu, "
        + "1->2->3 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 16 P",
    "gc 1 @0.012s 2%: 0.026+0.34+0.003 ms clock, 0.053+0.12/0.23/0.0+0.007 ms cpu, 4->4->0 MB, "
        + "5 MB goal, 4 P",
    "scav 64 KiB work (bg), 0 KiB work (eager), 7192 KiB now, 13% util",
    "scav 64 KiB work (bg), 0 KiB work (eager), 7192 KiB now, 13% util (forced)",
    "scav 64 KiB work (bg), 0 KiB work (eager), 7192 KiB now, 13% util [controller reset]",
    "scav 0 KiB work, 3480 KiB total, 62% util", "scav 7 12 KiB work, 3480 KiB total, 62% util",
    sched + " [ 3 4 ] schedticks=[ 120085 26156 ]", sched + " [3 4]", sched + " [ 3 ]",
    "SCHED 0ms: gomaxprocs=2 idleprocs=1 threads=4 spinningthreads=0 idlethreads=2 runqueue=0 [0 0]",
    sched + " gcwaiting=false nmidlelocked=0 stopwait=0 sysmonwait=false",
    "SCHED 0ms: gomaxprocs=2 idleprocs=1 threads=4 spinningthreads=0 idlethreads=2 runqueue=0 "
        + "gcwaiting=0 nmidlelocked=-1 stopwait=0 sysmonwait=1",
    "init net/http/internal @0.17 ms, 0.26 ms clock, 16 bytes, 2 allocs",
    "Alloc = 2342 KB, Sys = 12178 KB, NumGC = 7",
]

/// Real output of Go's runtime, where the corpus stands beside the checkout.
private let corpusLogs: [URL] = {
    let folder = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../shared/corpus/go/runtime").standardizedFileURL
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent == "stderr.log" }
}()

struct GoRuntimeTests {
    @Test("A gctrace line gives every number under its name, and the pause exactly")
    func gctraceFields() {
        let expected =
            #"{"gc.number":11,"gc.elapsed_s":0.110,"gc.cpu_percent":3,"#
            + #""gc.clock.sweep_term_ms":0.19,"gc.clock.mark_ms":0.33,"#
            + #""gc.clock.mark_term_ms":0.039,"gc.pause_ms":0.229,"gc.cpu.sweep_term_ms":0.38,"#
            + #""gc.cpu.assist_ms":0,"gc.cpu.background_ms":0.22,"gc.cpu.idle_ms":0,"#
            + #""gc.cpu.mark_term_ms":0.078,"gc.heap.start_mb":4,"gc.heap.end_mb":5,"#
            + #""gc.heap.live_mb":1,"gc.heap.goal_mb":6,"gc.stacks_mb":7,"gc.globals_mb":8,"#
            + #""gc.procs":2,"gc.forced":"false"}"#
        #expect(decoded(gctrace)?.json == expected)
        #expect(decoded(gctrace)?.kind == TextKind.gctrace)
        let forced = expected.replacingOccurrences(of: "\"false\"", with: "\"true\"")
        #expect(decoded(gctrace + " (forced)")?.json == forced)
    }

    @Test("The two pauses are added in decimals, without binary noise")
    func pauses() {
        for (a, b, sum) in [
            ("0.1", "0.2", "0.3"), ("0.19", "0.039", "0.229"), ("12", "0.039", "12.039"),
            ("0", "0", "0"), ("0.001", "0.002", "0.003"), ("0.5", "0.50", "1.00"),
            ("9.99", "0.01", "10.00"),
            ("18446744073709551615", "0", "18446744073709551615"),
        ] {
            let line =
                "gc 1 @1.0s 1%: \(a)+1+\(b) ms clock, 1+1/1/1+1 ms cpu, 1->1->1 MB, 1 MB goal, 1 P"
            #expect(decoded(line)?.json.contains("\"gc.pause_ms\":\(sum),") == true, "\(a) + \(b)")
        }
        let huge =
            "gc 1 @1.0s 1%: 18446744073709551615+1+1 ms clock, 1+1/1/1+1 ms cpu, "
            + "1->1->1 MB, 1 MB goal, 1 P"
        #expect(decoded(huge)?.json.contains("gc.pause_ms") == false)
    }

    @Test("Scavenger, scheduler, initialisation and memory lines give their numbers")
    func otherFields() {
        #expect(
            decoded("scav 64 KiB work (bg), 1 KiB work (eager), 7192 KiB now, 13% util")?.json
                == #"{"scav.background_kb":64,"scav.eager_kb":1,"scav.released_kb":7192,"#
                + #""scav.utilization_percent":13,"scav.forced":"false"}"#)
        #expect(
            decoded("scav 7 12 KiB work, 3480 KiB total, 62% util (forced)")?.json
                == #"{"scav.work_kb":12,"scav.released_kb":3480,"scav.utilization_percent":62,"#
                + #""scav.forced":"true"}"#)
        let numbers =
            #"{"sched.elapsed_ms":79,"sched.gomaxprocs":2,"sched.idleprocs":0,"sched.threads":6,"#
            + #""sched.spinningthreads":1,"sched.needspinning":0,"sched.idlethreads":2,"#
            + #""sched.runqueue":1"#
        #expect(
            decoded(sched + " [ 3 4 ] schedticks=[ 120085 26156 ]")?.json
                == numbers + #","sched.local_runqueue_total":7}"#)
        #expect(
            decoded(sched + " gcwaiting=false nmidlelocked=0 stopwait=0 sysmonwait=false")?.json
                == numbers + "}")
        #expect(
            decoded("init net/http @0.17 ms, 0.26 ms clock, 16 bytes, 2 allocs")?.json
                == #"{"init.package":"net/http","init.at_ms":0.17,"init.clock_ms":0.26,"#
                + #""init.bytes":16,"init.allocs":2}"#)
        #expect(
            decoded("Alloc = 2342 KB, Sys = 12178 KB, NumGC = 7")?.json
                == #"{"mem.alloc_kb":2342,"mem.sys_kb":12178,"gc.count":7}"#)
    }

    @Test("Every form of every line is known, with any logger's header before it", arguments: whole)
    func forms(line: String) throws {
        let plain = try #require(decoded(line), "\(line)")
        for header in [
            "2026/03/01 10:00:00 ", "2026/03/01 10:00:00.123456 ", "svc: 2026/03/01 10:00:00 ",
            "2026/03/01 10:00:00 [billing] ", "2026/03/01 10:00:00 billing: ",
            "2026/03/01 10:00:00 main.go:42: ", "2026/03/01 10:00:00 INFO ", "INFO[0042] ",
            "2026-03-01T10:00:00.000Z\tINFO\tmain.go:42\t", "5:44PM INF ", "[INFO] ",
            "I0302 15:04:05.000000 1234 file.go:1] ", "2026-03-01 10:00:00.000: ",
        ] {
            let prefixed = decoded(header + line)
            #expect(prefixed?.json == plain.json, "\(header)\(line)")
            #expect(prefixed?.kind == plain.kind)
        }
    }

    @Test("A line cut anywhere, or with a byte more, is text and adds no field", arguments: whole)
    func cuts(line: String) {
        let bytes = Array(line.utf8)
        for cut in 0..<bytes.count {
            // `… 12 allocs` without its last digits is still whole: only numbers at the end differ.
            let rest = Array(bytes[..<cut])
            guard decoded(rest) != nil else { continue }
            let tail = String(decoding: bytes[cut...], as: UTF8.self)
            let isWhole =
                tail.allSatisfy(\.isNumber) || tail == " (forced)"
                || tail == " [controller reset]" || tail.hasPrefix(" schedticks")
            #expect(isWhole, "\(String(decoding: rest, as: UTF8.self))")
        }
        for extra in [" ", "x", ".", "2026/03/01 10:00:00 next line"] {
            #expect(decoded(line + extra) == nil, "\(line)\(extra)")
        }
    }

    @Test(
        "A line that is merely similar is text",
        arguments: [
            "gc 11 objects collected @ 12 P", "[gc 1 @1.0s 1%]", "\"" + gctrace + "\"",
            " " + gctrace,
            gctrace.replacingOccurrences(of: "gc 11", with: "gc 011"),
            gctrace.replacingOccurrences(of: "0.33", with: ".33"),
            gctrace.replacingOccurrences(of: "3%", with: "-3%"),
            gctrace.replacingOccurrences(of: "4->5->1", with: "4->5"),
            gctrace.replacingOccurrences(of: " ms cpu", with: "2026/03/01 10:00:00 x ms cpu"),
            gctrace.replacingOccurrences(of: "11", with: String(repeating: "1", count: 21)),
            "the docs say: " + gctrace, "2026/03/01 10:00:00 the docs say " + gctrace,
            "time=2026-03-01T10:00:00Z level=INFO msg=\"" + gctrace + "\"",
            "{\"msg\":\"Alloc = 1 KB, Sys = 2 KB, NumGC = 3\"}",
            "Alloc = 1 KB, Sys = 2 KB, NumGC = ", "Alloc = 1 MB, Sys = 2 KB, NumGC = 3",
            "Alloc = 1 KB, Sys = 2 KB, NumGC = 3 ", "Alloc = 1 KB,  Sys = 2 KB, NumGC = 3",
            "TotalAlloc = 1 KB, Sys = 2 KB, NumGC = 3", "NumGC = 3", "xxxxxxxxxxxxxxxxx NumGC = 3",
            "scav 64 KiB work (bg), 0 KiB work (eager), 7192 KiB total, 13% util",
            "scav 64 KiB work, 7192 KiB now, 13% util", "scav 1 2 3 KiB work, 1 KiB total, 1% util",
            "scav 1 2 KiB work (bg), 0 KiB work (eager), 7192 KiB now, 13% util",
            "scav 0 KiB work, 1 KiB total, 1% util (forced) [controller reset]",
            "SCHED 79ms: gomaxprocs=2 idleprocs=0 threads=6 [ 0 0 ]", sched, sched + " [ 0 x ]",
            sched + " [ 0", sched + " gcwaiting=maybe nmidlelocked=0 stopwait=0 sysmonwait=false",
            "  P0: status=1 schedtick=1 syscalltick=0 m=0 runqsize=0 gfreecnt=0 timerslen=0",
            "init  @0.17 ms, 0.26 ms clock, 0 bytes, 0 allocs",
            "init a b @0.17 ms, 0.26 ms clock, 0 bytes, 0 allocs",
            "init runtime @0.17ms, 0.26 ms clock, 0 bytes, 0 allocs",
            "init done, 0 bytes, 0 allocs",
        ])
    func nearMisses(line: String) {
        #expect(decoded(line) == nil, "\(line)")
    }

    @Test("Damage at any byte and endless lists are read without a trap")
    func hostile() {
        for line in whole {
            let bytes = Array(line.utf8)
            for at in bytes.indices {
                for damage: UInt8 in [0, 0x20, 0x2D, 0x39, 0x5D, 0xFF] {
                    var copy = bytes
                    copy[at] = damage
                    _ = decoded(copy)
                }
            }
        }
        let nines = String(repeating: " 99999999999999999999", count: 1000)
        let total = decoded(sched + " [" + nines + " ]")
        #expect(total?.json.hasSuffix("\"sched.local_runqueue_total\":\(Int.max)}") == true)
        _ = decoded("Alloc = " + String(repeating: "9", count: 1 << 20))
    }

    @Test(
        "As many lines of each kind are found in the corpus as an independent pattern finds",
        .enabled(if: !corpusLogs.isEmpty, "no corpus beside the checkout"))
    func corpus() throws {
        let number = #"\d+(\.\d+)?"#
        let patterns: [(kind: UInt8, pattern: String)] = [
            (
                TextKind.gctrace,
                "^gc \\d+ @\(number)s \\d+%( \\(checking for goroutine leaks\\))?: "
                    + "\(number)\\+\(number)\\+\(number) ms clock, "
                    + "\(number)\\+\(number)/\(number)/\(number)\\+\(number) ms cpu, "
                    + "\\d+->\\d+->\\d+ MB, \\d+ MB goal, \\d+ MB stacks, \\d+ MB globals, "
                    + "\\d+ P( \\(forced\\))?$"
            ),
            (TextKind.scavtrace, #"^scav .* KiB (now|total), \d+% util( \(forced\)| \[.*\])?$"#),
            (TextKind.schedtrace, #"^SCHED \d+ms: gomaxprocs=.* runqueue=\d+ (\[[ \d]+\]|gcw).*$"#),
            (TextKind.inittrace, #"^init \S+ @\S+ ms, \S+ ms clock, \d+ bytes, \d+ allocs$"#),
            (
                TextKind.memstats,
                #"^\d{4}/\d\d/\d\d [\d:.]+ Alloc = \d+ KB, Sys = \d+ KB, NumGC = \d+$"#
            ),
        ]
        var found: [UInt8: Int] = [:]
        var expected: [UInt8: Int] = [:]
        for log in corpusLogs {
            let bytes = [UInt8](try Data(contentsOf: log))
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                if let kind = decoded(Array(line))?.kind { found[kind, default: 0] += 1 }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let range = NSRange(text.startIndex..., in: text)
            for (kind, pattern) in patterns {
                let regex = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
                expected[kind, default: 0] += regex.numberOfMatches(in: text, range: range)
            }
        }
        #expect(found == expected)
        #expect(patterns.allSatisfy { expected[$0.kind, default: 0] > 0 })
    }
}
