import HTTPTypes
import HubCore
package import MirrorGateway
import NIOCore

/// Weir's own REST: `/api/gateway/v1`.
package struct GatewaySurface: Sendable {
    private let gateway: Gateway
    private let version: String
    static let base = "/api/gateway/v1"

    package init(gateway: Gateway, version: String) {
        self.gateway = gateway
        self.version = version
    }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            Route(.get, Self.base + "/version", .open, errors: errors) { [version] _ in
                .json { json in
                    json.object {
                        $0.member("name", "weir"); $0.member("version", version)
                    }
                }
            },
            Route(
                .get, Self.base + "/provenance/{kind}/{namespace}/{name}", .repository(.metaRead), errors: errors,
                handler: provenance),
            Route(.get, Self.base + "/explain", .repository(.metaRead), errors: errors, handler: explain),
            Route(.get, Self.base + "/policy/status", .authenticated, errors: errors, handler: policyStatus),
            Route(.post, Self.base + "/policy:reload", .admin, errors: errors, handler: reload),
            Route(.get, Self.base + "/gc", .admin, errors: errors, handler: lastCollection),
            Route(.post, Self.base + "/gc", .admin, errors: errors, handler: collect),
            Route(.get, Self.base + "/upstreams", .authenticated, errors: errors, handler: upstreams),
            LimitsRoute(gateway: gateway).route(errors: errors),
        ]
    }

    /// The record of how a commit came here, byte for byte as it was written.
    private func provenance(_ request: HubRequest) async throws -> HubResponse {
        let parts = try request.parameter("name").split(separator: "@", maxSplits: 1).map(String.init)
        guard parts.count == 2, let revision = Revision(parts[1]) else {
            throw HubError(.badRequest, "The commit is missing.", remedy: "Write the path as model/acme/demo@<commit>.")
        }
        let id = try Self.id(try request.parameter("kind"), try request.parameter("namespace") + "/" + parts[0])
        let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
        // It names every file with its digest, and is signed as a whole.
        try gateway.repositories.requireWholeReading(repository, for: "the record")
        let snapshot = try await gateway.repositories.snapshot(of: repository, at: revision)
        guard let record = try await gateway.hub.store.provenance(of: snapshot.commit, in: repository.key) else {
            throw HubError(
                .notFound, "There is no record of \(snapshot.commit) in \(id): it did not come from an upstream.")
        }
        var response = HubResponse(body: .text(record.json))
        response.headers[.contentType] = "application/json"
        response.headers[.eTag] = "\"\(record.sha256)\""
        response.headers["X-Content-SHA256"] = record.sha256
        return response
    }

    private func explain(_ request: HubRequest) async throws -> HubResponse {
        let question = ExplanationQuestion(
            repository: request.query.first("repo") ?? "", user: request.query.first("user"),
            revision: request.query.first("rev"), file: request.query.first("file"))
        let explanation = try await question.answer(for: try await request.principal(), gateway)
        return ExplanationJSON.response(explanation)
    }

    private func policyStatus(_ request: HubRequest) async throws -> HubResponse {
        try await requireAccount(request)
        guard let policies = gateway.policies else { throw HubError(.notFound, "This hub has no policy files.") }
        let current = policies.current
        let failure = policies.lastFailure
        return .json { json in
            json.object { json in
                json.member("digest", current.digest)
                json.member("loadedAt", JSONDate.text(milliseconds: current.loadedAt))
                json.member("mirrors", current.mirrors.map(\.name))
                json.member("refusedAt", failure.map { JSONDate.text(milliseconds: $0.at) })
                json.member("problems", failure?.problems ?? [])
            }
        }
    }

    private func reload(_ request: HubRequest) async throws -> HubResponse {
        try await requireAdministrator(request, to: "reload the policy")
        guard let policies = gateway.policies else { throw HubError(.notFound, "This hub has no policy files.") }
        do {
            try policies.reload()
        } catch let failure as PolicyLoadFailure {
            throw HubError(
                .unprocessable,
                "The policy files are wrong; the last good policy stays in force: "
                    + failure.problems.joined(separator: "; "))
        }
        return try await policyStatus(request)
    }

    private func upstreams(_ request: HubRequest) async throws -> HubResponse {
        try await requireAccount(request)
        let mirrors = gateway.policies?.current.mirrors ?? []
        return .json { json in
            json.object { json in
                json.array("upstreams") { json in
                    for mirror in mirrors {
                        for upstream in mirror.upstreams {
                            let budget = gateway.budget(of: upstream.name, in: mirror)
                            let health = gateway.egress.health(of: upstream.name)
                            json.object { json in
                                json.member("mirror", mirror.name)
                                json.member("name", upstream.name)
                                json.member("type", upstream.type.rawValue)
                                json.member("breaker", health.breaker.rawValue)
                                json.member("lastError", health.lastError)
                                json.object("budget") { $0.members(of: budget) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What the last collection of garbage did.
    private func lastCollection(_ request: HubRequest) async throws -> HubResponse {
        try await requireAdministrator(request, to: "see what was collected")
        let last = try await Reclaimer(hub: gateway.hub, settings: ReclaimSettings()).lastRun()
        return .json { json in
            json.object { json in
                json.member("finishedAt", last.map { JSONDate.text(milliseconds: $0.at) })
                json.member("report", last?.report ?? .null)
            }
        }
    }

    /// Has garbage collected soon, by the server's own task.
    private func collect(_ request: HubRequest) async throws -> HubResponse {
        try await requireAdministrator(request, to: "collect garbage")
        gateway.hub.reclaimRequests.ask()
        return HubResponse(status: 202)
    }

    private func requireAdministrator(_ request: HubRequest, to act: String) async throws {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in as an administrator.") }
        guard principal.isAdministrator else { throw HubError(.forbidden, "Only administrators may \(act).") }
    }

    private func requireAccount(_ request: HubRequest) async throws {
        guard try await !request.principal().isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see this.")
        }
    }

    private static func id(_ kind: String, _ path: String) throws -> RepositoryID {
        guard let kind = RepositoryKind(word: kind), let id = RepositoryID(kind: kind, path: path) else {
            throw HubError(.notFound, "'\(kind)/\(path)' does not name a repository.")
        }
        return id
    }
}
