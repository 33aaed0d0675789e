import CBuiltinRules
import Inputs
import WinnowKit
import WinnowRules

/// Finds and loads the packs of a run.
enum RulePacks {
    /// The packs inside the binary.
    static var builtin: [PackText] {
        (0..<winnow_builtin_pack_count()).map { index in
            let bytes = UnsafeBufferPointer(
                start: winnow_builtin_pack_bytes(index), count: winnow_builtin_pack_size(index))
            return PackText(
                path: String(cString: winnow_builtin_pack_path(index)), bytes: Array(bytes),
                isDefault: true)
        }
    }

    /// Loads packs; prints what is wrong with them and throws when anything is.
    static func load(_ options: RuleOptions) throws -> Plan {
        var packs = options.noDefaultRules ? [] : builtin
        packs += try read(options.rules)
        return try plan(packs)
    }

    /// Makes the plan of packs; prints every error of all of them and throws when there is one.
    ///
    /// Warnings about filters and overrides are printed as well: with these packs they do not do what
    /// they say, which an author who checks another set of packs does not see.
    static func plan(_ packs: [PackText], tuning: TuningScope = .all) throws -> Plan {
        let result = PackLoader.load(packs, tuning: tuning)
        let errors = result.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            report(errors)
            Diagnostics.error(
                "\(errors.count) mistake\(errors.count == 1 ? "" : "s") in the rule packs; "
                    + "nothing was read",
                help: "`winnow rules check` shows warnings too; `winnow explain CODE` says more")
            throw ExitStatus.failed
        }
        report(result.overlayWarnings)
        return result.plan
    }

    /// The packs that stand in for default ones, a line each, for stderr.
    static func replacements(_ plan: Plan) -> [String] {
        plan.packs.compactMap { pack in
            pack.replaces.map {
                "pack \(pack.name) \(pack.version) of \(pack.path) replaces the default one (\($0))"
            }
        }
    }

    /// The rule with an id; an unknown one is bad usage, with the nearest name.
    static func rule(_ id: String, in plan: Plan) throws -> Rule {
        if let rule = plan.rules.first(where: { $0.id == id }) { return rule }
        let hint = plan.nearestRuleID(to: id).map { "; did you mean `\($0)`?" } ?? ""
        Diagnostics.error(
            "unknown rule `\(id)`\(hint)", help: "`winnow rules list` prints all ids")
        throw ExitStatus.failed
    }

    /// Prints diagnostics to stderr.
    static func report(_ diagnostics: [Diagnostic]) {
        let color = ColorChoice.auto.isOn(for: 2)
        for diagnostic in diagnostics {
            Diagnostics.write(diagnostic.rendered(color: color) + "\n")
        }
    }

    /// The pack texts of files and folders, in the order given; folders by name.
    static func read(_ paths: [String]) throws -> [PackText] {
        var packs: [PackText] = []
        var failed = false
        for path in paths {
            let found = FileInput.sources(paths: [path], inputName: nil)
            for error in found.errors {
                Diagnostics.error("\(error.input): \(error.message)", help: error.help)
                failed = true
            }
            // In a folder, samples lie beside packs; a file that is named is taken for a pack.
            let files = found.sources.flatMap(\.segments).filter {
                $0.name == path || $0.name.hasSuffix(".yaml") || $0.name.hasSuffix(".yml")
            }
            if files.isEmpty && found.errors.isEmpty {
                Diagnostics.error(
                    "no rule pack in folder \(path)", help: "a pack is a file named *.yaml")
                failed = true
            }
            for file in files {
                do throws(InputError) {
                    packs.append(PackText(path: file.name, bytes: try readWhole(file)))
                } catch {
                    Diagnostics.error("\(error.input): \(error.message)", help: error.help)
                    failed = true
                }
            }
        }
        if failed { throw ExitStatus.failed }
        return packs
    }

    /// Most bytes of a pack; the loader refuses less, with a better message.
    private static let maxBytes = 64 << 20

    /// The bytes of a pack or of a sample.
    static func readWhole(_ file: Segment) throws(InputError) -> [UInt8] {
        let stream = try file.open()
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { chunk.deallocate() }
        var bytes: [UInt8] = []
        while bytes.count < maxBytes {
            let count = try stream.read(into: chunk)
            if count == 0 { return bytes }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
        throw InputError(input: file.name, message: "larger than 64 MiB")
    }
}
