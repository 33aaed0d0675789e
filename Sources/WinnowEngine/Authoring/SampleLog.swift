public import WinnowKit
import WinnowRules

/// A small mix of what Go services on Windows write, to measure rules on where no log is given.
public enum SampleLog {
    /// The mix as inputs: text, and events.
    ///
    /// - Parameter rounds: How often the lines are said.
    public static func sources(rounds: Int) -> [Source] {
        let text = String(repeating: lines.joined(separator: "\n") + "\n", count: rounds)
        let xml = String(repeating: events.map { $0.xml() + "\n" }.joined(), count: rounds)
        return [("sample", text), ("events", xml)].map { name, content in
            let bytes = Array(content.utf8)
            return Source(segments: [
                Segment(name: name, storedSize: bytes.count) { MemoryStream(bytes) }
            ])
        }
    }

    private static let lines = [
        "2026-03-01T10:00:00.000Z INFO gateway started pid=4711 version=1.4.2 addr=:8080",
        "2026-03-01T10:00:00.120Z DEBUG GET /api/v1/orders/1834 200 12.4ms bytes=5120 peer=10.0.3.7",
        "2026-03-01T10:00:00.250Z DEBUG GET /api/v1/orders?page=2&size=50 200 48.1ms bytes=20480",
        "2026-03-01T10:00:00.300Z WARN slow query: select * from orders where id = $1 (812 ms)",
        "2026-03-01T10:00:00.410Z ERROR dial tcp 10.0.3.9:5432: connectex: actively refused it",
        "2026/03/01 10:00:01 http: TLS handshake error from 10.0.3.7:50112: EOF",
        "time=2026-03-01T10:00:02Z level=INFO msg=\"job done\" job=1834 took=1.2s attempts=1",
        "{\"time\":\"2026-03-01T10:00:03Z\",\"level\":\"INFO\",\"msg\":\"cache hit\",\"key\":\"u:77\"}",
        "{\"time\":\"2026-03-01T10:00:04Z\",\"level\":\"WARN\",\"msg\":\"retry\",\"error\":\"i/o timeout\"}",
        "[GIN] 2026/03/01 - 10:00:05 | 200 |   1.2034ms |   10.0.3.7 | GET  \"/healthz\"",
        "gc 12 @3.215s 2%: 0.018+1.3+0.076 ms clock, 0.14+0.35/1.2/3.0+0.61 ms cpu, "
            + "4->5->3 MB, 5 MB goal, 0 MB stacks, 0 MB globals, 8 P",
        "    main.(*Server).handle(0xc0000b2000, {0x1043f20, 0xc0000a4000})",
        "\tC:/build/gateway/server.go:118 +0x1d3",
        "",
    ]

    private static let events = [
        event("nssm", 1040, ["gateway", "C:\\svc\\gateway.exe", "0"]),
        event("Service Control Manager", 7036, ["gateway", "running"]),
    ]

    private static func event(_ provider: String, _ code: Int, _ data: [String]) -> TestEvent {
        var event = TestEvent(provider: provider, code: code)
        event.time = "2026-03-01T10:00:00Z"
        event.data = .unnamed(data)
        return event
    }
}
