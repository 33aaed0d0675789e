import Foundation
import Testing
import WinnowKit

@testable import Decoders

@Suite("Go reports, by examples")
struct GoCrashFixtureTests {
    /// `RECORD=1` writes what a fixture gives today, and still fails, so that it is looked at.
    @Test(
        "A fixture gives the records that its records.json holds",
        arguments: TextPlace.folders(in: TextPlace.crashFixtures))
    func records(name: String) throws {
        let folder = TextPlace.crashFixtures.appendingPathComponent(name)
        let expected = folder.appendingPathComponent("records.json")
        let reading = TextReading(
            try TextPlace.bytes(folder.appendingPathComponent("input.log")))
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(reading.json.utf8).write(to: expected)
            Issue.record("recorded \(name)")
        } else {
            #expect(reading.json == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
        }
        _ = try JSONSerialization.jsonObject(with: Data(reading.json.utf8))
    }

    @Test(
        "A fixture cut at any byte, and byte by byte, gives the same records",
        arguments: TextPlace.folders(in: TextPlace.crashFixtures))
    func cuts(name: String) throws {
        let file = TextPlace.crashFixtures.appendingPathComponent("\(name)/input.log")
        let bytes = try TextPlace.bytes(file)
        let whole = TextReading(bytes, decoding: false)
        #expect(TextReading(bytes, pieces: [1], decoding: false) == whole)
        #expect(TextReading(bytes, pieces: [7], decoding: false) == whole)
        for cut in 1..<max(bytes.count, 2) {
            let reading = TextReading(bytes, pieces: [cut, .max], decoding: false)
            if reading != whole {
                #expect(reading == whole, "cut at \(cut)")
                return
            }
        }
    }

    @Test("There are fixtures")
    func fixturesExist() {
        #expect(TextPlace.folders(in: TextPlace.crashFixtures).count > 30)
    }
}
