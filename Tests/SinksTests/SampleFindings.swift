import WinnowKit

/// Findings as a day with a failing service brings them, and some that nobody should send.
enum SampleFindings {
    static func evidence(
        _ input: String, _ line: Int, _ time: String?, _ text: String, recordID: String? = nil
    ) -> Evidence {
        Evidence(
            input: input, line: line, offset: line * 80, length: text.utf8.count,
            recordID: recordID, time: time.flatMap { Timestamp(iso8601: $0) }, text: text)
    }

    /// A finding whose times are those of its evidence.
    static func finding(
        _ rule: String, _ level: Level, _ title: String, count: Int? = nil, suppressed: Int = 0,
        host: String? = "WEB01", service: String? = "payment-gateway",
        key: [(name: String, value: String?)]? = nil,
        fields: [(name: String, value: FieldValue)] = [], evidence: [Evidence],
        remediation: String? = nil, references: [String] = [], tags: [String] = []
    ) -> Finding {
        Finding(
            id: String(repeating: "0", count: 24) + "5f0c12ab", rule: rule,
            pack: "\(rule.prefix { $0 != "." })@1.0.0", level: level, status: "stable",
            title: title,
            message: String(evidence.last?.text.prefix { !$0.isNewline } ?? ""),
            time: evidence.last?.time, firstTime: evidence.first?.time,
            lastTime: evidence.last?.time, count: count ?? evidence.count,
            suppressedCount: suppressed, host: host, service: service,
            key: key ?? [("host.name", host), ("service.name", service)], fields: fields,
            evidence: evidence, remediation: remediation, references: references, tags: tags)
    }

    static let crash = finding(
        "go.panic.nil", .high, "payment-gateway crashed: nil pointer in main.(*Server).settle",
        key: [], fields: [("error.type", .text("panic")), ("go.goroutine.id", .number("4711"))],
        evidence: [
            evidence(
                "gateway.err.log", 1204, "2026-03-01T10:00:12.334Z",
                """
                2026-03-01 10:00:12.334: panic: runtime error: invalid memory address or nil pointer dereference
                2026-03-01 10:00:12.334: [signal 0xc0000005 code=0x0 addr=0x18 pc=0x7ff6c2a1f0f4]
                2026-03-01 10:00:12.334:\u{20}
                2026-03-01 10:00:12.334: goroutine 4711 [running]:
                2026-03-01 10:00:12.334: main.(*Server).settle(0x0, {0xc000014158, 0x5})
                2026-03-01 10:00:12.334: \tC:/svc/gateway/settle.go:88 +0x1d
                2026-03-01 10:00:12.334: main.(*Server).ServeHTTP(0xc0000a00d0, {0x7ff6c2, 0xc0001})
                2026-03-01 10:00:12.334: \tC:/svc/gateway/server.go:41 +0x2f3
                """)
        ],
        remediation: """
            Open C:/svc/gateway/settle.go:88: the receiver is nil when settle is called from ServeHTTP.
            go test -race -run Settle ./...   # the value may be cleared by another goroutine
            """,
        references: ["https://go.dev/blog/defer-panic-and-recover"], tags: ["crash"])

    /// The third exit within ten minutes; `minute` shifts all of it.
    static func restartLoop(minute: Int, suppressed: Int = 0) -> Finding {
        func time(_ plus: Int) -> String {
            let minutes = minute + plus
            return "2026-03-01T1\(minutes / 60):\(minutes % 60 / 10)\(minutes % 10):12.5Z"
        }
        let text = #"nssm 1013: C:\svc\gateway.exe, payment-gateway, 2"#
        return finding(
            "nssm.restart-loop", .high, "payment-gateway exited 3 times within 10 minutes",
            suppressed: suppressed,
            evidence: (0..<3).map {
                evidence(
                    "exports/Application.xml", 40 + minute + 2 * $0, time(2 * $0), text,
                    recordID: "\(4242 + $0)")
            },
            remediation: """
                nssm get "payment-gateway" AppStderr   # read the end of that file: the last exit code was 2
                nssm set "payment-gateway" AppThrottle 60000   # runs shorter than a minute then restart ever more slowly
                Fix the crash; recover() at the top of each goroutine keeps one bad request from ending the process.
                """,
            references: ["https://nssm.cc/usage", "https://go.dev/blog/defer-panic-and-recover"],
            tags: ["restart", "crash"])
    }

    static let crashLoop = finding(
        "scm.crash-loop", .critical, "Service payment-gateway crashed 3 times within an hour",
        count: 14, suppressed: 6,
        evidence: [
            evidence(
                "exports/System.xml", 120, "2026-03-01T23:31:00Z",
                "Service Control Manager 7031: Payment Gateway, 1, 60000, 1, Restart the service",
                recordID: "991"),
            evidence(
                "exports/System.xml", 342, "2026-03-01T23:48:00Z",
                "Service Control Manager 7031: Payment Gateway, 2, 60000, 1, Restart the service",
                recordID: "1007"),
            evidence(
                "exports/System.xml", 511, "2026-03-01T23:59:00Z",
                "Service Control Manager 7031: Payment Gateway, 3, 0, 0, No action"),
            evidence(
                "exports/System.xml", 1077, "2026-03-02T00:02:19Z",
                "Service Control Manager 7034: Payment Gateway, 14"),
        ],
        remediation: """
            sc.exe qfailure "payment-gateway"   # which action comes after the third failure?
            procdump.exe -accepteula -ma -e -w gateway.exe C:\\dumps   # dump of the next crash
            Roll back the last change to the service: compare with events 7040, 7045 and the installed updates.
            """,
        references: [
            "https://learn.microsoft.com/en-us/windows/win32/services/service-control-manager"
        ])

