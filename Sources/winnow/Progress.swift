import Sinks
import WinnowKit

/// How far a run has come, in one row at the bottom of a terminal on stderr.
///
/// The caller says that stderr is a terminal and how wide it is, and clears the bar before anything
/// else is written there. There is no timer: nothing moves while nothing is read.
struct ProgressBar {
    /// Seconds between two drawings; more often, the eye sees no more and the terminal is slowed.
    private static let interval = 0.1
    /// Seconds of which the speed is taken: long enough to be calm, short enough to follow a
    /// change from a file that no rule screens to one that all look at.
    private static let memory = 5.0

    private let columns: Int
    private let write: (String) -> Void
    private var drawn: Double?
    private var isVisible = false
    /// Where the speed was last looked at, and what it was, in bytes a second.
    private var mark: (bytes: Int, time: Double)?
    private var speed: Double?

    /// Makes a bar that is not yet seen.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal.
    ///   - write: Takes text for the terminal; stderr by default.
    init(width: Int, write: @escaping (String) -> Void = Diagnostics.write) {
        columns = width
        self.write = write
    }

    /// Draws the bar, unless it was drawn a moment ago.
    ///
    /// - Parameters:
    ///   - bytesRead: Of all inputs so far.
    ///   - total: What `bytesRead` will come to, or nil where an input has no known end.
    ///   - inputName: The input that is being read; as found, it is made safe here.
    ///   - now: Seconds of a clock that never goes back.
    mutating func update(
        bytesRead: Int, total: Int?, inputName: String, findings: Int, now: Double
    ) {
        if let drawn, now - drawn < ProgressBar.interval { return }
        drawn = now
        measure(bytesRead, now)
        let row = row(bytesRead, total: total, inputName: inputName, findings: findings)
        write("\r" + row + "\u{1B}[K")
        isVisible = true
    }

    /// Takes the bar away.
    mutating func clear() {
        if isVisible { write("\r\u{1B}[K") }
        isVisible = false
        drawn = nil
    }

    /// A mean over the last seconds in which older ones count ever less.
    private mutating func measure(_ bytes: Int, _ now: Double) {
        defer { mark = (bytes, now) }
        guard let mark, now > mark.time, bytes >= mark.bytes else { return }
        let seconds = now - mark.time
        let current = Double(bytes - mark.bytes) / seconds
        let weight = min(seconds / ProgressBar.memory, 1)
        speed = speed.map { $0 + (current - $0) * weight } ?? current
    }

    /// `████████░░░░  67%  134.2 MB of 200.0 MB  183.1 MB/s  0:01 left  4 findings  gateway.log`;
    /// where it is narrow, the less useful parts are left out.
    private func row(_ bytes: Int, total: Int?, inputName: String, findings: Int) -> String {
        // A full last column would make some terminals go to the next row.
        let limit = columns - 1
        var parts: [String] = []
        var size = Units.bytes(bytes)
        if let total, total > 0 {
            let done = min(Double(bytes) / Double(total), 1)
            parts.append(bar(done, columns: min(max(limit / 5, 10), 24)) + percent(done))
            size += " of \(Units.bytes(max(total, bytes)))"
        }
        parts.append(size)
        if let speed {
            parts.append(Units.bytes(Int(min(speed, 1e15))) + "/s")
            if let total, total > bytes, speed >= 1 {
                parts.append(clock(Double(total - bytes) / speed) + " left")
            }
        }
        if findings > 0 {
            parts.append("\(Units.grouped(findings)) \(findings == 1 ? "finding" : "findings")")
        }
        var row = ""
        for part in parts {
            let next = row.isEmpty ? part : "  " + part
            if Columns.width(row) + Columns.width(next) > limit { break }
            row += next
        }
        let left = limit - Columns.width(row) - 2
        if left >= 12 {
            row += "  " + Columns.cutFront(SafeText.escapedLine(inputName), to: left)
        }
        return row
    }

    private func bar(_ done: Double, columns: Int) -> String {
        let full = Int(done * Double(columns))
        return String(repeating: "█", count: full) + String(repeating: "░", count: columns - full)
    }

    /// Five columns, so that nothing behind it moves.
    private func percent(_ done: Double) -> String {
        let text = "\(Int(done * 100))%"
        return String(repeating: " ", count: 5 - text.count) + text
    }

    /// `0:07`, `12:34`, `3:04:05`, and nothing finer than days beyond two of them.
    private func clock(_ seconds: Double) -> String {
        let all = Int(min(seconds.rounded(.up), 1e9))
        if all >= 172_800 { return "\(all / 86_400) days" }
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return all < 3600
            ? "\(all / 60):\(two(all % 60))"
            : "\(all / 3600):\(two(all / 60 % 60)):\(two(all % 60))"
    }
}
