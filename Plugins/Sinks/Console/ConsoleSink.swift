public import WinnowKit

/// Findings as a person reads them at a terminal.
///
/// Each is printed as it comes: a block that says what, where, when, on what evidence, and what to
/// do. When it comes again, it takes one line.
public final class ConsoleSink: Sink {
    /// Name and summary.
    public static let spec = SinkSpec(
        name: "pretty", summary: "Readable text with evidence and remedy, for people at a terminal."
    )

    private let buffer: OutputBuffer
    private let layout: FindingLayout
    private var memory = RecentFindings()
    private var isFirst = true

    /// Makes the sink; without a width, rows have 100 columns.
    public init(_ settings: SinkSettings, output: any ByteOutput) {
        buffer = OutputBuffer(output)
        layout = FindingLayout(columns: settings.width ?? 100, color: settings.color)
    }

    /// Takes a batch.
    public func write(_ batch: Batch) throws(SinkError) {
        for finding in batch.findings {
            let rows = rows(finding)
            try buffer.append { out in
                for row in rows {
                    out.append(contentsOf: row.utf8)
                    out.append(UInt8(ascii: "\n"))
                }
            }
        }
    }

    /// Writes what is buffered.
    public func flush() throws(SinkError) { try buffer.flush() }

    /// Writes what is buffered; the accounting of the run is told elsewhere.
    public func close(manifest: [UInt8]) throws(SinkError) { try buffer.flush() }

    private func rows(_ finding: Finding) -> [String] {
        let separator = isFirst ? [] : [""]
        isFirst = false
        return switch memory.note(finding) {
        case .new: separator + layout.block(finding)
        case .again(let isNextToLast, let titleChanged, let date):
            if isNextToLast {
                [layout.again(finding, after: date, withTitle: titleChanged)]
            } else {
                separator + [layout.heading(finding), layout.again(finding, after: nil)]
            }
        }
    }
}

/// Which findings were printed lately, so that the next one of a kind can be short.
///
/// A finding is of the kind of another when rule, key, host and service are equal; without a key
/// the title must be as well, since nothing else tells what it is about.
private struct RecentFindings {
    /// After so many findings a block has scrolled away, and is printed in full again. Also the
    /// bound of what is remembered.
    static let span = 100

    enum Novelty {
        /// Nothing like it was printed lately.
        case new
        /// One like it was: right above or further up, with the same title or not, and with the
        /// given date (`2026-03-01`) at its end.
        case again(isNextToLast: Bool, titleChanged: Bool, date: String?)
    }

    private struct Entry {
        /// The number of the finding that was printed in full.
        var printed: Int
        /// The hash of the title that was printed last.
        var title: Int
    }

    private var entries: [Int: Entry] = [:]
    private var last: (kind: Int, date: String?)?
    private var number = 0

    mutating func note(_ finding: Finding) -> Novelty {
        number += 1
        let kind = kind(finding)
        let before = last
        last = (kind, finding.lastTime?.clock.date)
        if var entry = entries[kind], number - entry.printed < RecentFindings.span {
            let titleChanged = entry.title != finding.title.hashValue
            entry.title = finding.title.hashValue
            entries[kind] = entry
            return .again(
                isNextToLast: before?.kind == kind, titleChanged: titleChanged,
                date: before?.date)
        }
        entries[kind] = Entry(printed: number, title: finding.title.hashValue)
        if entries.count > 2 * RecentFindings.span {
            entries = entries.filter { number - $0.value.printed < RecentFindings.span }
        }
        return .new
    }

    /// A hash stands for the whole, as for the title: a key may hold much text.
    private func kind(_ finding: Finding) -> Int {
        var hasher = Hasher()
        hasher.combine(finding.rule)
        hasher.combine(finding.host)
        hasher.combine(finding.service)
        for (_, value) in finding.key { hasher.combine(value) }
        if finding.key.isEmpty { hasher.combine(finding.title) }
        return hasher.finalize()
    }
}
