import HTTPTypes
import HubCore
package import MirrorGateway

/// `/api/gateway/v1/scrub`: what was found damaged of what is stored, and looking anew. For operators.
package struct ScrubRoutes: Sendable {
    let gateway: Gateway
    private static let path = GatewaySurface.base + "/scrub"
    /// Bytes of a request's body.
    private static let bodyLimit = 4_096
    /// Findings that are told at most.
    private static let limit = 1_000

    package init(gateway: Gateway) { self.gateway = gateway }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            Route(.get, Self.path, .hub(.mirrorSync), errors: errors, handler: report),
            Route(.post, Self.path, .hub(.mirrorSync), errors: errors, handler: start),
        ]
    }

    private func report(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .mirrorSync)
        let scrubs = gateway.integrity.scrubs
        let (run, damages) = (try await scrubs.last(), try await scrubs.damages(limit: Self.limit))
        return .json { json in
            json.object { json in
                json.key("run")
                if let run { Self.write(run, to: &json) } else { json.null() }
                json.array("damages") { json in
                    for damage in damages { Self.write(damage, to: &json) }
                }
            }
        }
    }

    private struct Wish: Decodable {
        /// Bytes a second.
        var rate: Int64?
    }

    private func start(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        let wish = try await request.body.json(Wish.self, upTo: Self.bodyLimit)
        if let rate = wish.rate, rate < 0 { throw HubError(.badRequest, "A rate is a number of bytes a second.") }
        let job = try await gateway.scrubJobs.start(rate: wish.rate, by: principal.user?.name)
        return .json(status: 202) { JobJSON.write(job, rate: nil, to: &$0) }
    }

    private static func write(_ run: ScrubRun, to json: inout JSONWriter) {
        json.object { json in
            json.member("startedAt", time: run.startedAt)
            json.member("updatedAt", time: run.updatedAt)
            json.key("finishedAt")
            if let at = run.finishedAt { json.value(JSONDate.text(milliseconds: at)) } else { json.null() }
            json.member("part", run.position.part.rawValue)
            json.member("blobs", run.counts.blobs)
            json.member("repositories", run.counts.repositories)
            json.member("gitFiles", run.counts.gitFiles)
            json.member("xorbs", run.counts.xorbs)
            json.member("bytes", run.counts.bytes)
            json.member("damaged", run.counts.damaged)
            json.member("healed", run.counts.healed)
        }
    }

    private static func write(_ damage: ScrubDamage, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", damage.finding.kind.rawValue)
            json.member("name", damage.finding.name)
            json.member(
                "repository", damage.finding.repository == 0 ? nil : String(damage.finding.repository, radix: 16))
            json.member("reason", damage.finding.reason)
            json.member("foundAt", time: damage.foundAt)
            json.key("healedAt")
            if let at = damage.healedAt { json.value(JSONDate.text(milliseconds: at)) } else { json.null() }
            json.member("source", damage.source)
        }
    }
}
