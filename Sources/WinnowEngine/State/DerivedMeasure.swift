import WinnowKit
import WinnowRules

/// `stat` and `trend` of numbers that take two records: the time since an event, or what a field
/// changed by.
///
/// A record whose other record is not in the window has no number. Made anew at each look, since a
/// late record changes the numbers of those behind it.
struct DerivedMeasure<Base: Measure>: Measure {
    /// Position of the event that is measured.
    let event: Int
    let derivation: Derivation
    /// Position of the event after which values begin anew, which `base` wants to see.
    var reset: Int?
    /// The operator, without any record in it.
    let base: Base

    /// Less than of other operators: each look walks over the window.
    var capacity: Int { 1024 }
    var looksAtLastEnd: Bool { base.looksAtLastEnd }

    func holds(_ entries: ArraySlice<Window.Entry>) -> Bool {
        let derived = derived(entries) { $0.bare }
        guard !derived.isEmpty else { return false }
        var measure = base
        for entry in derived { measure.add(entry) }
        return measure.holds(derived)
    }

    func counted(_ entries: ArraySlice<Window.Entry>) -> ArraySlice<Window.Entry> {
        base.counted(derived(entries) { $0 })
    }

    func fields(_ entries: ArraySlice<Window.Entry>) -> [(name: String, value: FieldValue)] {
        base.fields(entries)
    }

    /// The records that have a number, with it.
    ///
    /// - Parameter form: What to keep of a record.
    private func derived(
        _ entries: ArraySlice<Window.Entry>, _ form: (Window.Entry) -> Window.Entry
    ) -> ArraySlice<Window.Entry> {
        var derived: [Window.Entry] = []
        var since: Timestamp?
        var previous: Double?
        for entry in entries {
            let began = since
            if case .since(let event) = derivation, entry.event == event { since = entry.time }
            if entry.event == reset {
                previous = nil
                derived.append(form(entry))
            }
            guard entry.event == event else { continue }
            let number: Double?
            switch derivation {
            case .since: number = began.map { $0.seconds(to: entry.time) }
            case .delta:
                number = entry.number.flatMap { value in previous.map { value - $0 } }
                previous = entry.number
            }
            guard let number else { continue }
            var kept = form(entry)
            kept.number = number
            derived.append(kept)
        }
        return derived[...]
    }
}

extension Timestamp {
    /// Nanoseconds from this time to a later one, at most some 292 years.
    func nanoseconds(to end: Timestamp) -> Int64 {
        let (seconds, overflow) = (end.seconds - seconds).multipliedReportingOverflow(
            by: 1_000_000_000)
        let rest = Int64(end.nanoseconds) - Int64(nanoseconds)
        return overflow ? .max / 2 : min(seconds, .max / 2) + rest
    }

    /// Seconds from this time to a later one.
    func seconds(to end: Timestamp) -> Double {
        Double(end.seconds - seconds) + (Double(end.nanoseconds) - Double(nanoseconds)) / 1e9
    }
}
