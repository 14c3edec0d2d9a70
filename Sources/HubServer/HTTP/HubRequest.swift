package import HTTPTypes
package import HubCore

/// Finds out who asks, from the request's headers.
package typealias Authenticator = @Sendable (HubRequest) async throws -> Principal

/// A request as a surface sees it.
package struct HubRequest: Sendable {
    package let id: RequestID
    package let method: HTTPRequest.Method
    /// The path with its escapes decoded, for people; routes decide on ``rawPath``.
    package let path: String
    /// The path as it was sent, without the query.
    package let rawPath: String
    package let query: QueryParameters
    /// Path and query as they were sent.
    let target: String
    package let headers: HTTPFields
    package internal(set) var body: RequestBody
    /// Scheme and authority, and a path if one is configured, without a trailing slash: what absolute links start with.
    package let baseURL: String
    /// The client's address, without its port.
    package let remoteAddress: String?
    /// What the matched pattern captured, decoded.
    package internal(set) var parameters: [String: String] = [:]
    /// Where the matched surface is mounted: empty, `/hf`, `/csg` ...
    package internal(set) var mount = ""
    /// The matched pattern; empty when none did.
    package internal(set) var route = ""
    /// Whether the matched route takes a session's cookie.
    package internal(set) var takesSessions = false
    let caller: CallerCache

    /// Makes a request without a socket, which is how surfaces are tested.
    ///
    /// - Parameter target: path and query as they are sent.
    /// - Throws: `badRequest` when the target is not valid.
    package init(
        id: RequestID = RequestID(),
        method: HTTPRequest.Method = .get,
        target: String,
        headers: HTTPFields = [:],
        body: RequestBody = .empty,
        baseURL: String = "http://localhost",
        remoteAddress: String? = nil,
        authenticator: @escaping Authenticator = { _ in .anonymous }
    ) throws {
        self.target = target
        let target = try RequestTarget(target)
        self.id = id
        self.method = method
        self.path = target.path
        self.rawPath = target.rawPath
        self.query = target.query
        self.headers = headers
        self.body = body
        self.baseURL = baseURL
        self.remoteAddress = remoteAddress
        caller = CallerCache(authenticator)
    }

    /// What the pattern captured under `name`.
    ///
    /// - Throws: `internalError` when the matched pattern has no such capture: a mistake in the route, not of the caller.
    package func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else {
            throw HubError(.internalError, "The route \(route) captures no \(name).")
        }
        return value
    }

    /// Who asks. The answer is found once per request.
    ///
    /// - Throws: `invalidCredentials` when credentials were sent that nobody has.
    package func principal() async throws -> Principal {
        try await caller.principal(of: self)
    }

    /// `path` (raw, starting with a slash) as an absolute URL of this hub.
    package func url(_ path: String, query: QueryParameters = QueryParameters()) -> String {
        query.pairs.isEmpty ? baseURL + path : "\(baseURL)\(path)?\(query.encoded)"
    }
}

extension HubRequest {
    /// What is known of a request whose head makes no sense, so that its error can be rendered and logged.
    ///
    /// - Parameter target: as it was sent; its path says in which dialect the error is answered.
    init(
        unreadable id: RequestID, method: HTTPRequest.Method, target: String = "/", headers: HTTPFields,
        remoteAddress: String?
    ) {
        self.id = id
        self.method = method
        path = "/"
        self.target = target
        rawPath = target.prefix { $0 != "?" }.description
        query = QueryParameters()
        self.headers = headers
        body = .empty
        baseURL = ""
        self.remoteAddress = remoteAddress
        caller = CallerCache { _ in .anonymous }
    }
}
