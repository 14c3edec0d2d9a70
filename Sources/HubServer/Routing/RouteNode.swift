import HTTPTypes

/// A route as it hangs in the trie: its captures' names in order.
struct PlacedRoute: Sendable {
    let route: Route
    let names: [String]
}

/// One node of the trie: what may come next, most specific first, and the routes that end here.
struct RouteNode: Sendable {
    private(set) var literals: [String: RouteNode] = [:]
    /// Everything but literals, ordered by ``RoutePattern/Segment/rank``.
    private(set) var captures: [(segment: RoutePattern.Segment, node: RouteNode)] = []
    private(set) var routes: [String: PlacedRoute] = [:]

    mutating func insert(
        _ route: Route, _ segments: ArraySlice<RoutePattern.Segment>, names: [String] = []
    ) throws {
        guard let segment = segments.first else {
            if let other = routes[route.method.rawValue] {
                throw RouteTable.Mistake(
                    description: "\(route.method) \(route.pattern): the same as \(other.route.pattern)")
            }
            routes[route.method.rawValue] = PlacedRoute(route: route, names: names)
            return
        }
        let rest = segments.dropFirst()
        if case .literal(let text) = segment {
            try literals[text, default: RouteNode()].insert(route, rest, names: names)
            return
        }
        let shape = segment.shape
        if let ambiguous = captures.first(where: { shape.isAmbiguous(with: $0.segment) }) {
            throw RouteTable.Mistake(
                description: "\(route.method) \(route.pattern): \(segment) overlaps \(ambiguous.segment)")
        }
        let named = names + [segment.name].compactMap { $0 }
        if let index = captures.firstIndex(where: { $0.segment == shape }) {
            try captures[index].node.insert(route, rest, names: named)
        } else {
            var node = RouteNode()
            try node.insert(route, rest, names: named)
            captures.append((shape, node))
            captures.sort { $0.segment.rank < $1.segment.rank }
        }
    }
}
