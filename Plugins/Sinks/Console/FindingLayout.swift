import WinnowKit

/// Puts a finding into rows of a terminal.
///
/// Everything that comes from data, and from packs, is made safe before it is measured.
struct FindingLayout {
    /// Columns of a row.
    let columns: Int
    let color: Bool

    /// Rows that a block may have; evidence comes first, remedies share what is left.
    private static let maxRows = 13
    /// The same for a join, whose records are all different.
    private static let maxJoinRows = 20
    /// Bytes of one text that are looked at: more than any row can show.
    private static let maxBytes = 4096
    /// Columns of what must not be cut at the edge, since it is there to be copied.
    private static let maxUncut = 400
    private static let indent = "  "

    init(columns: Int, color: Bool) {
        self.columns = max(columns, 40)
        self.color = color
    }

    // MARK: The parts

    /// The whole finding.
    func block(_ finding: Finding) -> [String] {
        var rows = title(finding, rows: 2)
        rows += origin(finding)
        rows += evidence(finding)
        let references = self.references(finding)
        let most = finding.isJoin ? FindingLayout.maxJoinRows : FindingLayout.maxRows
        let free = most - rows.count - references.count
        rows += remedy(finding, rows: max(free, 3))
        return rows + references
    }

    /// Level and title in one row.
    func heading(_ finding: Finding) -> String { title(finding, rows: 1).first ?? "" }

    /// That a finding has come again, in one row.
    ///
    /// - Parameters:
    ///   - date: The date in the row above, which need not be said again.
    ///   - withTitle: True to close with the title instead of the evidence.
    func again(_ finding: Finding, after date: String?, withTitle: Bool = false) -> String {
        var time: [String] = []
        if let clock = finding.lastTime?.clock {
            time = [clock.date == date ? clock.time : "\(clock.date) \(clock.time) UTC"]
        }
        let heads = counts(finding, unit: "×").map { counts in
            "↳ again" + (time + counts).enumerated().map { ($0 == 0 ? " " : " · ") + $1 }.joined()
        }
        let last = finding.evidence.last
        // The end of a place will do; counts that do not fit are left out.
        let wanted = last.map { 2 + min(Columns.width(self.place($0, columns: columns)), 16) } ?? 0
        let head = Columns.cut(fitting(heads, columns - 2 - wanted), to: columns - 2)
        let row = FindingLayout.indent + paint(head, .aside)
        var left = columns - 2 - Columns.width(head)
        guard let last, left >= 10 else { return row }
        let place = self.place(last, columns: min(columns / 3, left - 2))
        left -= 2 + Columns.width(place)
        let text = withTitle ? safe(finding.title) : lines(last).first ?? ""
        // A word or two of a line would tell nothing.
        let said = left >= 24 ? "  " + Columns.cut(text, to: left - 2) : ""
        return row + "  " + paint(place, .place) + said
    }

    private func title(_ finding: Finding, rows: Int) -> [String] {
        let level = finding.level == .informational ? "INFO" : finding.level.rawValue.uppercased()
        let label = color && finding.level == .critical ? " \(level) " : level
        let text = safe(finding.title.isEmpty ? finding.rule : finding.title)
        let lines = Columns.wrap(text, to: columns - label.count - 2, rows: rows)
        return lines.enumerated().map { index, line in
            (index == 0
                ? paint(label, .level(finding.level))
                : String(repeating: " ", count: label.count))
                + "  " + paint(line, .title)
        }
    }

    /// Rule, place and times, in one row where they fit and in two otherwise:
    /// `nssm.restart-loop · gateway on WEB01`
    /// `2026-03-01 10:00:12 – 10:08:41 UTC · 3 records in 8m 29s · +4 suppressed`
    private func origin(_ finding: Finding) -> [String] {
        let rule = Columns.cut(safe(finding.rule), to: columns - 2)
        let places = Columns.cut(
            self.places(finding).map { " · " + $0 }.joined(),
            to: columns - 2 - Columns.width(rule))
        let times = self.times(finding)
        let first = FindingLayout.indent + paint(rule, .aside) + places
        let used = 2 + Columns.width(rule) + Columns.width(places)
        if used + 3 + Columns.width(times) <= columns { return [first + " · " + times] }
        return [first, FindingLayout.indent + times]
    }

