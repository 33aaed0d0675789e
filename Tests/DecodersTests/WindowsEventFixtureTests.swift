import Foundation
import Testing
import WinnowKit

@testable import Decoders

@Suite("Event XML, by examples")
struct WindowsEventFixtureTests {
    /// `RECORD=1` writes what a fixture gives today, and still fails, so that it is looked at.
    @Test(
        "A fixture gives the records and problems that its records.json holds",
        arguments: EventPlace.folders(in: EventPlace.eventFixtures))
    func records(name: String) throws {
        let folder = EventPlace.eventFixtures.appendingPathComponent(name)
        let expected = folder.appendingPathComponent("records.json")
        let bytes = try EventPlace.bytes(folder.appendingPathComponent("input.xml"))
        let reading = EventReading(bytes, decoding: true)
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(reading.json.utf8).write(to: expected)
            Issue.record("recorded \(name)")
        } else {
            #expect(reading.json == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
        }
        _ = try JSONSerialization.jsonObject(with: Data(reading.json.utf8))
    }

    @Test(
        "A fixture cut at any byte, and byte by byte, gives the same records and problems",
        arguments: EventPlace.folders(in: EventPlace.eventFixtures))
    func cuts(name: String) throws {
        let file = EventPlace.eventFixtures.appendingPathComponent("\(name)/input.xml")
        let bytes = try EventPlace.bytes(file)
        func framed(_ pieces: [Int]) -> EventReading {
            var reading = EventReading(bytes, pieces: pieces)
            reading.kept = 0
            return reading
        }
        let whole = framed([.max])
        #expect(framed([1]) == whole)
        for cut in 1..<max(bytes.count, 2) {
            let reading = framed([cut, .max])
            if reading != whole {
                #expect(reading == whole, "cut at \(cut)")
                return
            }
        }
    }

    @Test("There are fixtures")
    func fixturesExist() {
        #expect(EventPlace.folders(in: EventPlace.eventFixtures).count > 20)
    }
}
