import ArgumentParser
import Glibc
import Inputs
import Sinks
import WinnowEngine
import WinnowKit
import WinnowRules

/// `winnow rules docs`.
struct RulesDocs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Print a page of Markdown for each rule.",
        discussion: """
            Example: winnow rules docs --output docs/rules

            What a rule finds, why it matters, what to do, known misses and false positives, a sample: \
            all from the pack. With --output one file a rule and a README.md that lists them; pages \
            of rules that are gone are deleted, other files stay.
            """)

    @Argument(help: "A rule's id (default: all rules).") var rule: String?

    @Option(name: .long, help: "Write the pages into this folder.", completion: .directory)
    var output: String?

    @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

    func validate() throws {
        if rule != nil, output != nil {
            throw ValidationError("--output writes the pages of all rules: leave `RULE` out")
        }
    }

    func run() throws {
        let plan = try RulePacks.load(ruleOptions)
        if let rule {
            show(RulePage.page(try RulePacks.rule(rule, in: plan), in: plan))
            return
        }
        var pages = plan.rules.map { (RulePage.fileName($0), RulePage.page($0, in: plan)) }
        pages.append(("README.md", RulePage.index(plan)))
        guard let output else {
            for (_, page) in pages.dropLast() { show(page) }
            return
        }
        let names = Set(pages.map(\.0))
        // Once with the folder missing, as it is the first time.
        if mkdir(output, 0o777) != 0, errno != EEXIST {
            Diagnostics.error("cannot make \(output): \(String(cString: strerror(errno)))")
            throw ExitStatus.failed
        }
        for (name, page) in pages { try write(page, to: output + "/" + name) }
        for name in Self.printedPages(in: output) where !names.contains(name) {
            unlink(output + "/" + name)
        }
    }

    /// To a terminal, control characters of packs are escaped; line ends stay.
    private func show(_ page: String) {
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            print(SafeText.escapedLine(String(line)))
        }
    }

    private func write(_ page: String, to path: String) throws {
        let target = try OutputTarget.file(path, inputs: [])
        defer { close(target.descriptor) }
        do throws(SinkError) { try target.bytes.write(Array(page.utf8)) } catch {
            Diagnostics.error("cannot write \(path): \(error.message)")
            throw ExitStatus.failed
        }
    }

    /// Files of a folder that begin as pages do.
    private static func printedPages(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".md"), isPrinted(folder + "/" + name) { names.append(name) }
        }
        return names
    }

    private static func isPrinted(_ path: String) -> Bool {
        let mark = Array(RulePage.mark.utf8)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: mark.count)
        let count = head.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return count == mark.count && head == mark
    }
}