    private func places(_ finding: Finding) -> [String] {
        var parts: [String] = []
        switch (finding.service, finding.host) {
        case (let service?, let host?): parts.append("\(safe(service)) on \(safe(host))")
        case (let name?, nil), (nil, let name?): parts.append(safe(name))
        case (nil, nil): break
        }
        let title = safe(finding.title)
        for (name, value) in finding.key {
            guard let value, value != finding.host, value != finding.service else { continue }
            // The titles of most rules name what they are keyed by. A long value is not searched
            // for, since that takes the product of both lengths.
            let shown = safe(value)
            if shown.utf8.count > 64 || !title.contains(shown) {
                parts.append("\(safe(name))=\(shown)")
            }
        }
        return parts
    }

    private func times(_ finding: Finding) -> String {
        var time = "no time in the log"
        if let first = finding.firstTime, let last = finding.lastTime {
            time = Timestamp.span(min(first, last), max(first, last)) + " UTC"
        } else if let only = finding.firstTime ?? finding.lastTime ?? finding.time {
            time = Timestamp.span(only, only) + " UTC"
        }
        let variants = counts(finding, unit: " records").map { joined([time] + $0) }
        return Columns.cut(fitting(variants, columns - 2), to: columns - 2)
    }

    /// `3 records in 8m 29s` and `+4 suppressed`, from the longest way to say it to the shortest.
    private func counts(_ finding: Finding, unit: String) -> [[String]] {
        let suppressed =
            finding.suppressedCount > 0 ? ["+\(finding.suppressedCount) suppressed"] : []
        if finding.count < 2 { return [suppressed] }
        let count = "\(finding.count)\(unit)"
        let plain = [[count] + suppressed, [count]]
        guard let first = finding.firstTime, let last = finding.lastTime,
            let duration = Timestamp.duration(first, last)
        else { return plain }
        return [["\(count) in \(duration)"] + suppressed] + plain
    }

    private func joined(_ parts: [String]) -> String { parts.joined(separator: " · ") }

    /// The first of some ways to say a thing that fits, or the last.
    private func fitting(_ variants: [String], _ columns: Int) -> String {
        variants.first { Columns.width($0) <= columns } ?? variants.last ?? ""
    }

    // MARK: Evidence

    private func evidence(_ finding: Finding) -> [String] {
        guard let first = finding.evidence.first, let last = finding.evidence.last else {
            return []
        }
        if finding.evidence.count == 1 { return alone(first) }
        // What lies between first and last is more of the same, but for a join.
        let isLong = finding.evidence.count > 3 && !finding.isJoin
        let shown = isLong ? [first, last] : finding.evidence
        let places = shown.map { place($0, columns: columns * 2 / 5) }
        let widest = places.map(Columns.width).max() ?? 0
        var rows = zip(shown, places).map { record, place in
            let gap = String(repeating: " ", count: widest - Columns.width(place) + 2)
            let text = lines(record).first ?? ""
            return FindingLayout.indent + paint(place, .place) + gap
                + Columns.cut(text, to: columns - 2 - widest - 2)
        }
        let more = max(finding.count, finding.evidence.count) - shown.count
        if more > 0 {
            rows.insert(FindingLayout.indent + paint("… \(more) more", .aside), at: rows.count - 1)
        }
        return rows
    }

    /// A single record may say more than fits beside its place: the first lines of a crash, say.
    private func alone(_ record: Evidence) -> [String] {
        let place = self.place(record, columns: columns - 2)
        let lines = self.lines(record)
        let head = FindingLayout.indent + paint(place, .place)
        let free = columns - 4 - Columns.width(place)
        if lines.count < 2, Columns.width(lines.first ?? "") <= free {
            return [head + "  " + (lines.first ?? "")]
        }
        let rows =
            lines.count < 2
            ? Columns.wrap(lines[0], to: columns - 4, rows: 3)
            : lines.prefix(5).map { Columns.cut($0, to: columns - 4) }
        return [head] + rows.map { "    " + $0 }
    }

    /// `input:line`, of a long input name its end.
    private func place(_ record: Evidence, columns: Int) -> String {
        Columns.cutFront(safe(record.input) + ":\(record.line)", to: columns)
    }

