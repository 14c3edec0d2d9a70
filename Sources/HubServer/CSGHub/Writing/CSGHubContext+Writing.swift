import HTTPTypes
import HubCore

extension CSGHubContext {
    var repositories: RepositoryService { access.repositories }
    var vocabulary: TagVocabulary { TagVocabulary(store: access.store) }

    /// A route below `/api/v1`, with its method.
    func route(
        _ method: HTTPRequest.Method, _ path: String, _ verb: RouteVerb, handler: @escaping Route.Handler
    ) -> Route {
        Route(method, Self.base + path, verb, errors: access.errors) { request in
            do {
                return try await handler(request)
            } catch let problem as CSGHubParameterProblem {
                return problem.response(to: request)
            } catch let refusal as CSGHubRefusal {
                return refusal.response(to: request)
            }
        }
    }

    /// A route below `/api/v1/{kind}/{namespace}/{name}`, with its method.
    func repositoryRoute(
        _ method: HTTPRequest.Method, _ path: String, _ verb: Verb, handler: @escaping Route.Handler
    ) -> Route {
        route(method, "/\(Self.kinds)/{namespace}/{name}\(path)", .repository(verb), handler: handler)
    }

    /// A repository as an answer shows it, from what the hub keeps beside its rows.
    func shown(_ repository: Repository) async throws -> CSGHubRepository {
        var shown = [CSGHubRepository(try await access.store.summary(of: repository), upstreams: upstreams)]
        try await complete(&shown)
        return shown[0]
    }

    /// Rows of a list as answers show them.
    func shown(_ summaries: [RepositorySummary]) async throws -> [CSGHubRepository] {
        var shown = summaries.map { CSGHubRepository($0, upstreams: upstreams) }
        try await complete(&shown)
        return shown
    }

    func complete(_ shown: inout CSGHubRepository) async throws {
        var all = [shown]
        try await complete(&all)
        shown = all[0]
    }

    /// Adds what the hub keeps beside the rows of repositories, and what who asks may do with them.
    private func complete(_ shown: inout [CSGHubRepository]) async throws {
        let repositories = shown.map(\.repository)
        guard let principal = repositories.first?.principal else { return }
        let keys = repositories.map(\.key)
        let profiles = try await access.store.profiles(of: keys)
        let assigned = try await vocabulary.assigned(to: keys)
        let liked = try await access.store.liked(keys, by: principal)
        let rights = try await access.authorizer.rights(over: repositories)
        let owned = try await organisations.owned(among: Set(repositories.map(\.id.namespaceKey)))
        let tasks = try await mirroring.tasks(of: repositories, in: access.store)
        for index in shown.indices {
            let repository = shown[index].repository
            shown[index].profile = profiles[repository.key] ?? .empty
            shown[index].assigned = assigned[repository.key] ?? []
            shown[index].isLiked = liked.contains(repository.key)
            shown[index].rights = rights[repository.key] ?? .none
            shown[index].task = tasks[repository.key]
            shown[index].isOrganisations = owned.contains(repository.id.namespaceKey)
        }
    }
}

extension HubResponse {
    /// `{"msg":"OK"}`: done, with nothing to tell; `data` is left out, as the real service does.
    static var csghubDone: HubResponse {
        .json { json in json.object { $0.member("msg", "OK") } }
    }
}
