import HTTPTypes
import HubCore
import MirrorGateway

/// What every route of this surface needs, and how its routes are made.
struct CSGHubContext: Sendable {
    static let base = "/api/v1"
    static let kinds = "{kinds:models|datasets|codes|spaces|prompts|mcps|skills}"

    let access: RepositoryAccess
    let identities: IdentityStore
    let entries: SpaceEntries
    let signer: LFSLinkSigner
    let upstreams: UpstreamCatalogue
    let mirroring: CSGHubMirroring
    let version: String

    /// A route below `/api/v1`.
    func route(
        _ path: String, _ verb: RouteVerb, head: Bool = false, handler: @escaping Route.Handler
    ) -> Route {
        Route(.get, Self.base + path, verb, head: head, errors: access.errors) { request in
            do {
                return try await handler(request)
            } catch let problem as CSGHubParameterProblem {
                return problem.response(to: request)
            }
        }
    }

    /// A route below `/api/v1/{kind}`.
    func listRoute(_ path: String, handler: @escaping Route.Handler) -> Route {
        route("/\(Self.kinds)\(path)", .open, handler: handler)
    }

    /// A route below `/api/v1/{kind}/{namespace}/{name}`.
    func repositoryRoute(
        _ path: String, _ verb: Verb, head: Bool = false, handler: @escaping Route.Handler
    ) -> Route {
        route("/\(Self.kinds)/{namespace}/{name}\(path)", .repository(verb), head: head, handler: handler)
    }

    /// The kind the matched path names.
    func kind(of request: HubRequest) throws -> RepositoryKind {
        let word = try request.parameter("kinds")
        guard let kind = word == "prompts_info" ? .prompt : RepositoryKind(word: word) else {
            throw HubError(.internalError, "The route \(request.route) captures '\(word)', which is no kind.")
        }
        return kind
    }

    func open(_ request: HubRequest, _ verb: Verb) async throws -> Repository {
        try await access.open(request, kind(of: request), verb)
    }

    /// Opens a repository to tell facts around it, when policy lets its name through.
    func openForFacts(_ request: HubRequest) async throws -> Repository {
        let repository = try await open(request, .metaRead)
        try await access.repositories.authorizeFacts(of: repository)
        return repository
    }

    /// Answers from the state that `{ref}` of the path or `?ref=` names; without either, from the default branch.
    func answer(
        _ request: HubRequest, _ verb: Verb, _ body: (Snapshot) async throws -> HubResponse
    ) async throws -> HubResponse {
        try await answer(request, verb, at: request.parameters["ref"] ?? request.query.first("ref"), body)
    }

    func answer(
        _ request: HubRequest, _ verb: Verb, at revision: String?, _ body: (Snapshot) async throws -> HubResponse
    ) async throws -> HubResponse {
        let revision = revision.flatMap { $0.isEmpty ? nil : $0 }
        return try await access.answer(request, kind(of: request), verb, at: revision, body)
    }
}
