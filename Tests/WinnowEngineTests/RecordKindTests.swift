import Decoders
import Testing
import WinnowKit

@testable import WinnowRules

@Suite("Kinds of records")
struct RecordKindTests {
    @Test("The kinds that rules know are those that decoders give")
    func kinds() {
        #expect(Set(RecordKinds.known) == Set(Decoders.specs.flatMap(\.kinds)))
    }
}
