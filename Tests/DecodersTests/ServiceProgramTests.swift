import Testing

@testable import Decoders

@Suite("Programs of services")
struct ServiceProgramTests {
    @Test(
        "The program of a command line",
        arguments: [
            (#""C:\Program Files\GW\gateway.exe" -c x"#, "gateway.exe"),
            (#"C:\Program Files\GW\Gateway.EXE -c x.exe"#, "Gateway.EXE"),
            (#"C:\svc\gateway.exe"#, "gateway.exe"), (#"\SystemRoot\drivers\a.sys"#, "a.sys"),
            (#"C:\nssm\nssm.exe"#, nil), (#"C:\Windows\svchost.exe -k netsvcs"#, nil),
            ("", nil), ("   ", nil), (#""unclosed.exe"#, "unclosed.exe"), (".exe", ".exe"),
        ] as [(String, String?)])
    func names(_ line: String, _ name: String?) {
        #expect(ServiceProgram.name(line) == name)
    }
}
