import HTTPTypes
import HubCore

/// `POST|DELETE /api/{kind}/{namespace}/{name}/like` and `GET .../likers`.
struct LikeRoutes: RouteFamily {
    static let pageSize = 1_000

    let access: RepositoryAccess
    let likes: Likes

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}"
        return [
            Route(.post, "\(path)/like", .repository(.discuss), errors: access.errors) { request in
                try await likes.like(try await access.open(request, kind, .discuss))
                return .text("OK")
            },
            Route(.delete, "\(path)/like", .repository(.discuss), errors: access.errors) { request in
                try await likes.unlike(try await access.open(request, kind, .discuss))
                return .text("OK")
            },
            Route(.get, "\(path)/likers", .repository(.metaRead), errors: access.errors) { request in
                try await likers(request, kind)
            },
        ]
    }

    private func likers(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .metaRead)
        try await access.repositories.authorizeFacts(of: repository)
        let offset = try request.query.integer("cursor", in: 0...1_000_000_000) ?? 0
        let (names, hasMore) = try await likes.likers(of: repository, offset: offset, limit: Self.pageSize)
        let response = HubResponse.json { json in
            json.array { json in
                for name in names {
                    json.object { json in
                        json.member("user", name)
                        json.member("fullname", name)
                        json.member("avatarUrl", "")
                        json.member("type", "user")
                    }
                }
            }
        }
        return hasMore ? response.linkingNext(request, "cursor", String(offset + names.count)) : response
    }
}

/// `GET /api/users/{user}/likes`: what a user likes, of that which the caller may discover.
struct UserLikesRoute: Sendable {
    let likes: Likes
    let identities: IdentityStore
    let errors: any ErrorRendering

    var routes: [Route] {
        [Route(.get, "/api/users/{user}/likes", .open, errors: errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let offset = try request.query.integer("cursor", in: 0...1_000_000_000) ?? 0
        guard let user = try await identities.user(named: try request.parameter("user")) else {
            throw HubError(.notFound, "This user does not exist.")
        }
        let (page, hasMore) = try await likes.likes(
            of: user, for: principal, offset: offset, limit: LikeRoutes.pageSize)
        let response = HubResponse.json { json in
            json.array { json in
                for like in page {
                    json.object { json in
                        json.member("createdAt", JSONDate.text(milliseconds: like.at))
                        json.object("repo") { json in
                            json.member("name", like.repository.path)
                            json.member("type", like.repository.kind.rawValue)
                        }
                    }
                }
            }
        }
        return hasMore ? response.linkingNext(request, "cursor", String(offset + page.count)) : response
    }
}
