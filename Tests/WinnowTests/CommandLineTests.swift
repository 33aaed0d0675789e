import Foundation
import Testing
import WinnowKit

@Suite("The command line")
struct CommandLineTests {
    private static let pack = #"""
        pack: {name: cli, version: 1.0.0, engine: ">=0.1 <2", license: Apache-2.0, description: tests}
        rules:
        - id: cli.disk-full
          title: Disk full on {{volume}}
          level: high
          match: {message|re: 'disk full on (?<volume>\S+)'}
          remediation: 'free space on {{volume}}'
          tests: [{fires: 1, lines: ['disk full on C:']}, {fires: 0, lines: ['disk half full']}]
        """#
    private static let log = """
        2026-03-01T09:59:59Z starting
        2026-03-01T10:00:00.123456789Z disk full on C:
        2026-03-01T10:00:20Z disk full on D:

        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("pack.yaml", Self.pack)
        try folder.write("app.log", Self.log)
        try folder.write("quiet.log", "2026-03-01T10:00:00Z all is well\n")
        return folder
    }

    private func scan(_ arguments: String..., stdin: String = "") throws -> Invocation {
        let folder = try folder()
        return try Invocation.run(
            ["scan", "--no-default-rules", "--rules", "pack.yaml"] + arguments,
            stdin: Data(stdin.utf8), in: folder.url)
    }

    @Test("Exit status is 0 for nothing found, 1 for something, 2 for a job not wholly done")
    func exitStatus() throws {
        #expect(try scan("quiet.log").status == 0)
        #expect(try scan("app.log").status == 1)
        #expect(try scan("app.log", "--fail-on", "critical").status == 0)
        #expect(try scan("app.log", "--fail-on", "never").status == 0)
        let half = try scan("missing.log", "app.log")
        #expect(half.status == 2)
        #expect(half.lines.count == 2)
        #expect(half.stderr.contains("missing.log"))
    }

    @Test(
        "Bad usage is 2, says something on stderr and nothing on stdout",
        arguments: [
            ["scan", "--no-such-option", "x"], ["scan"], ["scan", "x", "--format", "xml"],
            ["scan", "x", "--jobs", "0"], ["scan", "x", "--since", "yesterday"],
            ["scan", "x", "--encoding", "klingon"], ["scan", "x", "--input-format", "evtx"],
            ["scan", "x", "--timezone", "Mars"], ["decode", "x", "--kind", "nope"],
            ["explain", "W999"], ["nonsense"],
        ])
    func badUsage(arguments: [String]) throws {
        let run = try Invocation.run(arguments)
        #expect(run.status == 2)
        #expect(run.stdout.isEmpty)
        #expect(!run.stderr.isEmpty)
    }

    @Test("A pack with a mistake stops the run before any input is read")
    func badPack() throws {
        let folder = try folder()
        try folder.write("bad.yaml", Self.pack.replacingOccurrences(of: "title:", with: "tilte:"))
        let run = try Invocation.run(["scan", "--rules", "bad.yaml", "app.log"], in: folder.url)
        #expect(run.status == 2)
        #expect(run.stdout.isEmpty)
        #expect(run.stderr.contains("bad.yaml:4:") && run.stderr.contains("`title`"))
    }

    @Test("The same bytes give the same findings from a file, stdin and stream")
    func sameBytes() throws {
        let strip = { (run: Invocation) in
            run.text.replacing(#/"input":"[^"]*"/#, with: "")
        }
        let file = try scan("app.log")
        #expect(strip(try scan("-", stdin: Self.log)) == strip(file))
        let folder = try folder()
        let stream = try Invocation.run(
            ["stream", "--no-default-rules", "--rules", "pack.yaml"], stdin: Data(Self.log.utf8),
            in: folder.url)
        #expect(strip(stream) == strip(file))
        #expect(stream.status == 1)
    }

    @Test("A finding has the contract's keys in their order")
    func keys() throws {
        let line = try #require(try scan("app.log").lines.first)
        var at = line.startIndex
        for key in [
            "id", "rule", "pack", "level", "status", "title", "message", "time", "first_time",
            "last_time", "count", "suppressed_count", "host", "service", "key", "fields",
            "evidence", "remediation", "references", "tags",
        ] {
            let found = try #require(line[at...].range(of: "\"\(key)\":"), "\(key)")
            at = found.upperBound
        }
    }

    @Test("Every default rule passes its own tests")
    func defaultRules() throws {
        let run = try Invocation.run(["rules", "test"])
        #expect(run.status == 0, "\(run.text)")
    }

    @Test("Every pack of rules/ is inside the binary, as it is there")
    func builtinPacks() throws {
        let folder = try TemporaryFolder()
        let manifest = folder.url.appendingPathComponent("m.json")
        _ = try Invocation.run(["scan", "-", "--quiet", "--manifest", manifest.path])
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: manifest))
        let packs = try #require((json as? [String: Any])?["packs"] as? [[String: Any]])
        let rules = Invocation.root.appendingPathComponent("rules")
        let folders = try FileManager.default.contentsOfDirectory(atPath: rules.path).sorted()
        #expect(packs.compactMap { $0["name"] as? String } == folders)
        for (name, pack) in zip(folders, packs) {
            let bytes = try Data(
                contentsOf: rules.appendingPathComponent(name).appendingPathComponent("pack.yaml"))
            let digest = Array(bytes).withUnsafeBytes { Digest.hex(Digest.sha256($0)) }
            #expect(pack["sha256"] as? String == digest, "\(name)")
        }
    }

    @Test("The demo incident gives the findings that were put into it")
    func demo() throws {
        let run = try Invocation.run(["scan", "Tests/Fixtures/demo/WEB01", "--format", "ndjson"])
        #expect(run.status == 1)
        let rules = Set(try run.objects().compactMap { $0["rule"] as? String })
        for rule in [
            "nssm.restart-loop", "nssm.exit.unexpected", "err.too-many-files", "go.nil",
            "go.map-race", "go.bounds", "go.http-panic", "scm.crash",
        ] {
            #expect(rules.contains(rule), "\(rule) is missing in \(rules.sorted())")
        }
    }

    @Test("Help fits a screen and every command has help")
    func help() throws {
        let run = try Invocation.run(["--help"])
        #expect(run.status == 0)
        let lines = run.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 45)
        #expect(lines.allSatisfy { $0.count <= 100 })
        for command in ["scan", "stream", "decode", "rules", "plugins", "explain"] {
            #expect(run.text.contains(command))
            #expect(try Invocation.run([command, "--help"]).status == 0)
        }
    }

    @Test("Commands of the README's code blocks that run on files of the repository work")
    func readme() throws {
        let readme = try String(
            contentsOf: Invocation.root.appendingPathComponent("README.md"), encoding: .utf8)
        let commands = readme.split(separator: "\n").filter {
            $0.hasPrefix("winnow ") && $0.contains("Tests/Fixtures")
        }
        #expect(!commands.isEmpty)
        for command in commands {
            let words = command.split(separator: " ").dropFirst().prefix { $0 != "#" && $0 != "|" }
            let run = try Invocation.run(words.map(String.init))
            #expect(run.status == 0 || run.status == 1, "\(command): \(run.stderr)")
        }
    }
}
