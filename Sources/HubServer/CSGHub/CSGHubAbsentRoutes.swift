import HTTPTypes
import HubCore

/// What CSGHub's clients ask on their way and this hub has none of: running things, their hardware and their frameworks.
/// The lists are empty, which is the truth; starting something is not answered as if it would run.
struct CSGHubAbsentRoutes: CSGHubRouteFamily {
    private static let maximumEvents = 300
    private static let maximumBody = 2 << 20

    let context: CSGHubContext

    var routes: [Route] {
        let open = [
            "/space_resources", "/space_resources/hardware_types", "/space_resources/scenarios", "/space_sdks",
            "/space_templates", "/broadcasts/active",
        ]
        let signedIn = ["/runtime_framework", "/models/runtime_framework", "/cluster"]
        let own = [
            "/run/{repo_type}", "/finetune/instances", "/finetune/jobs", "/evaluations", "/notebooks",
            "/likes/collections",
        ]
        let ofRepositories = ["/quantizations", "/runtime_framework", "/runtime_framework_v2", "/run"]
        return open.map { context.route(.get, $0, .open) { _ in .enveloped { $0.array { _ in } } } }
            + signedIn.map { context.route(.get, $0, .authenticated) { _ in .enveloped { $0.array { _ in } } } }
            + own.map { path in
                context.route(.get, "/user/{username}\(path)", .authenticated) { request in
                    _ = try CSGHubPage(request.query)
                    try CSGHubRefusal.requireSelf(try await request.principal(), try request.parameter("username"))
                    return .accountList(total: 0) { _ in }
                }
            }
            + ofRepositories.map { path in
                context.repositoryRoute(.get, path, .metaRead) { request in
                    _ = try await context.openForFacts(request)
                    return .enveloped { $0.array { _ in } }
                }
            }
            + [context.route(.post, "/events", .authenticated, handler: events)]
    }

    private struct Event: Decodable {
        let m: String
        let id: String
    }

    /// What clients tell of their users' clicks is checked as the real service checks it, and not kept.
    private func events(_ request: HubRequest) async throws -> HubResponse {
        let events = try await request.body.json([Event].self, upTo: Self.maximumBody)
        guard events.count <= Self.maximumEvents else {
            throw HubError(.badRequest, "Tell \(Self.maximumEvents) events at once at most.")
        }
        guard events.allSatisfy({ !$0.m.isEmpty && !$0.id.isEmpty }) else {
            throw HubError(.badRequest, "Every event has 'm' and 'id'.")
        }
        return .csghubDone
    }
}
