import HTTPTypes
import HubCore
package import MirrorGateway

/// `/api/gateway/v1/log`: the transparency log for whoever wants to check this hub.
///
/// Checkpoints, hashes and proofs are for everybody: a log that only its owner can check proves nothing. What the
/// leaves say is for auditors: they name private repositories. The hashes tell nobody else, because each leaf has a
/// salt.
package struct TransparencyRoutes: Sendable {
    let gateway: Gateway
    private static let base = GatewaySurface.base + "/log"
    /// Entries and checkpoints of a page.
    private static let pageSize = 100
    /// Bytes of a request's body.
    private static let bodyLimit = 4_096
    /// Milliseconds between two checkpoints that are made because somebody without an office asks.
    private static let freshness: Int64 = 10_000

    package init(gateway: Gateway) { self.gateway = gateway }

    private var log: TransparencyLog { gateway.hub.transparency }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            Route(.get, Self.base, .open, errors: errors, handler: overview),
            Route(.get, Self.base + "/checkpoint", .open, errors: errors, handler: checkpoint),
            Route(.post, Self.base + "/checkpoint", .hub(.auditRead), errors: errors, handler: makeCheckpoint),
            Route(.get, Self.base + "/checkpoints", .open, errors: errors, handler: checkpoints),
            Route(.get, Self.base + "/entries", .open, errors: errors, handler: entries),
            Route(.get, Self.base + "/proof/inclusion", .open, errors: errors, handler: inclusion),
            Route(.get, Self.base + "/proof/consistency", .open, errors: errors, handler: consistency),
        ]
    }

    private func overview(_ request: HubRequest) async throws -> HubResponse {
        let (origin, size, keys) = (try await log.origin(), try await log.size(), try await log.verifierKeys())
        return .json { json in
            json.object { json in
                json.member("origin", origin)
                json.member("size", size)
                json.member("keys", keys)
            }
        }
    }

    // MARK: Checkpoints

    private func checkpoint(_ request: HubRequest) async throws -> HubResponse {
        .text(try await log.checkpoint(notWithin: Self.freshness).note)
    }

    /// An empty object: what changes something takes a body that only its own pages and programs send.
    private struct Wish: Decodable {}

    private func makeCheckpoint(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .auditRead)
        _ = try await request.body.json(Wish.self, upTo: Self.bodyLimit)
        return .text(try await log.checkpoint().note)
    }

    private func checkpoints(_ request: HubRequest) async throws -> HubResponse {
        let before = try Self.number("cursor", request)
        let page = try await log.checkpoints(before: before, limit: Self.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("checkpoints") { json in
                    for checkpoint in page {
                        json.object { json in
                            json.member("id", checkpoint.id)
                            json.member("size", checkpoint.size)
                            json.member("note", checkpoint.note)
                            json.member("createdAt", time: checkpoint.createdAt)
                        }
                    }
                }
            }
        }
        guard page.count == Self.pageSize, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", String(last.id))
    }

    // MARK: Entries

    private func entries(_ request: HubRequest) async throws -> HubResponse {
        let start = try Self.number("start", request) ?? 0
        let end = try Self.number("end", request) ?? .max
        guard start <= end else { throw HubError(.badRequest, "The entries end before they start.") }
        let principal = try await request.principal()
        let isAuditor = try await gateway.authorizer.decide(principal, .auditRead, in: "").isAllowed
        let page = try await log.entries(from: start, to: end)
        return .json { json in
            json.object { json in
                json.array("entries") { json in
                    for entry in page {
                        json.object { json in
                            json.member("index", entry.index)
                            json.member("hash", entry.hash)
                            if isAuditor { json.member("leaf", entry.text) }
                        }
                    }
                }
                // Pages are smaller than what may be asked for.
                json.member("next", page.last.map { $0.index + 1 } ?? start)
            }
        }
    }

    // MARK: Proofs

    private func inclusion(_ request: HubRequest) async throws -> HubResponse {
        let size = try Self.number("size", request)
        let index: Int64
        if let text = request.query.first("hash") {
            guard let hash = MerkleHash(hex: text), let found = try await log.index(of: hash) else {
                throw HubError(.notFound, "The log has no entry with this hash.")
            }
            index = found
        } else if let number = try Self.number("index", request) {
            index = number
        } else {
            throw HubError(.badRequest, "Which entry?", remedy: "Ask with index= or hash=.")
        }
        let proof = try await log.inclusion(of: index, size: size)
        return .json { json in
            json.object { json in
                json.member("index", proof.index)
                json.member("size", proof.size)
                json.member("leaf", proof.leaf.hex)
                json.member("root", proof.root.hex)
                json.member("path", proof.path.map(\.hex))
            }
        }
    }

    private func consistency(_ request: HubRequest) async throws -> HubResponse {
        guard let from = try Self.number("from", request) else {
            throw HubError(.badRequest, "From which size?", remedy: "Ask with from= and to=.")
        }
        let proof = try await log.consistency(from: from, to: try Self.number("to", request))
        return .json { json in
            json.object { json in
                json.member("from", proof.from)
                json.member("to", proof.to)
                json.member("first", proof.first.hex)
                json.member("second", proof.second.hex)
                json.member("path", proof.path.map(\.hex))
            }
        }
    }

    private static func number(_ name: String, _ request: HubRequest) throws -> Int64? {
        try request.query.integer(name, in: 0...Int.max).map(Int64.init)
    }
}
