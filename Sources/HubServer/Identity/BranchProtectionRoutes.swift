import HTTPTypes
import HubCore

/// `/api/gateway/v1/protected-branches/{kind}/{namespace}/{name}`: what pushes may not do to some branches, as
/// `{"branches": [{"pattern": "release/*", "level": "history" | "frozen"}]}`.
struct BranchProtectionRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let path = IdentitySurface.base + "/protected-branches/{kind}/{namespace}/{name}"
        return [
            Route(.get, path, .repository(.settings), errors: context.errors, handler: list),
            Route(.put, path, .repository(.settings), errors: context.errors, handler: put),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .settings)
        return Self.answer(try await context.repositories.protections(of: repository))
    }

    private struct Change: Decodable {
        struct Branch: Decodable {
            let pattern: String
            let level: String
        }
        let branches: [Branch]
    }

    private func put(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .settings)
        let body = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        let protections = BranchProtections(
            try body.branches.map { branch in
                guard let level = BranchProtection.Level(rawValue: branch.level) else {
                    throw HubError(.badRequest, "'\(branch.level)' is neither history nor frozen.")
                }
                return try BranchProtection(pattern: branch.pattern, level: level)
            })
        try await context.repositories.protect(protections, of: repository)
        return Self.answer(protections)
    }

    private static func answer(_ protections: BranchProtections) -> HubResponse {
        .json { json in
            json.object { json in
                json.array("branches") { json in
                    for rule in protections.rules {
                        json.object { json in
                            json.member("pattern", rule.pattern)
                            json.member("level", rule.level.rawValue)
                        }
                    }
                }
            }
        }
    }
}
