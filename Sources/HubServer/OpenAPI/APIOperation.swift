import HTTPTypes
import HubCore

/// What one route does, for people and for programs that write clients: everything the route itself does not say.
///
/// Captures of the path, who may call, and the refusals that follow from both are taken from the ``Route``.
/// ```swift
/// .get("/tokens", "listTokens", "Lists your access tokens.", returns: .json(.tokenList))
/// ```
struct APIOperation: Sendable {
    let method: HTTPRequest.Method
    /// The route's pattern, below the group's base.
    let path: String
    /// A name for programs; unique in the whole document.
    let id: String
    /// One sentence.
    let summary: String
    /// What captures of the path look like, where ``APICapture`` does not know.
    var captures: [String: APICapture] = [:]
    /// Of the query, and headers that matter.
    var parameters: [APIParameter] = []
    var body: APIBody?
    let answers: [APIAnswer]
    /// Refusals beside those that follow from the route.
    var refusals: [HubError.Code] = []
}

extension APIOperation {
    static func get(
        _ path: String, _ id: String, _ summary: String, captures: [String: APICapture] = [:],
        query: [APIParameter] = [], returns answers: APIAnswer..., refusing refusals: [HubError.Code] = []
    ) -> APIOperation {
        APIOperation(
            method: .get, path: path, id: id, summary: summary, captures: captures, parameters: query,
            answers: answers, refusals: refusals)
    }

    static func post(
        _ path: String, _ id: String, _ summary: String, captures: [String: APICapture] = [:],
        query: [APIParameter] = [], body: APIBody? = nil, returns answers: APIAnswer...,
        refusing refusals: [HubError.Code] = []
    ) -> APIOperation {
        APIOperation(
            method: .post, path: path, id: id, summary: summary, captures: captures, parameters: query, body: body,
            answers: answers, refusals: refusals)
    }

    static func put(
        _ path: String, _ id: String, _ summary: String, captures: [String: APICapture] = [:],
        query: [APIParameter] = [], body: APIBody? = nil, returns answers: APIAnswer...,
        refusing refusals: [HubError.Code] = []
    ) -> APIOperation {
        APIOperation(
            method: .put, path: path, id: id, summary: summary, captures: captures, parameters: query, body: body,
            answers: answers, refusals: refusals)
    }

    static func patch(
        _ path: String, _ id: String, _ summary: String, captures: [String: APICapture] = [:],
        query: [APIParameter] = [], body: APIBody? = nil, returns answers: APIAnswer...,
        refusing refusals: [HubError.Code] = []
    ) -> APIOperation {
        APIOperation(
            method: .patch, path: path, id: id, summary: summary, captures: captures, parameters: query, body: body,
            answers: answers, refusals: refusals)
    }

    static func delete(
        _ path: String, _ id: String, _ summary: String, captures: [String: APICapture] = [:],
        query: [APIParameter] = [], body: APIBody? = nil, returns answers: APIAnswer...,
        refusing refusals: [HubError.Code] = []
    ) -> APIOperation {
        APIOperation(
            method: .delete, path: path, id: id, summary: summary, captures: captures, parameters: query, body: body,
            answers: answers, refusals: refusals)
    }
}

/// Operations that belong together: a chapter of the document.
struct APIOperationGroup: Sendable {
    let name: String
    /// What stands in front of every operation's path.
    let base: String
    let operations: [APIOperation]

    /// - Parameter base: such as `/api/gateway/v1`.
    init(_ name: String, at base: String, _ operations: [APIOperation]) {
        self.name = name
        self.base = base
        self.operations = operations
    }
}
