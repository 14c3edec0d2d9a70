import HTTPTypes
import HubCore
import MirrorGateway

/// `/api/gateway/v1/tombstones`: what is served nowhere any more, and the list that peers follow.
struct TombstoneRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 64 << 10
    private static let pageSize = 1_000

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base + "/tombstones", PlainErrorRendering())
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.post, base, .hub(.mirrorSync), errors: errors, handler: bury),
            Route(.post, base + "/{tombstone}:lift", .hub(.mirrorSync), errors: errors, handler: lift),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see the tombstones.")
        }
        let since = try request.query.first("since").map { text in
            guard let number = Int64(text), number >= 0 else {
                throw HubError(.badRequest, "'\(text.prefix(32))' is no number of the list.")
            }
            return number
        }
        let page = try await gateway.hub.tombstones.list(since: since ?? 0, limit: Self.pageSize)
        let next = page.count == Self.pageSize ? page.last?.sequence : nil
        let response = HubResponse.json {
            $0.value(
                .object([
                    .init(key: "tombstones", value: .array(page.map(\.json))),
                    .init(key: "next", value: next.map { .integer($0) } ?? .null),
                ]))
        }
        return next.map { response.linkingNext(request, "since", String($0)) } ?? response
    }

    private struct Burial: Decodable {
        /// As `TombstoneTarget` reads it.
        let target: String
        let reason: String
    }

    private func bury(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let body = try await request.body.json(Burial.self, upTo: Self.bodyLimit)
        guard let target = TombstoneTarget(parsing: body.target) else { throw Self.isNone(body.target) }
        let tombstone = try await gateway.bury(target, reason: body.reason, by: principal)
        return .json(status: 201) { $0.value(tombstone.json) }
    }

    private struct Lifting: Decodable {
        let note: String?
    }

    private func lift(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let text = try request.parameter("tombstone")
        guard let id = Int64(text), id > 0 else { throw HubError(.notFound, "There is no such tombstone.") }
        let body = try await request.body.json(Lifting.self, upTo: Self.bodyLimit)
        let tombstone = try await gateway.hub.tombstones.lift(id, note: body.note, by: principal)
        return .json { $0.value(tombstone.json) }
    }

    private func operate(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }

    static func isNone(_ text: String) -> HubError {
        HubError(
            .badRequest, "'\(text.prefix(200))' is nothing that can be buried.",
            remedy: "Write sha256:…, git:…, model:acme/demo, model:acme/demo@COMMIT, author:acme or license:mit.")
    }
}
