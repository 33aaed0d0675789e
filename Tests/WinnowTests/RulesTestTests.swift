import Foundation
import Testing

@Suite("rules test")
struct RulesTestTests {
    /// A transcript, held against `expected.txt` of its folder; `RECORD=1` writes that and still fails.
    private func expect(
        _ name: String, _ arguments: [String], status: Int32,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/rules_test/" + name)
        let run = try Invocation.run(["rules", "test"] + arguments, in: folder)
        #expect(run.status == status, "\(run.stderr)", sourceLocation: location)
        let file = folder.appendingPathComponent("expected.txt")
        let text =
            "$ winnow rules test \(arguments.joined(separator: " "))\n" + run.text + run.stderr
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.path)", sourceLocation: location)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, sourceLocation: location)
    }

    @Test("--mutate lists each change that no test notices, and counts the others")
    func mutate() throws {
        try expect("mutate", ["--mutate", "pack.yaml"], status: 0)
    }

    @Test("All failures are told, with the record that came nearest or is one too many")
    func failures() throws { try expect("failures", ["pack.yaml"], status: 1) }

    @Test("Samples beside a pack are run: each remark is a test, and no finding may be unasked for")
    func samples() throws { try expect("samples", ["pack.yaml"], status: 1) }

    @Test("Fewer killed mutants than --mutate-min are exit status 1; all killed meet any minimum")
    func minimum() throws {
        let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/rules_test/mutate")
        func status(_ arguments: String...) throws -> Int32 {
            try Invocation.run(["rules", "test", "pack.yaml", "--mutate"] + arguments, in: folder)
                .status
        }
        #expect(try status("--mutate-min", "90") == 0)
        #expect(try status("--mutate-min", "94") == 1)
        #expect(try status("web.fail*", "--mutate-min", "100") == 0)
        #expect(try status("--mutate-min", "101") == 2)
    }

    @Test("A test that fails as it is stops --mutate: nothing could be said of its mutants")
    func failing() throws {
        let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/rules_test/failures")
        let run = try Invocation.run(["rules", "test", "pack.yaml", "--mutate"], in: folder)
        #expect(run.status == 1)
        #expect(run.text.contains("FAIL pack.yaml:10"))
        #expect(!run.text.contains("mutants:"))
    }

    @Test("An id selects rules, a glob several; one that nothing has is exit status 2")
    func selection() throws {
        let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/rules_test/mutate")
        func run(_ arguments: String...) throws -> Invocation {
            try Invocation.run(["rules", "test", "pack.yaml"] + arguments, in: folder)
        }
        #expect(try run("web.failed").text == "2 passed, 0 failed (1 rule)\n")
        #expect(try run("web.*", "web.slow").text == "6 passed, 0 failed (2 rules)\n")
        let unknown = try run("web.fialed")
        #expect(unknown.status == 2)
        #expect(unknown.stderr.contains("did you mean `web.failed`?"))
    }

    @Test("JUnit's XML has one case a mutant that is a rule")
    func junit() throws {
        let scratch = try TemporaryFolder()
        let file = scratch.url.appendingPathComponent("r.xml")
        let folder = Invocation.root.appendingPathComponent("Tests/Fixtures/rules_test/mutate")
        _ = try Invocation.run(
            ["rules", "test", "--mutate", "pack.yaml", "web.slow", "--junit", file.path],
            in: folder)
        let xml = try String(contentsOf: file, encoding: .utf8)
        #expect(xml.contains("tests=\"9\" failures=\"1\""))
        #expect(
            xml.contains(
                "name=\"pack.yaml:9:44 drop `peer` of `by`\"><failure "
                    + "message=\"no test notices the change\"/>"))
    }

    @Test("A sample without a remark, with one that names no rule or none that is there, fails")
    func badSamples() throws {
        let scratch = try TemporaryFolder()
        let pack = Invocation.root.appendingPathComponent(
            "Tests/Fixtures/rules_test/mutate/pack.yaml")
        try scratch.write("plain.log", "request failed\n")
        try scratch.write("empty.log", "# want:\nrequest failed\n")
        try scratch.write("unknown.log", "# want: web.fialed\nrequest failed\n")
        try scratch.write("strict.log", "request failed\n# want: web.failed\nrequest failed\n")
        for (name, words) in [
            ("plain", "has no `# want: RULE-ID`"), ("empty", "the remark names no rule"),
            ("unknown", "there is no such rule; did you mean `web.failed`?"),
            ("strict", "strict.log:1  web.failed: a finding that no `want` asks for"),
        ] {
            let run = try Invocation.run(
                ["rules", "test", pack.path, "--samples", name + ".log"], in: scratch.url)
            #expect(run.status == 1)
            #expect(run.text.contains(words), "\(run.text)")
        }
        let missing = try Invocation.run(
            ["rules", "test", pack.path, "--samples", "no.log"], in: scratch.url)
        #expect(missing.status == 2)
    }

    @Test("The default packs pass with their samples, and their tests notice 90 % of all changes")
    func defaults() throws {
        let run = try Invocation.run(["rules", "test", "rules"])
        #expect(run.status == 0, "\(run.text)")
        let builtin = try Invocation.run(["rules", "test"])
        #expect(builtin.status == 0, "\(builtin.text)")
        // What samples ask is tested in a checkout only.
        #expect(builtin.text != run.text)
        let mutants = try Invocation.run(["rules", "test", "--mutate"])
        #expect(mutants.status == 0, "\(mutants.text)")
    }
}
