/// Which names a part of a rule can use, and which it has used.
struct NameScope {
    /// Named groups and `let` values so far: `Rule.captures`.
    var captures: [String] = []
    /// How many of `captures` are named groups; the rest are `let` values.
    var groupCount = 0
    /// Captures that some part of the rule uses.
    var used: Set<String> = []

    /// The source of a name in `match`, where groups have no value yet.
    func field(_ name: String) -> Source {
        let full = FieldNames.resolve(name)
        return full == FieldNames.kind ? .kind : .field(full)
    }

    /// The source of a name after `match`; nil where the name is neither a capture nor a field's
    /// full name. A bare name is none there: it would hide a typing error in a group's name.
    mutating func value(_ name: String) -> Source? {
        if let index = captures.firstIndex(of: name) {
            used.insert(name)
            return .capture(index)
        }
        return FieldNames.isFull(name) ? field(name) : nil
    }

    /// The name under which a `by` value is shown.
    func shownName(_ name: String) -> String {
        captures.contains(name) ? name : FieldNames.resolve(name)
    }

    /// What to do about an unknown name.
    func hint(for name: String) -> String {
        NearestName.hint(for: name, in: captures)
            ?? "named groups and `let` values go by their name, data of an event by "
            + "`winlog.event_data.\(name)`"
    }
}
