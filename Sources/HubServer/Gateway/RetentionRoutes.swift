import HTTPTypes
import HubCore
import MirrorGateway

/// `/api/gateway/v1/pins`, `/purge` and `/retention`: what of the mirrors' content is kept, and what goes.
struct RetentionRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 64 << 10
    private static let pageSize = 100
    /// The longest a pin may last, in seconds.
    private static let longest: Int64 = 100 * 366 * 86_400

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base, PlainErrorRendering())
        return [
            Route(.get, base + "/pins", .hub(.mirrorSync), errors: errors, handler: list),
            Route(.post, base + "/pins", .hub(.mirrorSync), errors: errors, handler: add),
            Route(.delete, base + "/pins/{id}", .hub(.mirrorSync), errors: errors, handler: remove),
            Route(.post, base + "/purge", .hub(.mirrorSync), errors: errors, handler: purge),
            Route(.get, base + "/retention", .hub(.mirrorSync), errors: errors, handler: report),
            Route(.post, base + "/retention", .hub(.mirrorSync), errors: errors, handler: run),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operate(request)
        let after = try request.query.first("cursor").map { text in
            guard let id = Int64(text, radix: 16) else {
                throw HubError(
                    .badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
            }
            return id
        }
        let pins = try await gateway.hub.pins.list(after: after, limit: Self.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("pins") { json in
                    for pin in pins { json.value(pin.json) }
                }
            }
        }
        guard pins.count == Self.pageSize, let last = pins.last else { return response }
        return response.linkingNext(request, "cursor", String(last.id, radix: 16))
    }

    private struct Addition: Decodable {
        /// As in `model:acme/demo`.
        let repo: String
        let rev: String?
        let note: String?
        let expiresInSeconds: Int64?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let body = try await request.body.json(Addition.self, upTo: Self.bodyLimit)
        if let seconds = body.expiresInSeconds, !(1...Self.longest).contains(seconds) {
            throw HubError(.badRequest, "A pin lasts 1 to \(Self.longest) seconds.")
        }
        let pin = try await gateway.hub.pins.add(
            try Self.repository(body.repo), revision: try Self.revision(body.rev), note: body.note,
            expiresAt: body.expiresInSeconds.map { gateway.hub.clock.now() + $0 * 1_000 }, by: principal)
        return .json(status: 201) { $0.value(pin.json) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        try await gateway.hub.pins.remove(try Self.id(try request.parameter("id")), by: principal)
        return HubResponse(status: 204)
    }

    private struct Purging: Decodable {
        let repo: String
        let rev: String?
        /// SHA-256 in hex of one object.
        let digest: String?
        let dryRun: Bool?
        let force: Bool?
    }

    private func purge(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let body = try await request.body.json(Purging.self, upTo: Self.bodyLimit)
        let digest = try body.digest.map { text in
            guard let id = BlobID(text) else { throw HubError(.badRequest, "'\(text)' is not a SHA-256 in hex.") }
            return id
        }
        // To remove what is here nothing may be asked of an upstream.
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        let repository = try await stored.open(principal, .mirrorSync, try Self.repository(body.repo))
        let report = try await gateway.purge(
            Purge(
                revision: try Self.revision(body.rev), blob: digest, isDryRun: body.dryRun ?? false,
                isForced: body.force ?? false), of: repository)
        return .json { $0.value(report.json) }
    }

    private func report(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operate(request)
        guard let retention = gateway.retention else { throw HubError(.notFound, "This hub has no policy files.") }
        let (report, last) = (try await retention.report(), try await retention.lastRun())
        return .json { $0.value(report.json(last: last)) }
    }

    /// Has a run made soon, by the server's own task.
    private func run(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operate(request)
        guard let retention = gateway.retention else { throw HubError(.notFound, "This hub has no policy files.") }
        retention.ask()
        return HubResponse(status: 202)
    }

    private func operate(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }

    private static func id(_ text: String) throws -> Int64 {
        guard let id = Int64(text, radix: 16) else { throw HubError(.notFound, "There is no such pin.") }
        return id
    }

    private static func repository(_ name: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: name) ?? RepositoryID(kind: .model, path: name) else {
            throw HubError(.badRequest, "'\(name)' does not name a repository.", remedy: "Write model:acme/demo.")
        }
        return id
    }

    private static func revision(_ text: String?) throws -> Revision? {
        guard let text else { return nil }
        guard let revision = Revision(text) else { throw HubError(.badRequest, "'\(text)' is not a revision.") }
        return revision
    }
}
