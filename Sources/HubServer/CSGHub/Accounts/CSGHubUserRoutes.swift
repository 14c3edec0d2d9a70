import HTTPTypes
import HubCore

/// `GET /user/{username}/{kind}`, and what a user likes: `PUT|DELETE /user/{username}/likes/{repository_id}`,
/// `GET /user/{username}/likes/{kind}` (wire/csghub.md §2.5).
struct CSGHubUserRoutes: CSGHubRouteFamily {
    /// Likes of all kinds that are looked through for those of one.
    private static let maximumLikes = 1_000

    let context: CSGHubContext
    private let likes: Likes

    init(context: CSGHubContext) {
        self.context = context
        likes = Likes(store: context.access.store)
    }

    var routes: [Route] {
        [
            context.route(.get, "/user/{username}/\(CSGHubContext.kinds)", .open) { request in
                try await context.repositories(of: try request.parameter("username"), request)
            },
            context.route(.get, "/user/{username}/likes/\(CSGHubContext.kinds)", .authenticated, handler: liked),
            context.route(.put, "/user/{username}/likes/{repository}", .authenticated) { request in
                try await likes.like(try await repository(request))
                return .csghubDone
            },
            context.route(.delete, "/user/{username}/likes/{repository}", .authenticated) { request in
                try await likes.unlike(try await repository(request))
                return .csghubDone
            },
        ]
    }

    private func liked(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let kind = try context.kind(of: request)
        let name = try request.parameter("username")
        let user = try await context.user(named: name)
        let principal = try await request.principal()
        let all = try await likes.likes(of: user, for: principal, offset: 0, limit: Self.maximumLikes).likes
            .map(\.repository).filter { $0.kind == kind }
        let known = Authorizer(store: context.access.store, source: nil)
        var summaries: [RepositorySummary] = []
        for id in all.dropFirst(page.offset).prefix(page.per) {
            do {
                let repository = try await known.open(principal, .discover, id)
                summaries.append(try await context.access.store.summary(of: repository))
            } catch let error as HubError where error.code == .repositoryNotFound {
                continue
            }
        }
        let shown = try await context.shown(summaries)
        return .accountList(total: Int64(all.count)) { json in
            for item in shown { json.csghubRepository(item, for: request) }
        }
    }

    /// Opens what `{repository}` numbers, for the user himself. What may not be seen is as little there as a number
    /// nobody gave out.
    private func repository(_ request: HubRequest) async throws -> Repository {
        let principal = try await request.principal()
        try CSGHubRefusal.requireSelf(principal, try request.parameter("username"))
        let text = try request.parameter("repository")
        let absent = HubError(.repositoryNotFound, "There is no repository '\(text.prefix(32))'.")
        guard let key = Int64(text), let id = try await context.access.store.name(of: key) else { throw absent }
        do {
            return try await context.access.authorizer.open(principal, .discuss, id)
        } catch let error as HubError where error.code == .repositoryNotFound {
            throw absent
        }
    }
}

extension CSGHubContext {
    /// Those of a namespace that the caller may see; in a namespace nobody knows there are none.
    func repositories(of namespace: String, _ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        var query = try CSGHubListQuery(request.query, kind(of: request), upstreams: upstreams).query
        query.author = namespace
        query.limit = page.per
        query.offset = page.offset
        let (items, total) = try await access.store.list(query, for: try await request.principal())
        let shown = try await shown(items)
        return .accountList(total: total) { json in
            for item in shown { json.csghubRepository(item, for: request) }
        }
    }
}

extension CSGHubRefusal {
    /// A path that names a user is for that user.
    static func requireSelf(_ principal: Principal, _ name: String) throws {
        guard let user = principal.user, RepositoryID.key(user.name) == RepositoryID.key(name) else {
            throw CSGHubRefusal(
                code: "AUTH-ERR-7", cause: .forbidden, status: 401, message: "This is for '\(name.prefix(96))' alone.")
        }
    }
}
