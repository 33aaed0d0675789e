import Foundation
import Testing
import WinnowKit

@testable import Inputs

@Suite("Gzip")
struct GzipTests {
    private static let one = (0..<200).map { "first member, line \($0)\n" }.joined()
    private static let two = (0..<200).map { "second member, line \($0)\n" }.joined()

    @Test("Members follow each other as one stream, with padding between them or behind")
    func members() throws {
        let cases = [
            ("two-members.gz", GzipTests.one + GzipTests.two),
            ("padded-members.gz", GzipTests.one + GzipTests.two),
            ("padded.gz", GzipTests.one), ("empty-member.gz", ""),
        ]
        for (name, text) in cases {
            for blockSize in [1, 100, 65_536] {
                let stream = try Fixture.open(name)
                let bytes = try stream.all(blockSize: blockSize)
                #expect(String(decoding: bytes, as: UTF8.self) == text, "\(name) by \(blockSize)")
                #expect(stream.problems.isEmpty, "\(name)")
            }
        }
    }

    @Test("The content says what is gzip, not the name")
    func content() throws {
        let stream = try Fixture.open("named-otherwise.log")
        #expect(try stream.all() == Array(GzipTests.one.utf8))
        #expect(stream.storedBytesRead < GzipTests.one.utf8.count)
        let folder = try TemporaryFolder()
        try folder.make("plain.gz", content: "no gzip\n")
        let plain = try folder.sources(["plain.gz"]).sources[0].segments[0].open()
        #expect(try plain.all() == Array("no gzip\n".utf8))
    }

    @Test(
        "Damage ends the stream behind what came out whole, and is a problem there",
        arguments: [
            ("truncated.gz", "gzip member is cut off"),
            ("truncated-header.gz", "gzip member is cut off"),
            ("no-trailer.gz", "gzip member is cut off"),
            ("wrong-checksum.gz", "gzip member has a wrong checksum"),
            ("trailing-garbage.gz", "bytes after the last gzip member"),
            ("corrupt.gz", "gzip member is corrupt: invalid block type"),
        ])
    func damage(name: String, reason: String) throws {
        for blockSize in [1, 100, 65_536] {
            let stream = try Fixture.open(name)
            let bytes = try stream.all(blockSize: blockSize)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix(GzipTests.one))
            if name == "truncated.gz" {
                #expect(text.utf8.count > GzipTests.one.utf8.count + 1900)
            } else {
                #expect(text == GzipTests.one)
            }
            #expect(
                stream.problems
                    == [Problem(offset: bytes.count, reason: reason, lostRecord: false)])
        }
    }

    @Test("A bomb comes out in the blocks that are asked for")
    func bomb() throws {
        let stream = try Fixture.open("bomb.gz")
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { block.deallocate() }
        var total = 0
        while case let count = try stream.read(into: block), count > 0 { total += count }
        #expect(total == 16 << 20)
        #expect(stream.storedBytesRead < 64 << 10)
    }

    @Test("A pipe is read through as well, however its bytes come")
    func pipes() throws {
        let texts: [(stored: [UInt8], text: [UInt8])] = [
            (
                [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("two-members.gz")))),
                Array((GzipTests.one + GzipTests.two).utf8)
            ),
            ([0x1F], [0x1F]), ([0x1F, 0x41, 0x42], [0x1F, 0x41, 0x42]), ([], []),
            (Array("plain\n".utf8), Array("plain\n".utf8)),
        ]
        for (stored, text) in texts {
            for blockSize in [1, 2, 4096] {
                var ends: [Int32] = [-1, -1]
                #expect(pipe(&ends) == 0)
                // Small enough for the pipe to hold.
                #expect(write(ends[1], stored, stored.count) == stored.count)
                close(ends[1])
                let stream = PeekStream(
                    DescriptorStream(descriptor: ends[0], name: "pipe", closes: true))
                #expect(try stream.all(blockSize: blockSize) == text)
                #expect(stream.storedBytesRead == stored.count)
            }
        }
    }

    @Test("A first byte that could begin gzip is not held back for longer than one more byte")
    func firstByte() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { close(ends[1]) }
        #expect(write(ends[1], [0x1F, 0x41] as [UInt8], 2) == 2)
        let stream = PeekStream(DescriptorStream(descriptor: ends[0], name: "pipe", closes: true))
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { block.deallocate() }
        #expect(try stream.read(into: block) == 2)
    }
}
