import HTTPTypes
import HubCore
package import MirrorGateway
import Policies

/// `/api/gateway/v1/sync` and `policy:dryrun`: fetching ahead, what it would bring, and what other policies would change.
package struct SyncSurface: Sendable {
    private let gateway: Gateway
    private static let base = GatewaySurface.base
    /// Runs of a page, and repositories of a run.
    private static let pageSize = 100
    private static let maximumFiles = 100

    package init(gateway: Gateway) { self.gateway = gateway }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            Route(.post, Self.base + "/sync", .hub(.mirrorSync), errors: errors, handler: start),
            Route(.get, Self.base + "/sync/runs", .hub(.mirrorSync), errors: errors, handler: runs),
            Route(.get, Self.base + "/sync/runs/{run}", .hub(.mirrorSync), errors: errors, handler: run),
            Route(.post, Self.base + "/policy:dryrun", .hub(.mirrorSync), errors: errors, handler: rehearse),
        ]
    }

    // MARK: Sync

    private func start(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operating(request)
        let asked = try await request.body.json(SyncOrderText.self, upTo: 256 << 10)
        let wanted = try asked.request(by: principal)
        guard asked.dryRun == true else {
            let jobs = try await gateway.sync.start(wanted)
            return .json(status: 202) { json in
                json.object { json in
                    json.array("jobs") { json in for job in jobs { Self.write(job, to: &json) } }
                }
            }
        }
        let plan = try await gateway.sync.plan(wanted)
        return .json { SyncJSON.write(plan, to: &$0) }
    }

    private static func write(_ job: Job, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", job.id)
            json.member("kind", job.draft.kind)
            json.member("subject", job.draft.subject)
            json.member("state", job.state.rawValue)
            json.member("mirror", job.draft.mirror)
            // Larger than what JavaScript counts to.
            json.member("run", job.draft.run.map { String($0) })
        }
    }

    // MARK: Runs

    private func runs(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operating(request)
        let before = try request.query.first("cursor").map { text in
            guard let number = Int64(text), number >= 0 else {
                throw HubError(
                    .badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
            }
            return number
        }
        let limit = try request.query.integer("limit", in: 1...200) ?? Self.pageSize
        let runs = try await gateway.hub.sync.runs(of: request.query.first("mirror"), before: before, limit: limit)
        let next = runs.count == limit ? runs.last.map { String($0.id) } : nil
        let response = HubResponse.json { json in
            json.object { json in
                json.array("runs") { json in for run in runs { SyncJSON.write(run, to: &json) } }
                json.member("next", next)
            }
        }
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    private func run(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operating(request)
        let id = try Self.number(try request.parameter("run"))
        guard let run = try await gateway.hub.sync.run(id) else { throw HubError(.notFound, "There is no run \(id).") }
        let state = try request.query.first("state").map { word in
            guard let state = SyncOutcome.State(rawValue: word) else {
                throw HubError(
                    .badRequest, "'\(word.prefix(32))' is nothing that becomes of a repository.",
                    remedy: "Write \(SyncOutcome.State.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return state
        }
        let limit = try request.query.integer("limit", in: 1...1_000) ?? Self.pageSize
        let outcomes = try await gateway.hub.sync.outcomes(
            of: id, state: state, after: request.query.first("cursor"), limit: limit)
        let next = outcomes.count == limit ? outcomes.last?.subject : nil
        let response = HubResponse.json { SyncJSON.write(run, outcomes, next: next, to: &$0) }
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let number = Int64(text), number >= 0 else {
            throw HubError(.notFound, "'\(text.prefix(32))' is no number of a run.")
        }
        return number
    }

    // MARK: Policies

    private struct Rehearsed: Decodable {
        struct File: Decodable {
            let name: String
            let text: String?
        }

        var files: [File]?
    }

    private func rehearse(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operating(request)
        let body = try await request.body.json(Rehearsed.self)
        let files = body.files ?? []
        guard files.count <= Self.maximumFiles else {
            throw HubError(.badRequest, "`files` holds at most \(Self.maximumFiles) files.")
        }
        var texts: [String: String?] = [:]
        for file in files {
            guard !file.name.isEmpty, file.name.utf8.count <= 255, !file.name.contains("/"), !file.name.hasPrefix("."),
                file.name.hasSuffix(".yaml") || file.name.hasSuffix(".yml")
            else {
                throw HubError(
                    .badRequest, "'\(file.name.prefix(100))' is not the name of a policy file.",
                    remedy: "Write a name as it is in the folder, such as hf.yaml.")
            }
            texts.updateValue(file.text, forKey: file.name)
        }
        let rehearsal = try await gateway.sync.rehearse(texts)
        return .json { SyncJSON.write(rehearsal, to: &$0) }
    }

    private func operating(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        return principal
    }
}
