import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: requests for reviews, and the decisions on them.
struct ApprovalWebRoutes: Sendable {
    let web: WebContext

    private static let pageSize = 50
    /// The longest an approval may last, in days.
    private static let longest: Int64 = 36_600

    var routes: [Route] {
        let base = "/console/approvals"
        return [
            Route(.get, base, .authenticated, errors: web.errors, handler: list),
            Route(.post, base + "/request", .authenticated, errors: web.errors, handler: ask),
            Route(.get, base + "/{approval}", .authenticated, errors: web.errors) { try await show($0) },
            Route(.post, base + "/{approval}/approve", .authenticated, errors: web.errors, handler: approve),
            Route(.post, base + "/{approval}/reject", .authenticated, errors: web.errors) {
                try await close($0, .reject, "rejected")
            },
            Route(.post, base + "/{approval}/withdraw", .authenticated, errors: web.errors) {
                try await close($0, .withdraw, "withdrawn")
            },
        ]
    }

    private var gateway: Gateway { web.gateway }
    private var access: ApprovalAccess { ApprovalAccess(gateway: gateway) }
    private var now: Int64 { gateway.hub.clock.now() }

    // MARK: Looking

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        let word = request.query.first("state") ?? "open"
        let state = Approval.State(rawValue: word)
        let name = request.query.first("repo") ?? ""
        let repository = name.isEmpty ? nil : try GovernedName.repository(name)
        let before = request.query.first("cursor").flatMap(Int64.init)
        let page = try await gateway.hub.approvals.list(
            state: state, repository: repository, before: before, limit: Self.pageSize)
        let shown = try await access.listed(page, to: principal).map(view)
        let last = page.count == Self.pageSize ? page.last?.id : nil
        return try await web.page(request) { context in
            ApprovalsPage(
                approvals: shown, state: state.flatMap { ApprovalView.State(rawValue: $0.rawValue) }, repository: name,
                next: last.map { context.address(setting: "cursor", to: String($0)) }
            ).page(context)
        }
    }

    private func show(
        _ request: HubRequest, _ draft: ApprovalPage.Draft = ApprovalPage.Draft()
    ) async throws -> HubResponse {
        let principal = try await account(request)
        let (approval, isWhole) = try await access.visible(try request.parameter("approval"), to: principal)
        let askers = isWhole ? try await gateway.hub.approvals.askers(of: approval.id) : []
        let mayDecide = try await gateway.approvalAuthority.mayDecide(principal, mirror: approval.mirror)
        let asked = askers.contains { $0.account == principal.label } || approval.requestedBy == principal.label
        let isAlone = try await gateway.approvalAuthority.isAlone(principal, mirror: approval.mirror)
        let usual = gateway.approvalAuthority.usualEnd(mirror: approval.mirror).map { max(1, ($0 - now) / 86_400_000) }
        let facts = isWhole ? Self.facts(approval.evidence) : []
        let files = isWhole ? Self.files(approval.evidence) : []
        return try await web.page(request) { context in
            ApprovalPage(
                approval: view(approval), facts: facts,
                askers: askers.map { .init(name: $0.account, count: $0.asked, lastAt: $0.lastAt, reason: $0.reason) },
                files: files,
                mayDecide: mayDecide, isOwn: asked && !isAlone, draft: draft, done: request.query.first("done"),
                usualDays: usual
            ).page(context)
        }
    }

    private func view(_ approval: Approval) -> ApprovalView {
        var view = ApprovalView(
            id: approval.id, repository: approval.repository.description, address: WebAddress.of(approval.repository),
            mirror: approval.mirror, revision: approval.revision,
            state: ApprovalView.State(rawValue: approval.state(at: now).rawValue) ?? .expired,
            requestedBy: approval.requestedBy, requestedAt: approval.requestedAt)
        view.commit = approval.commit?.hex
        view.isQuarantined = approval.isQuarantined
        view.reasons = approval.reasons.map {
            .init(rule: $0.rule, text: $0.text, place: "\($0.file):\($0.line)", files: $0.files)
        }
        view.decidedBy = approval.decidedBy
        view.decidedAt = approval.decidedAt
        view.note = approval.note
        view.scope = approval.scope?.word
        view.scopePath = approval.scope?.path
        view.expiresAt = approval.expiresAt
        return view
    }

    private static func member(_ name: String, of value: JSONValue) -> JSONValue? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.key == name }?.value
    }

    private static func facts(_ evidence: JSONValue) -> [(name: String, value: String)] {
        guard case .object(let members)? = member("facts", of: evidence) else { return [] }
        return members.compactMap { member in
            guard case .string(let text) = member.value, !text.isEmpty else { return nil }
            return (name: member.key, value: text)
        }
    }

    private static func files(_ evidence: JSONValue) -> [(path: String, size: Int64)] {
        guard case .array(let files)? = member("files", of: evidence) else { return [] }
        return files.compactMap { file in
            guard case .string(let path)? = member("path", of: file),
                case .integer(let size)? = member("size", of: file)
            else { return nil }
            return (path: path, size: size)
        }
    }

    // MARK: Asking and deciding

    private func ask(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        let form = try await web.form(request)
        let approval = try await access.ask(
            for: try form.require("repo"), at: form.first("revision"), because: form.first("reason"), principal)
        return web.seeOther("/console/approvals/\(approval.id)?done=requested")
    }

    private func approve(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        let approval = try await access.decidable(try request.parameter("approval"), by: principal)
        let form = try await web.form(request)
        var draft = ApprovalPage.Draft()
        draft.scope = form.text("scope")
        draft.path = form.text("path")
        draft.days = form.text("days")
        draft.note = form.text("note")
        guard let note = form.first("note") else {
            draft.problem = L10n(WebPreferences(request).language).approvalNoteMissing
            return try await show(request, draft)
        }
        do {
            let word = form.first("scope") ?? (approval.commit == nil ? "repository" : "revision")
            guard let scope = Approval.Scope(word: word, path: form.first("path")) else {
                throw HubError(.badRequest, "One file passes by its path, which is missing.")
            }
            var end = gateway.approvalAuthority.usualEnd(mirror: approval.mirror)
            if let text = form.first("days") {
                guard let days = Int64(text), (1...Self.longest).contains(days) else {
                    throw HubError(.badRequest, "An approval lasts 1 to \(Self.longest) days.")
                }
                end = now + days * 86_400_000
            }
            _ = try await access.decide(approval, .approve(scope, expiresAt: end), note: note, by: principal)
        } catch let error as HubError where [.badRequest, .forbidden, .conflict].contains(error.code) {
            draft.problem = error.line
            return try await show(request, draft)
        }
        return web.seeOther("/console/approvals/\(approval.id)?done=approved")
    }

    private func close(
        _ request: HubRequest, _ ruling: ApprovalStore.Ruling, _ word: String
    ) async throws -> HubResponse {
        let principal = try await account(request)
        let approval = try await access.closable(try request.parameter("approval"), ruling, by: principal)
        let form = try await web.form(request)
        _ = try await access.decide(approval, ruling, note: form.first("note"), by: principal)
        return web.seeOther("/console/approvals/\(approval.id)?done=\(word)")
    }

    private func account(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to see requests for reviews.")
        }
        return principal
    }
}
