import Glibc
import Inputs
import WinnowEngine
import WinnowKit
import WinnowRules

/// Finds the logs with remarks that `rules test` runs.
enum SampleFiles {
    /// Endings of logs in a folder; a file that is named may have any.
    private static let endings = [".log", ".txt", ".xml"]

    /// The samples of the folders `samples` beside packs, then those of files and folders.
    ///
    /// - Parameter packs: Those that are files; the built-in ones lie beside nothing.
    /// - Throws: `ExitStatus.failed` where one cannot be read; stderr says why.
    static func read(_ paths: [String], besides packs: [PackText]) throws -> [AnnotatedSample] {
        var wanted: [String] = []
        for pack in packs {
            let folder = pack.path.lastIndex(of: "/").map { String(pack.path[...$0]) } ?? ""
            let path = folder + "samples"
            if access(path, F_OK) == 0, !wanted.contains(path) { wanted.append(path) }
        }
        var samples: [AnnotatedSample] = []
        var failed = false
        for path in wanted + paths {
            let found = FileInput.sources(paths: [path], inputName: nil)
            var errors = found.errors
            for file in found.sources.flatMap(\.segments)
            where file.name == path || endings.contains(where: { file.name.hasSuffix($0) }) {
                do throws(InputError) {
                    samples.append(
                        AnnotatedSample(name: file.name, bytes: try RulePacks.readWhole(file)))
                } catch {
                    errors.append(error)
                }
            }
            for error in errors {
                Diagnostics.error("\(error.input): \(error.message)", help: error.help)
                failed = true
            }
        }
        if failed { throw ExitStatus.failed }
        return samples
    }
}
