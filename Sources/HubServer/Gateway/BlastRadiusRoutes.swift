import HTTPTypes
import HubCore
import MirrorGateway

/// `/api/gateway/v1/blast-radius`: what is touched when something is found to be bad, and burying all of it.
struct BlastRadiusRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 64 << 10
    private static let pageSize = 100
    private static let largestPage = 1_000
    private static let largestOffset = 10_000_000

    var routes: [Route] {
        let (path, errors) = (GatewaySurface.base + "/blast-radius", PlainErrorRendering())
        return [
            Route(.get, path, .hub(.auditRead), errors: errors, handler: find),
            Route(.post, path + ":bury", .hub(.mirrorSync), errors: errors, handler: bury),
        ]
    }

    private func find(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .auditRead)
        let target = try Self.target(request)
        let limit = try request.query.integer("limit", in: 1...Self.largestPage) ?? Self.pageSize
        let offset = try request.query.integer("cursor", in: 0...Self.largestOffset) ?? 0
        // What was handed out a moment ago counts.
        try await gateway.hub.pulls.flush()
        let found = try await gateway.blastRadius.find(target, offset: offset, limit: limit)
        let now = gateway.hub.clock.now()
        let response = HubResponse.json { $0.value(found.json(at: now)) }
        return found.hasMore ? response.linkingNext(request, "cursor", String(offset + limit)) : response
    }

    private struct Burial: Decodable {
        let target: String
        let reason: String
        /// Whether what was made of it goes as well.
        let descendants: Bool?
        /// Whether its bytes go wherever they are.
        let digests: Bool?
    }

    private func bury(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        let body = try await request.body.json(Burial.self, upTo: Self.bodyLimit)
        guard let target = TombstoneTarget(parsing: body.target) else { throw TombstoneRoutes.isNone(body.target) }
        let tombstones = try await gateway.blastRadius.buryAll(
            target, reason: body.reason, withDescendants: body.descendants ?? true, withDigests: body.digests ?? false,
            by: principal)
        return .json(status: 201) {
            $0.value(.object([.init(key: "tombstones", value: .array(tombstones.map(\.json)))]))
        }
    }

    /// One of `digest`, `repo`, `revision`, `author` and `license`; a revision goes with its repository.
    private static func target(_ request: HubRequest) throws -> TombstoneTarget {
        let query = request.query
        var targets: [TombstoneTarget?] = []
        if let text = query.first("digest") { targets.append(TombstoneTarget(parsing: text)) }
        if let text = query.first("author") { targets.append(TombstoneTarget(kind: "author", text: text)) }
        if let text = query.first("license") { targets.append(TombstoneTarget(kind: "license", text: text)) }
        if let text = query.first("repo") {
            let id = try GovernedName.repository(text)
            if let revision = query.first("revision") {
                targets.append(CommitID(revision).map { .revision(id, $0) })
            } else {
                targets.append(.repository(id))
            }
        } else if let text = query.first("revision") {
            targets.append(TombstoneTarget(kind: "revision", text: text))
        }
        guard targets.count == 1, let target = targets[0] else {
            throw HubError(
                .badRequest, "Name one thing that was found to be bad.",
                remedy: "Write one of digest=, repo=, revision= (a commit), author= and license=.")
        }
        return target
    }
}
