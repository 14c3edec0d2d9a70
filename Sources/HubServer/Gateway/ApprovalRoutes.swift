import HTTPTypes
import HubCore
import MirrorGateway

/// `/api/gateway/v1/approvals`: what is held for review, why, and what was decided on it.
struct ApprovalRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 64 << 10
    private static let pageSize = 100
    /// The longest an approval may last, in seconds.
    private static let longest: Int64 = 100 * 366 * 86_400

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base + "/approvals", PlainErrorRendering())
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.post, base, .authenticated, errors: errors, handler: ask),
            Route(.get, base + "/{approval}", .authenticated, errors: ApprovalLinkErrors(), handler: show),
            Route(.get, base + "/{approval}/files/{path...}", .authenticated, errors: errors, handler: file),
            Route(.post, base + "/{approval}:approve", .authenticated, errors: errors, handler: approve),
            Route(.post, base + "/{approval}:reject", .authenticated, errors: errors) { try await close($0, .reject) },
            Route(.post, base + "/{approval}:withdraw", .authenticated, errors: errors) {
                try await close($0, .withdraw)
            },
        ]
    }

    // MARK: Looking

    /// Auditors, operators and approvers see all; others what they asked for themselves.
    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let state = try request.query.first("state").map { word in
            guard let state = Approval.State(rawValue: word) else {
                throw HubError(
                    .badRequest, "'\(word.prefix(32))' is no state of a request.",
                    remedy: "Write \(Approval.State.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return state
        }
        let repository = try request.query.first("repo").map(GovernedName.repository)
        let before = try request.query.first("cursor").map { text in
            guard let id = Int64(text), id > 0 else {
                throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
            }
            return id
        }
        let page = try await gateway.hub.approvals.list(
            state: state, repository: repository, before: before, limit: Self.pageSize)
        let now = gateway.hub.clock.now()
        let shown = try await access.listed(page, to: principal).map { $0.json(at: now, isWhole: false) }
        let response = HubResponse.json {
            $0.value(.object([.init(key: "approvals", value: .array(shown))]))
        }
        guard page.count == Self.pageSize, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", String(last.id))
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let (approval, isWhole) = try await visible(request, to: principal)
        let askers = isWhole ? try await gateway.hub.approvals.askers(of: approval.id) : []
        return .json { [now = gateway.hub.clock.now()] in
            $0.value(approval.json(at: now, isWhole: isWhole, askers: askers))
        }
    }

    /// Evidence that people read: a small file of what is held, for who may decide on it.
    private func file(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let approval = try await decidable(request, by: principal)
        let repository = try await Authorizer(store: gateway.hub.store, source: nil).open(
            principal, .metaRead, approval.repository)
        let path = try request.parameter("path")
        let bytes = try await gateway.evidence(path, of: approval, in: repository)
        // Never what a browser would run: it is held for a reason.
        var response = HubResponse(status: 200, body: .bytes(bytes))
        response.headers[.contentType] = "text/plain; charset=utf-8"
        response.headers[.contentDisposition] = "attachment"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers[.cacheControl] = "private, no-store"
        return response
    }

    // MARK: Asking and deciding

    private struct Question: Decodable {
        /// As in `model:acme/demo`.
        let repo: String
        let rev: String?
        /// What it is needed for.
        let reason: String?
    }

    private func ask(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let body = try await request.body.json(Question.self, upTo: Self.bodyLimit)
        let approval = try await access.ask(for: body.repo, at: body.rev, because: body.reason, principal)
        return .json(status: 201) { [now = gateway.hub.clock.now()] in
            $0.value(approval.json(at: now, isWhole: false))
        }
    }

    private struct Ruling: Decodable {
        /// `revision`, `repository` or `file`.
        let scope: String?
        /// Of the file, for `file`.
        let path: String?
        /// A date, as in `2027-01-31T12:00:00Z`.
        let expiresAt: String?
        let expiresInSeconds: Int64?
        let note: String?
    }

    private func approve(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let approval = try await decidable(request, by: principal)
        let body = try await request.body.json(Ruling.self, upTo: Self.bodyLimit)
        let word = body.scope ?? (approval.commit == nil ? "repository" : "revision")
        guard let scope = Approval.Scope(word: word, path: body.path) else {
            throw HubError(
                .badRequest, "'\(word.prefix(32))' is no scope.",
                remedy: "Write revision, repository, or file with a path.")
        }
        var end = gateway.approvalAuthority.usualEnd(mirror: approval.mirror)
        if let seconds = body.expiresInSeconds {
            guard (1...Self.longest).contains(seconds) else {
                throw HubError(.badRequest, "An approval lasts 1 to \(Self.longest) seconds.")
            }
            end = gateway.hub.clock.now() + seconds * 1_000
        }
        if let text = body.expiresAt { end = try GovernedName.time(text) }
        return try await decide(approval, .approve(scope, expiresAt: end), note: body.note, by: principal)
    }

    private struct Note: Decodable {
        let note: String?
    }

    private func close(_ request: HubRequest, _ ruling: ApprovalStore.Ruling) async throws -> HubResponse {
        let principal = try await Self.account(request)
        let approval = try await access.closable(try request.parameter("approval"), ruling, by: principal)
        let body = try await request.body.json(Note.self, upTo: Self.bodyLimit)
        return try await decide(approval, ruling, note: body.note, by: principal)
    }

    private func decide(
        _ approval: Approval, _ ruling: ApprovalStore.Ruling, note: String?, by principal: Principal
    ) async throws -> HubResponse {
        let decided = try await access.decide(approval, ruling, note: note, by: principal)
        return .json { [now = gateway.hub.clock.now()] in $0.value(decided.json(at: now, isWhole: true)) }
    }

    // MARK: Who may

    private var access: ApprovalAccess { ApprovalAccess(gateway: gateway) }

    private func decidable(_ request: HubRequest, by principal: Principal) async throws -> Approval {
        try await access.decidable(try request.parameter("approval"), by: principal)
    }

    private func visible(_ request: HubRequest, to principal: Principal) async throws -> (Approval, isWhole: Bool) {
        try await access.visible(try request.parameter("approval"), to: principal)
    }

    private static func account(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see requests for reviews.")
        }
        return principal
    }
}
