import HTTPTypes

/// One walk through the trie.
struct RouteSearch {
    let method: HTTPRequest.Method
    /// The path's segments, decoded.
    let segments: [String]
    /// Methods met on the way at nodes that match the path.
    private(set) var allowed: [HTTPRequest.Method] = []
    /// Routes of those.
    private(set) var refused: [Route] = []

    init(method: HTTPRequest.Method, segments: [String]) {
        self.method = method
        self.segments = segments
    }

    mutating func find(
        in node: RouteNode, at index: Int, captures: [String]
    ) -> (route: PlacedRoute, captures: [String])? {
        if index == segments.count {
            if let route = accept(node) { return (route, captures) }
        } else {
            let segment = segments[index]
            if let next = node.literals[segment], let found = find(in: next, at: index + 1, captures: captures) {
                return found
            }
            for (shape, next) in node.captures {
                guard let captured = shape.match(segment) else { continue }
                if let found = find(in: next, at: index + 1, captures: captures + [captured]) { return found }
            }
        }
        for case (.rest, let next) in node.captures {
            let rest = segments[index...].joined(separator: "/")
            // An escaped slash may have hidden a dot segment from the check of each segment.
            guard !rest.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else { return nil }
            if let route = accept(next) { return (route, captures + [rest]) }
        }
        return nil
    }

    private mutating func accept(_ node: RouteNode) -> PlacedRoute? {
        if let route = node.routes[method.rawValue] { return route }
        // What can be read can be asked about (RFC 9110 §9.1): the handler runs, and nothing of the body is sent.
        if method == .head, let route = node.routes[HTTPRequest.Method.get.rawValue] { return route }
        for placed in node.routes.values.sorted(by: { $0.route.method.rawValue < $1.route.method.rawValue }) {
            allow(placed.route.method)
            if placed.route.method == .get { allow(.head) }
            refused.append(placed.route)
        }
        return nil
    }

    private mutating func allow(_ method: HTTPRequest.Method) {
        if !allowed.contains(method) { allowed.append(method) }
    }
}
