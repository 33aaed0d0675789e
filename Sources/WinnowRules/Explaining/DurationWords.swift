/// Durations as rules write them.
public enum DurationWords {
    private static let units: [(name: String, size: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
        ("s", 1_000_000_000), ("ms", 1_000_000),
    ]

    /// `90m`, `60s`, `500ms`: the largest unit that leaves no rest, a fraction of a millisecond
    /// rounded; `1m7s` where minutes or more have a rest.
    public static func text(_ nanoseconds: Int64) -> String {
        var rest = nanoseconds.magnitude / 1_000_000 * 1_000_000
        if rest == 0 { return nanoseconds == 0 ? "0s" : "<1ms" }
        if rest < 60_000_000_000, rest >= 1_000_000_000, rest % 1_000_000_000 != 0 {
            return Number.text(Double(rest / 1_000_000) / 1000) + "s"
        }
        // A day that is 24 hours to the author stays what it is; 90 minutes do not become 1h30m.
        for (name, size) in units where rest % size.magnitude == 0 && rest / size.magnitude < 120 {
            return "\(rest / size.magnitude)\(name)"
        }
        var out = ""
        for (name, size) in units where rest >= size.magnitude {
            out += "\(rest / size.magnitude)\(name)"
            rest %= size.magnitude
        }
        return out
    }
}