    /// The lines of a record that hold something, safe, tabs as four blanks. Several lines that all
    /// begin with a time, as NSSM writes it, lose it: the finding's own says as much.
    private func lines(_ record: Evidence) -> [String] {
        var lines = split(prefix(record.text))
        let stripped = lines.compactMap(withoutTime)
        if lines.count > 1, stripped.count == lines.count {
            lines = stripped.filter { !$0.allSatisfy(\.isWhitespace) }
        }
        return lines.map { line in
            let tabs = line.prefix { $0 == "\t" }.count
            return String(repeating: "    ", count: tabs)
                + SafeText.escapedLine(String(line.dropFirst(tabs)))
        }
    }

    private func withoutTime(_ line: Substring) -> Substring? {
        var copy = line
        let length = copy.withUTF8 { Timestamp.parse(UnsafeRawBufferPointer($0))?.length }
        guard let length else { return nil }
        var rest = Substring(copy.utf8.dropFirst(length))
        if rest.first == ":" { rest.removeFirst() }
        if rest.first == " " { rest.removeFirst() }
        return rest
    }

    // MARK: Remedy

    private func remedy(_ finding: Finding, rows: Int) -> [String] {
        let lines = split(finding.remediation ?? "")
        var out: [String] = []
        for (index, line) in lines.prefix(rows + 1).enumerated() {
            let next = remedy(safe(String(line)))
            // The last one may take the row that would tell of it.
            let isLast = index == lines.count - 1
            if index > 0, out.count + next.count > (isLast ? rows + 1 : rows) {
                let more = lines.count - index
                let text =
                    "… \(more) more \(more == 1 ? "line" : "lines") of advice in --format json"
                out.append(FindingLayout.indent + paint(text, .aside))
                break
            }
            out += next
        }
        return out
    }

    /// A command stays in one piece however long it is, so that it can be copied; what is said of
    /// it, and advice in prose, is wrapped.
    private func remedy(_ line: String) -> [String] {
        let arrow = FindingLayout.indent + paint("→", .command) + " "
        if isProse(line) {
            return Columns.wrap(line, to: columns - 4, rows: 3).enumerated().map { index, row in
                (index == 0 ? arrow : "    ") + row
            }
        }
        let (whole, comment) = splitComment(line)
        let command = Columns.cut(whole, to: FindingLayout.maxUncut)
        guard let comment else { return [arrow + paint(command, .command)] }
        if Columns.width(command) + 3 + Columns.width(comment) <= columns - 4 {
            return [arrow + paint(command, .command) + "   " + paint(comment, .aside)]
        }
        return [arrow + paint(command, .command)]
            + Columns.wrap(comment, to: columns - 6, rows: 3).map { "      " + paint($0, .aside) }
    }

    /// Prose begins with a capitalized word that is nothing but letters (`Fix`, `For`), or with a
    /// script that no command is written in; a command does not (`nssm`, `Get-Process`, `C:\x`).
    private func isProse(_ line: String) -> Bool {
        guard let first = line.unicodeScalars.first else { return true }
        if !first.isASCII { return true }
        var word = line.prefix { $0 != " " }
        while let last = word.last, ",.;:".contains(last) { word.removeLast() }
        return first.properties.isUppercase && word.allSatisfy(\.isLetter)
    }

    private func splitComment(_ line: String) -> (command: String, comment: String?) {
        guard let mark = line.firstRange(of: "  # ") else { return (line, nil) }
        var command = line[..<mark.lowerBound]
        while command.last == " " { command.removeLast() }
        return (String(command), String(line[mark.lowerBound...].drop { $0 == " " }))
    }

    private func references(_ finding: Finding) -> [String] {
        finding.references.prefix(1).map {
            let address = Columns.cut(safe($0), to: FindingLayout.maxUncut)
            return FindingLayout.indent + paint("see " + address, .aside)
        }
    }

    // MARK: Text

    private func paint(_ text: String, _ ink: Ink) -> String { color ? ink.paint(text) : text }

    private func safe(_ text: String) -> String { SafeText.escapedLine(prefix(text)) }

    /// The lines that hold something. Other line ends than these are for `SafeText` to show.
    private func split(_ text: String) -> [Substring] {
        text.split { $0 == "\n" || $0 == "\r\n" }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private func prefix(_ text: String) -> String {
        if text.utf8.count <= FindingLayout.maxBytes { return text }
        var copy = text
        return copy.withUTF8 {
            UTF8Text.prefix(UnsafeRawBufferPointer($0), limit: FindingLayout.maxBytes)
        }
    }
}

extension Finding {
    /// True where the records are not more of the same but each another part of the story.
    fileprivate var isJoin: Bool { fields.contains { $0.name == "join.found" } }
}