    static let handleLeak = finding(
        "go.fd-exhausted", .high, "支付网关 has too many open files", count: 5, host: "服务器-01",
        service: "支付网关", fields: [("errno", .number("24"))],
        evidence: (0..<5).map {
            evidence(
                "日志/支付网关/gateway.err.log", 8812 + $0, "2026-03-01T10:04:5\($0).1Z",
                #"2026/03/01 18:04:5\#($0) 打开文件失败: open D:\数据\订单\2026-03-01\结算清单.csv: Too many open files."#
            )
        },
        remediation: """
            handle.exe -s -p gateway.exe   # then look for os.Open / net.Dial without Close
            In Go: defer f.Close(), defer resp.Body.Close() (also after an error status), rows.Close(); never defer inside a loop. One http.Client for all.
            如果句柄数持续增长,请先在每个节点上确认连接池的上限,再把日志目录移到本地磁盘上,然后重新启动服务并观察一个小时。
            """,
        references: ["https://learn.microsoft.com/en-us/sysinternals/downloads/handle"])

    static func garbage(cpu: Int, second: Int) -> Finding {
        finding(
            "go.gc-pressure", .medium, "GC takes \(cpu)% of the CPU, 61.2 ms paused",
            host: nil, key: [("service.name", "payment-gateway")],
            fields: [("cpu", .number("\(cpu)")), ("stw", .number("61.2"))],
            evidence: (0..<3).map {
                evidence(
                    "gateway.err.log", 20_000 + 7 * second + $0, "2026-03-02T03:00:0\(second)Z",
                    "gc \(812 + second) @4021.\(second)s \(cpu)%: 30.1+210+31.1 ms clock, 60+1.2/402/0+62 ms cpu, 3801->3902->2011 MB, 4022 MB goal, 0 MB stacks, 0 MB globals, 2 P"
                )
            },
            remediation: """
                go tool pprof -sample_index=inuse_space http://127.0.0.1:6060/debug/pprof/heap   # twice, an hour apart; compare with -diff_base
                set GOMEMLIMIT=3500MiB
                """)
    }

    static let refused = finding(
        "err.conn-refused", .low, "10.0.0.5:5432 refuses connections",
        key: [("service.name", "payment-gateway"), ("peer", "10.0.0.5:5432")],
        evidence: [
            evidence(
                "gateway.err.log", 77, "2026-03-01T09:59:00Z",
                "dial tcp 10.0.0.5:5432: connectex: No connection could be made because the target machine actively refused it."
            )
        ],
        remediation:
            "Test-NetConnection 10.0.0.5 -Port 5432   # PowerShell: from the service's host"
    )

    static let untimed = finding(
        "scm.changed", .informational,
        "Service Kosten & Erträge (Beta) was installed or its start type changed (event 7045) by a setup program that nobody in this company remembers to have started on a Sunday",
        host: nil, service: nil, key: [("host.name", nil), ("winlog.channel", "System")],
        evidence: [evidence("stdin", 1, nil, "no time here")])

    /// ESC, OSC 52, CSI as C1, BEL, CR, backspace, DEL, NUL, bidi, line separators, a forged line.
    static let evilText =
        "disk full \u{1B}[2J\u{1B}]52;c;ZXZpbA==\u{7}\u{9B}31m\u{202E}\u{2066}\u{2028}\u{2029}\u{7F}\u{8}\0\r\u{85}\u{C}\u{B}\n{\"forged\":1}\r\nHIGH  forged\t\"quoted\" \\ e\u{301}\u{301} 👩‍👩‍👧‍👦 \u{200B}\u{FEFF}end"

    static let hostile = Finding(
        id: evilText, rule: evilText, pack: evilText, level: .high, status: evilText,
        title: evilText, message: evilText, time: Timestamp(seconds: .max),
        firstTime: Timestamp(seconds: .min), lastTime: Timestamp(seconds: .max), count: .max,
        suppressedCount: .max, host: evilText, service: evilText + "2",
        key: [(evilText, evilText + "3"), ("absent", nil)],
        fields: [
            (evilText, .text(evilText)), ("octal", .number("007")), ("forged", .number("1}\n{")),
            ("empty", .number("")), ("good", .number("-1.5e+3")),
        ],
        evidence: [
            Evidence(
                input: evilText, line: .max, offset: .max, length: .min, recordID: evilText,
                time: Timestamp(seconds: .max), text: evilText),
            Evidence(
                input: String(repeating: "路径/", count: 500), line: 0, offset: 0, length: 0,
                recordID: "18446744073709551615", time: nil,
                text: String(repeating: "e\u{301}", count: 5000)),
        ],
        remediation: evilText + "\n" + String(repeating: "x", count: 100_000),
        references: [evilText, evilText], tags: [evilText])

    /// One of each, with repeats as a live stream has them.
    static let incident: [Finding] = [
        refused, crash, restartLoop(minute: 0), restartLoop(minute: 31, suppressed: 4),
        restartLoop(minute: 62, suppressed: 2), handleLeak, crash, crashLoop,
        restartLoop(minute: 93, suppressed: 2), garbage(cpu: 31, second: 1),
        garbage(cpu: 38, second: 2), untimed, crashLoop,
    ]
}
