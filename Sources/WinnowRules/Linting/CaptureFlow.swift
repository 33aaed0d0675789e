/// Which named groups a condition needs, and which it makes.
struct CaptureFlow {
    /// Names of groups and `let` values.
    let captures: [String]
    let lets: [LetValue]

    /// The groups without which a condition cannot hold.
    func needed(by condition: Condition) -> Set<String> {
        switch condition {
        case .all(let parts): parts.reduce(into: []) { $0.formUnion(needed(by: $1)) }
        case .any(let branches):
            branches.dropFirst().reduce(branches.first.map(needed(by:)) ?? []) {
                $0.intersection(needed(by: $1))
            }
        case .not: []
        case .test(let test): needed(by: test)
        }
    }

    private func needed(by test: FieldTest) -> Set<String> {
        guard case .capture(let index) = test.source else { return [] }
        let mayBeAbsent = test.checks.contains { check in
            switch check {
            case .null, .exists(false): true
            default: false
            }
        }
        return mayBeAbsent && !test.isNegated ? [] : groups(behind: index)
    }

    /// The groups without which a capture has no value: a `let` value has none where an operand lacks.
    func groups(behind capture: Int) -> Set<String> {
        guard let value = lets.first(where: { $0.capture == capture }) else {
            return captures.indices.contains(capture) ? [captures[capture]] : []
        }
        // A value can name earlier ones only, so this ends.
        return value.steps.reduce(into: []) { all, step in
            guard case .value(.capture(let index)) = step, index < capture else { return }
            all.formUnion(groups(behind: index))
        }
    }

    /// The groups that may have a value when a condition holds.
    static func made(by condition: Condition) -> Set<String> {
        switch condition {
        case .all(let parts), .any(let parts):
            parts.reduce(into: []) { $0.formUnion(made(by: $1)) }
        case .not: []
        case .test(let test):
            Set(
                test.checks.flatMap { check -> [String] in
                    guard case .pattern(let pattern) = check else { return [] }
                    return pattern.namedGroups.map(\.name)
                })
        }
    }

    /// The alternatives of a condition after which a group that is needed has no value.
    ///
    /// - Parameter around: Groups that what stands beside the condition may make.
    static func lacking(
        _ needed: Set<String>, in condition: Condition, around: Set<String> = []
    ) -> [(branch: Condition, group: String)] {
        switch condition {
        case .test, .not: return []
        case .all(let parts):
            // A part that makes all groups itself needs no look at the others.
            let made = parts.map(made(by:))
            return parts.indices.flatMap { index -> [(branch: Condition, group: String)] in
                guard case .any = parts[index] else { return [] }
                let others = made.indices.filter { $0 != index }
                    .reduce(into: around) { $0.formUnion(made[$1]) }
                return lacking(needed, in: parts[index], around: others)
            }
        case .any(let branches):
            return branches.flatMap { branch -> [(branch: Condition, group: String)] in
                let made = made(by: branch).union(around)
                if let group = needed.subtracting(made).min() { return [(branch, group)] }
                return lacking(needed, in: branch, around: around)
            }
        }
    }
}

extension Condition {
    /// The first test in it, for its place.
    var firstTest: FieldTest? {
        switch self {
        case .test(let test): test
        case .not(let inner): inner.firstTest
        case .all(let parts), .any(let parts): parts.lazy.compactMap(\.firstTest).first
        }
    }
}
