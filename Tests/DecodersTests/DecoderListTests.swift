import Decoders
import Foundation
import Testing
import WinnowKit

@Suite("The list of decoders")
struct DecoderListTests {
    @Test("Every folder has its line in the list, and every line its folder")
    func listMatchesFolders() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Plugins/Decoders")
        let folders = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasSuffix(".swift") }.sorted()
        // `go_crash` lies in GoCrash.
        let listed = Decoders.specs.map {
            $0.name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
                .joined()
        }.sorted()
        #expect(listed == folders)
    }

    @Test("Names are unique, and kinds of a format are told apart")
    func unique() {
        let names = Decoders.specs.map(\.name)
        #expect(Set(names).count == names.count)
        for decoder in Decoders.all {
            #expect(Set(decoder.spec.kinds).count == decoder.spec.kinds.count)
        }
    }
}
