/// Compiles the patterns of all packs, each text once, and refuses those that are not safe to run.
final class PatternStore {
    private struct Key: Hashable {
        var text: String
        var flags: PatternFlags
    }

    enum Result {
        case good(Pattern)
        case invalid(PatternError)
        case unbounded(PatternAttack)
        /// All patterns together take more memory than allowed.
        case tooMuch
    }

    /// Memory for all patterns, machine code included, in bytes.
    static let maxBytes = 256 << 20

    private var results: [Key: Result] = [:]
    private var size = 0
    /// Most groups of a pattern do not matter here: attacks look at no group.
    private let runner = PatternRunner(groups: 0)

    func pattern(_ text: String, flags: PatternFlags) -> Result {
        let key = Key(text: text, flags: flags)
        if let known = results[key] { return known }
        let result = compile(text, flags)
        results[key] = result
        return result
    }

    private func compile(_ text: String, _ flags: PatternFlags) -> Result {
        guard size <= PatternStore.maxBytes else { return .tooMuch }
        do throws(PatternError) {
            let pattern = try Pattern(text, flags: flags)
            size += pattern.size
            if let attack = PatternDanger.attack(on: pattern, runner: runner) {
                return .unbounded(attack)
            }
            return .good(pattern)
        } catch {
            return .invalid(error)
        }
    }
}
