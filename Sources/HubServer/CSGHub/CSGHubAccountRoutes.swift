import HubCore

/// `GET /api/v1/version` and `GET /api/v1/user/{username}`.
struct CSGHubAccountRoutes: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] {
        [
            context.route("/version", .open) { [version = context.version] _ in
                .enveloped { json in
                    json.object { json in
                        json.member("version", version)
                        json.member("commit", "")
                    }
                }
            },
            context.route("/user/{username}", .authenticated, handler: user),
        ]
    }

    /// An account as others see it; only accounts see accounts, so that strangers cannot list them (S3).
    private func user(_ request: HubRequest) async throws -> HubResponse {
        let name = try request.parameter("username")
        guard let user = try await context.identities.user(named: name) else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return .enveloped { json in
            json.object { json in
                json.member("id", user.id)
                json.member("username", user.name)
                json.member("nickname", user.name)
                json.member("uuid", String(user.id, radix: 16))
                json.member("roles", user.isAdministrator ? ["admin"] : [])
                json.member("created_at", JSONDate.text(milliseconds: user.createdAt))
            }
        }
    }
}
