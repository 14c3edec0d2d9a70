import HTTPTypes
import HubCore

/// `PUT /api/gateway/v1/gates/{kind}/{namespace}/{name}` with `{"gated": false|"auto"|"manual"}`: the gate in front of a
/// repository's content.
struct GateRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        [
            Route(
                .put, IdentitySurface.base + "/gates/{kind}/{namespace}/{name}", .repository(.settings),
                errors: context.errors, handler: put)
        ]
    }

    private struct Change: Decodable {
        let gated: JSONValue
    }

    private func put(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .settings)
        let change = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        guard let gating = Repository.Gating(change.gated) else {
            throw HubError(.badRequest, "'gated' is false, \"auto\" or \"manual\".")
        }
        try await context.repositories.setGating(gating, of: repository)
        return .json { json in
            json.object { $0.member("gated", gating.setting) }
        }
    }
}
