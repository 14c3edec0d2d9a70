package import HTTPTypes
import HubCore

/// What the table says about a request line.
package enum RouteMatch: Sendable {
    case found(Route, parameters: [String: String])
    /// The path exists, with these methods. The route is one of that path, for its error rendering.
    case methodNotAllowed(allowed: [HTTPRequest.Method], Route)
    case notFound
}

/// All routes, as a trie over the segments of the path as it was sent.
///
/// Matching costs at most one visit per node of the trie and does not depend on the number of routes otherwise.
package struct RouteTable: Sendable {
    /// Why a table cannot be built: boot fails.
    package struct Mistake: Error, CustomStringConvertible {
        package let description: String
    }

    /// One row, for the generated authorization matrix.
    package struct Row: Sendable, Hashable {
        package let method: String
        package let pattern: String
        package let verb: RouteVerb
    }

    /// How many segments a path may have.
    package static let segmentLimit = 256

    private let root: RouteNode
    /// All rows in the order they were given.
    package let rows: [Row]

    /// - Throws: ``Mistake`` when a pattern cannot be read or two routes want the same requests.
    package init(_ routes: [Route]) throws {
        var root = RouteNode()
        for route in routes {
            let pattern: RoutePattern
            do { pattern = try RoutePattern(route.pattern) } catch { throw Mistake(description: "\(error)") }
            if route.head, route.method != .get {
                throw Mistake(description: "\(route.method) \(route.pattern): only a GET route can answer HEAD")
            }
            try root.insert(route, pattern.segments[...])
        }
        self.root = root
        rows = routes.map { Row(method: $0.method.rawValue, pattern: $0.pattern, verb: $0.verb) }
    }

    /// - Parameter rawPath: the path as it was sent, escapes and all.
    /// - Throws: `badRequest` for escapes that are broken, not UTF-8 or hold a NUL, and for `.` and `..` segments.
    package func match(_ method: HTTPRequest.Method, _ rawPath: some StringProtocol) throws -> RouteMatch {
        let segments = try Self.segments(rawPath)
        var search = RouteSearch(method: method, segments: segments)
        if let (route, captures) = search.find(in: root, at: 0, captures: []) {
            return .found(route.route, parameters: Dictionary(uniqueKeysWithValues: zip(route.names, captures)))
        }
        if let refused = search.refused.first {
            return .methodNotAllowed(allowed: search.allowed, refused)
        }
        return .notFound
    }

    private static func segments(_ rawPath: some StringProtocol) throws -> [String] {
        var parts = rawPath.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        if parts.first?.isEmpty == true { parts.removeFirst() }
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.count <= segmentLimit else {
            throw HubError(.badRequest, "The path has more than \(segmentLimit) segments.")
        }
        return try parts.map { part in
            guard let text = PercentCoding.decode(utf8: part) else {
                throw HubError(.badRequest, "The path is not valid percent-encoded UTF-8.")
            }
            guard text != ".", text != ".." else {
                throw HubError(.badRequest, "The path has a dot segment.")
            }
            return text
        }
    }
}
