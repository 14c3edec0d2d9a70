import HTTPTypes
import HubCore
import MirrorGateway

/// `/mirror/sources`: the upstreams that the policy files name. They are looked at here and changed there.
struct CSGHubMirrorSourceRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10

    let context: CSGHubContext

    var routes: [Route] {
        [
            route(.get, "/mirror/sources", list), route(.get, "/mirror/sources/{id}", show),
            route(.post, "/mirror/sources", refuse), route(.put, "/mirror/sources/{id}", refuse),
            route(.delete, "/mirror/sources/{id}", refuseRemoval),
        ]
    }

    private func route(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (HubRequest) async throws -> HubResponse
    ) -> Route {
        context.route(method, path, .hub(.mirrorSync)) { request in
            try await context.access.authorizer.requireOfHub(try await request.principal(), .mirrorSync)
            return try await handler(request)
        }
    }

    private func list(_ request: HubRequest) -> HubResponse {
        let sources = context.mirroring.locator.sources
        return .enveloped { json in json.array { json in for source in sources { json.csghubSource(source) } } }
    }

    private func show(_ request: HubRequest) throws -> HubResponse {
        let source = try named(request)
        return .enveloped { $0.csghubSource(source) }
    }

    private struct Source: Decodable {
        let name: String
        var address: String?

        enum CodingKeys: String, CodingKey {
            case name = "source_name"
            case address = "info_api_url"
        }
    }

    private func refuse(_ request: HubRequest) async throws -> HubResponse {
        let source = try await request.body.json(Source.self, upTo: Self.maximumBody)
        throw CSGHubRefusal.saidByPolicy(
            "Sources are the upstreams of the mirror files: name '\(source.name.prefix(64))' among spec.upstreams of one "
                + "below mirrors.d, and reload the policy.")
    }

    private func refuseRemoval(_ request: HubRequest) throws -> HubResponse {
        let source = try named(request)
        throw CSGHubRefusal.saidByPolicy(
            "'\(source.upstream)' is an upstream of \(source.file): remove it there, and reload the policy.")
    }

    private func named(_ request: HubRequest) throws -> UpstreamLocator.Source {
        let text = try request.parameter("id")
        guard let source = context.mirroring.locator.sources.first(where: { String($0.number) == text }) else {
            throw HubError(.notFound, "There is no source '\(text.prefix(32))'.")
        }
        return source
    }
}

extension JSONWriter {
    fileprivate mutating func csghubSource(_ source: UpstreamLocator.Source) {
        object { json in
            json.member("id", source.number)
            json.member("source_name", source.upstream)
            json.member("info_api_url", source.address)
            json.member("mirror", source.mirror)
        }
    }
}
