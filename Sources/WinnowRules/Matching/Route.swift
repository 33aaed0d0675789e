/// One way in which a record can meet a rule: what a record must have to be worth looking at.
///
/// A rule with alternatives has several: a record that none of them lets through cannot match.
struct Route: Equatable {
    /// What selects the rule.
    enum Key: Equatable {
        /// `event.code` is one of these.
        case codes(Set<Int64>)
        /// `message` holds one of these.
        case texts([Literal])
        /// One of these fields is there.
        case fields(Set<String>)
        /// Any record.
        case any
    }

    /// Kinds, in lower case, that it is for; nil: all.
    var kinds: Set<String>?
    var key: Key

    /// The ways into a condition.
    static func all(into condition: Condition) -> [Route] {
        routes(condition, depth: 0)
    }

    /// Deeper alternatives are taken as a whole, and so are more than this many.
    private static let maxDepth = 8
    private static let maxRoutes = 64

    private static func routes(_ condition: Condition, depth: Int) -> [Route] {
        let kinds = Needs.kinds(condition)
        if let codes = Needs.codes(condition) { return [Route(kinds: kinds, key: .codes(codes))] }
        if let texts = Needs.texts(condition) { return [Route(kinds: kinds, key: .texts(texts))] }
        let whole = Route(kinds: kinds, key: Needs.fields(condition).map { .fields($0) } ?? .any)
        guard depth < maxDepth else { return [whole] }
        switch condition {
        case .test, .not: return [whole]
        case .any(let children):
            let all = children.flatMap { routes($0, depth: depth + 1) }
            return all.count <= maxRoutes ? all : [whole]
        case .all(let children):
            // One of the parts is enough; the others may still say for which kinds.
            var best = [whole]
            for child in children {
                var ways = routes(child, depth: depth + 1)
                for i in ways.indices where ways[i].kinds == nil { ways[i].kinds = kinds }
                if breadth(ways) < breadth(best) { best = ways }
            }
            return best
        }
    }

    private static func breadth(_ routes: [Route]) -> Int { routes.map(\.breadth).max() ?? 0 }

    /// How much it lets through, roughly: for choosing between ways.
    private var breadth: Int {
        switch key {
        case .codes, .texts: kinds == nil ? 1 : 0
        case .fields: kinds == nil ? 3 : 2
        case .any: kinds == nil ? 5 : 4
        }
    }

    /// True when records of a kind, in lower case, can take it.
    func isOpen(to kind: String) -> Bool { kinds?.contains(kind) ?? true }
}
