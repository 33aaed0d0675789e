import WinnowKit

/// The parts of a rotated log's name: `base-YYYYMMDDTHHMMSS.mmm.ext`, as NSSM writes it, with `.gz`
/// behind where the file was compressed since.
///
/// Source: NSSM 2.24 `io.cpp`, rotated_filename: the time is UTC and stands before the last
/// extension, so that the order of the names is the order of time.
struct RotatedName {
    /// The name that the log had before: `base.ext`.
    let current: [UInt8]
    /// `YYYYMMDDTHHMMSS.mmm`.
    let stamp: [UInt8]

    /// Takes a file's name apart; nil when it is no rotated one.
    init?(_ name: [UInt8]) {
        let plain = RotatedName.withoutGz(name)
        // `-20131221T113939.457` is 20 bytes; the base has at least one, the extension may be
        // absent.
        let length = 20
        guard plain.count > length else { return nil }
        let lastDot = plain.lastIndex(of: UInt8(ascii: "."))
        for end in [plain.count, lastDot ?? 0] where end > length {
            let start = end - length
            let stamp = Array(plain[(start + 1)..<end])
            guard plain[start] == UInt8(ascii: "-"), RotatedName.isTime(stamp) else { continue }
            current = Array(plain[..<start] + plain[end...])
            self.stamp = stamp
            return
        }
        return nil
    }

    /// The name without `.gz` at its end.
    static func withoutGz(_ name: [UInt8]) -> [UInt8] {
        name.count > 3 && name.suffix(3).elementsEqual(".gz".utf8) ? Array(name.dropLast(3)) : name
    }

    private static func isTime(_ text: [UInt8]) -> Bool {
        guard text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: ".") else { return false }
        let digits = text.enumerated().filter { $0.offset != 8 && $0.offset != 15 }.map(\.element)
        return text.count == 19 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// Puts the rotations of one log together.
enum Rotation {
    private struct Log: Hashable {
        let folder: FilePath
        let name: [UInt8]
    }

    /// Makes sources of inputs.
    ///
    /// Files of one folder that are rotations of one log are the segments of one source, in the
    /// order of time, the file without a time last; it stands where the first of them stood. The
    /// others are sources of their own.
    ///
    /// - Parameter inputName: What findings call stdin; nil: `stdin`.
    static func group(_ inputs: [PathExpansion.Input], inputName: String?) -> [Source] {
        var logs: [Log: [(stamp: [UInt8], file: NamedFile)]] = [:]
        for case .file(let file) in inputs {
            if let name = RotatedName(file.path.split.name) {
                logs[Log(folder: file.folder, name: name.current), default: []]
                    .append((name.stamp, file))
            }
        }
        // The plain name is the log's current file; `base.ext.gz` is, where there is no other.
        var hasCurrent: Set<Log> = []
        for isCompressed in [false, true] {
            for case .file(let file) in inputs {
                let name = file.path.split.name
                let plain = RotatedName.withoutGz(name)
                let log = Log(folder: file.folder, name: plain)
                guard (plain != name) == isCompressed, logs[log] != nil, RotatedName(name) == nil,
                    hasCurrent.insert(log).inserted
                else { continue }
                // After every time: no stamp begins with a letter.
                logs[log]?.append((Array("current".utf8), file))
            }
        }

        var grouped: [FilePath: Log] = [:]
        for (log, files) in logs {
            for (_, file) in files { grouped[file.path] = log }
        }
        var done: Set<Log> = []
        var sources: [Source] = []
        for input in inputs {
            switch input {
            case .stdin:
                sources.append(Source(segments: [Stdin.segment(name: inputName ?? "stdin")]))
            case .file(let file):
                guard let log = grouped[file.path], let files = logs[log] else {
                    sources.append(Source(segments: [Files.segment(file)]))
                    continue
                }
                guard done.insert(log).inserted else { continue }
                let ordered = files.sorted { a, b in
                    a.stamp == b.stamp
                        ? a.file.path.bytes.lexicographicallyPrecedes(b.file.path.bytes)
                        : a.stamp.lexicographicallyPrecedes(b.stamp)
                }
                sources.append(Source(segments: ordered.map { Files.segment($0.file) }))
            }
        }
        return sources
    }
}
