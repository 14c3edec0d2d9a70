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
        var shown = CSGHubRepository(try await access.store.summary(of: repository), upstreams: upstreams)
        try await complete(&shown)
        return shown
    }

    /// Adds what the hub keeps beside a repository's row.
    func complete(_ shown: inout CSGHubRepository) async throws {
        let repository = shown.repository
        shown.profile = try await access.store.profiles(of: [repository.key])[repository.key] ?? .empty
        shown.assigned = try await vocabulary.assigned(to: [repository.key])[repository.key] ?? []
        shown.isLiked = try await access.store.liked([repository.key], by: repository.principal)
            .contains(repository.key)
    }

    /// Rows of a list as answers show them.
    func shown(_ summaries: [RepositorySummary]) async throws -> [CSGHubRepository] {
        let keys = summaries.map(\.repository.key)
        let profiles = try await access.store.profiles(of: keys)
        let assigned = try await vocabulary.assigned(to: keys)
        let liked = try await access.store.liked(keys, by: summaries.first?.repository.principal ?? .anonymous)
        return summaries.map { summary in
            var shown = CSGHubRepository(summary, upstreams: upstreams)
            shown.profile = profiles[summary.repository.key] ?? .empty
            shown.assigned = assigned[summary.repository.key] ?? []
            shown.isLiked = liked.contains(summary.repository.key)
            return shown
        }
    }
}

extension HubResponse {
    /// `{"msg":"OK"}`: done, with nothing to tell; `data` is left out, as the real service does.
    static var csghubDone: HubResponse {
        .json { json in json.object { $0.member("msg", "OK") } }
    }
}
