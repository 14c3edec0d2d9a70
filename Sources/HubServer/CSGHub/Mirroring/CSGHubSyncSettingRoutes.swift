import HTTPTypes
import HubCore

/// `/sync/client_setting`, and what a hub that follows us may do here: `/accounting/multisync/quota` (wire/csghub.md §4.2,
/// §4.5).
struct CSGHubSyncSettingRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10
    /// What stands for no limit: no number of repositories is counted here.
    private static let unlimited: Int64 = 2_147_483_647

    let context: CSGHubContext

    var routes: [Route] {
        let settings = "/sync/client_setting"
        let quotas = ["/accounting/multisync/quota", "/accounting/multisync/quotas"]
        return [
            context.route(.get, settings, .admin, handler: show),
            context.route(.post, settings, .admin, handler: set),
        ] + quotas.map { context.route(.get, $0, .authenticated, handler: quota) }
    }

    private func administrator(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in as an administrator.") }
        guard principal.isAdministrator else {
            throw HubError(.forbidden, "Only administrators may see how this hub follows others.")
        }
        return principal
    }

    /// With the token in clear, as CSGHub's page shows it to administrators; no data before anybody set one.
    private func show(_ request: HubRequest) async throws -> HubResponse {
        _ = try await administrator(request)
        guard let entry = try await context.mirroring.settings.current() else {
            throw HubError(.notFound, "Nobody has said how this hub follows others on this page.")
        }
        return Self.shown(entry)
    }

    private struct Settings: Decodable {
        let token: String
        var concurrentCount: Int64?
        var bandwidth: Int64?

        enum CodingKeys: String, CodingKey {
            case token
            case concurrentCount = "concurrent_count"
            case bandwidth = "max_bandwidth"
        }
    }

    private func set(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await administrator(request)
        let body = try await request.body.json(Settings.self, upTo: Self.maximumBody)
        try await context.mirroring.settings.set(
            token: Secret(body.token), concurrentCount: body.concurrentCount ?? 1,
            maximumBandwidth: body.bandwidth ?? 0, by: principal)
        guard let entry = try await context.mirroring.settings.current() else {
            throw HubError(.internalError, "The settings were not kept.")
        }
        return Self.shown(entry)
    }

    private static func shown(_ entry: SyncClientSettings.Entry) -> HubResponse {
        .enveloped { json in
            json.object { json in
                json.member("id", entry.id)
                json.member("token", entry.token.reveal())
                json.member("concurrent_count", entry.concurrentCount)
                json.member("max_bandwidth", entry.maximumBandwidth)
                // There is no token that everybody has.
                json.member("default", false)
                json.member("created_at", JSONDate.text(milliseconds: entry.createdAt))
                json.member("updated_at", JSONDate.text(milliseconds: entry.updatedAt))
            }
        }
    }

    private func quota(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to see this.")
        }
        return .enveloped { json in
            json.object { json in
                json.member("repo_count_limit", Self.unlimited)
                json.member("repo_count_used", 0)
                json.member("speed_limit", Self.unlimited)
                json.member("traffic_limit", Self.unlimited)
                json.member("traffic_used", 0)
            }
        }
    }
}
