import Testing
import WinnowKit
import WinnowRules

@testable import WinnowEngine

@Suite("One service under all its names")
struct ServiceIdentityTests {
    private func learnt(
        _ namings: [ServiceNaming], given: [(alias: String, service: String)] = []
    ) -> ServiceDirectory {
        var directory = ServiceDirectory(given: given)
        for naming in namings {
            directory.learn(LearntNaming(naming: naming, host: "WEB01", position: 0))
        }
        return directory
    }

    @Test("Display name, key, program and file name lead to the key, in any order of learning")
    func names() {
        let namings = [
            ServiceNaming(service: "Zahlungsdienst", isKey: false, processes: ["gateway.exe"]),
            ServiceNaming(service: "PaymentGateway", isKey: true, names: ["Zahlungsdienst"]),
            ServiceNaming(service: "paymentgateway", isKey: false),
        ]
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let directory = learnt(order.map { namings[$0] })
            func service(_ name: String?, _ process: String?, _ file: String?) -> String? {
                directory.service(name: name, process: process, file: file)
            }
            #expect(service("Zahlungsdienst", nil, nil) == "PaymentGateway")
            #expect(service("payment-gateway", nil, nil) == "PaymentGateway")
            #expect(service(nil, #"C:\svc\Gateway.EXE"#, nil) == "PaymentGateway")
            #expect(service(nil, "paymentgateway.exe", nil) == "PaymentGateway")
            #expect(service(nil, nil, "payment_gateway") == "PaymentGateway")
            #expect(service(nil, nil, "orders") == nil)
            #expect(service("Orders", nil, nil) == "Orders")
            #expect(directory.host(of: "PaymentGateway") == "WEB01")
        }
    }

    @Test("A program of two services, and a service on two hosts, tell nothing")
    func contradictions() {
        var directory = learnt([
            ServiceNaming(service: "a", isKey: true, processes: ["run.exe"]),
            ServiceNaming(service: "b", isKey: true, processes: ["run.exe"]),
        ])
        directory.learn(
            LearntNaming(
                naming: ServiceNaming(service: "a", isKey: true), host: "WEB02", position: 0))
        #expect(directory.service(name: nil, process: "run.exe", file: nil) == nil)
        #expect(directory.host(of: "a") == nil)
        #expect(directory.host(of: "b") == "WEB01")
    }

    @Test("Services that differ in how their numbers are parted are two")
    func numbers() {
        let names = ["node-1.1", "node-11", "svc-1", "svc1", "Ünit 2", "***"]
        #expect(
            names.map(ServiceDirectory.folded) == [
                "node1.1", "node11", "svc1", "svc1", "ünit2", "***",
            ])
    }

    @Test("What the user says stands above what is learnt")
    func given() {
        let directory = learnt(
            [ServiceNaming(service: "PayGate2", isKey: true, names: ["Payments"])],
            given: [("PayGate2", "payment-gateway"), ("pay.exe", "payment-gateway")])
        #expect(directory.service(name: "PayGate2", process: nil, file: nil) == "payment-gateway")
        #expect(directory.service(name: nil, process: "pay.exe", file: nil) == "payment-gateway")
    }

    @Test("Records do not contradict what the user says of their own names")
    func givenStands() {
        let naming = ServiceNaming(
            service: "PayGate2", isKey: true, names: ["Payments"], processes: ["pay.exe"])
        let directory = learnt(
            [naming], given: [("Payments", "gateway"), ("pay.exe", "gateway")])
        #expect(directory.service(name: "Payments", process: nil, file: nil) == "gateway")
        #expect(directory.service(name: nil, process: "pay.exe", file: nil) == "gateway")
    }

    @Test("A million names are said and not kept")
    func bounded() {
        var directory = ServiceDirectory()
        for i in 0..<(ServiceDirectory.capacity + 100) {
            directory.learn(
                LearntNaming(
                    naming: ServiceNaming(service: "s\(i)", isKey: true), host: nil, position: i))
        }
        #expect(directory.isFull)
        #expect(directory.service(name: nil, process: nil, file: "s1") == "s1")
        #expect(directory.service(name: nil, process: nil, file: "s8200") == nil)
    }

    @Test(
        "A file's name tells its service",
        arguments: [
            ("payment-gateway.err.log", "payment-gateway", nil),
            ("logs/payment-gateway.stderr.log.gz", "payment-gateway", nil),
            (#"C:\logs\Orders_out.txt"#, "Orders", nil),
            ("gw-stderr-20260311T060000.123.log", "gw", nil),
            ("gw.err.log.3", "gw", nil), ("gw.err-2026-03-11.log", "gw", nil),
            ("orderd.log", nil, "orderd"), ("stderr.log", nil, nil), ("nssm.err.log", nil, nil),
            ("System.xml", nil, "System.xml"), ("2026-03-11.log", nil, nil), ("stdin", nil, nil),
            ("", nil, nil), (".log", nil, nil), ("-", nil, nil),
        ] as [(String, String?, String?)])
    func fileNames(_ name: String, _ service: String?, _ candidate: String?) {
        let found = FileServiceName(name)
        #expect(found.service == service)
        #expect(found.candidate == candidate)
    }

    // MARK: - Through the engine

    private static let pack = """
        pack: {name: fixture, version: 1.0.0, engine: ">=0.1 <2"}
        rules:
        - id: fixture.both
          title: '{{service.name}} on {{host.name}}'
          level: low
          events:
            line: {message|contains: panic}
            exit: {event.provider: nssm, event.code: 1013}
            report: {event.provider: Application Error}
          when: {all: [line, exit, report], within: 1m, by: [host.name, service.name]}
          tests: [{fires: 0, lines: [a]}, {fires: 1, lines: [a]}]
        """

    private static func events(_ list: [TestEvent]) -> Source {
        EngineFixture.source(
            "Application.xml", Array(list.map { $0.xml() }.joined(separator: "\n").utf8))
    }

    private static func event(_ provider: String, _ code: Int, _ second: Int, _ data: [String])
        -> TestEvent
    {
        var event = TestEvent(provider: provider, code: code)
        event.time = "2026-01-01T00:00:0\(second)Z"
        event.data = .unnamed(data)
        return event
    }

    @Test("stderr by its file name, NSSM by its key and a crash report by its program are one key")
    func sources() {
        let plan = EngineFixture.plan(Self.pack)
        let log = EngineFixture.source(
            "payment-gateway.err.log", Array("2026-01-01T00:00:01Z panic: x\n".utf8))
        let events = Self.events([
            Self.event("Application Error", 1000, 2, ["gw.exe", "1.0", "0", "x.dll"]),
            Self.event("nssm", 1013, 3, [#"C:\svc\gw.exe"#, "PaymentGateway", "2"]),
        ])
        let found = EngineFixture.findings([log, events], plan: plan).ndjson
        #expect(found.contains(#""title":"PaymentGateway on WEB01""#))
        #expect(found.contains(#""host":"WEB01","service":"PaymentGateway""#))
        #expect(EngineFixture.findings([events, log], plan: plan).ndjson == found)
        // Without the event that joins the names, they are three.
        #expect(EngineFixture.findings([log], plan: plan).ndjson == "")
    }

    @Test("Records of equal times are taken in the order of their inputs' names")
    func ties() {
        let plan = EngineFixture.plan(EngineFixture.pack)
        let logs = ["c", "a", "b"].map {
            EngineFixture.source(
                $0, Array("2026-01-01T00:00:00Z fatal \($0)\n2026-01-01T00:00:00Z error\n".utf8))
        }
        let found = EngineFixture.findings(logs, plan: plan).ndjson
        for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0]] {
            #expect(EngineFixture.findings(order.map { logs[$0] }, plan: plan).ndjson == found)
        }
    }
}
