import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// The page that the console begins with.
struct OverviewWebRoutes: Sendable {
    let web: WebContext

    /// Matters of one kind that are told.
    private static let told = 5

    var routes: [Route] { [Route(.get, "/console", .open, errors: web.errors, handler: show)] }

    private var gateway: Gateway { web.gateway }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        var overview = OverviewPage(matters: [])
        if principal.user != nil {
            let access = JobAccess(gateway: gateway)
            let audience = try await access.audience(of: principal)
            let counts = try await gateway.jobs.counts(JobQuery(audience: audience))
            overview.running = counts[.running] ?? 0
            overview.failed = counts[.failed] ?? 0
            let seesAll = try await gateway.approvalAuthority.mayRead(principal)
            if seesAll {
                let standing = try await gateway.hub.sync.standing(at: gateway.hub.clock.now())
                overview.mirrored = Int(standing.mirrored)
                overview.behind = Int(standing.behind)
                overview.requests = Int(standing.requests)
                overview.findings = standing.findings
                overview.storage = standing.bytes
                overview.matters += policyMatters + upstreamMatters
            }
            overview.matters += try await matters(principal, audience)
            if seesAll, try await gateway.authorizer.decide(principal, .auditRead, in: "").isAllowed {
                overview.matters += try await damage()
            }
        }
        return try await web.page(request) { [overview] context in overview.page(context) }
    }

    private var policyMatters: [OverviewPage.Matter] {
        guard let failure = gateway.policies?.lastFailure else { return [] }
        return [.init(.policyRefused, detail: failure.problems.first, address: "/console/policies")]
    }

    private var upstreamMatters: [OverviewPage.Matter] {
        let names = Set((gateway.policies?.current.mirrors ?? []).flatMap { $0.upstreams.map(\.name) })
        return names.sorted().compactMap { name in
            let health = gateway.egress.health(of: name)
            guard health.breaker != .closed else { return nil }
            return .init(
                .upstreamDown(name), detail: health.lastError, address: "/console/upstreams/\(URLText.component(name))")
        }
    }

    private func matters(_ principal: Principal, _ audience: JobQuery.Audience?) async throws -> [OverviewPage.Matter] {
        let failed = try await gateway.jobs.jobs(
            JobQuery(states: [.failed], audience: audience, limit: Self.told)
        ).jobs
        var matters = failed.map { job in
            OverviewPage.Matter(
                .jobFailed(job.draft.subject), detail: job.failure?.message, address: "/console/jobs/\(job.id)")
        }
        let open = try await gateway.hub.approvals.list(state: .open, limit: 100)
        for approval in try await ApprovalAccess(gateway: gateway).listed(open, to: principal).prefix(Self.told) {
            matters.append(
                .init(
                    .requestOpen(approval.repository.description), detail: approval.reasons.first?.text,
                    address: "/console/approvals/\(approval.id)"))
        }
        return matters
    }

    private func damage() async throws -> [OverviewPage.Matter] {
        var matters: [OverviewPage.Matter] = []
        let damages = try await gateway.integrity.scrubs.damages(isOpen: true, limit: 1_000)
        if !damages.isEmpty {
            matters.append(.init(.damaged(Int64(damages.count)), detail: nil, address: "/console/storage"))
        }
        let backlog = try await gateway.hub.scans.backlog()
        if backlog.failing > 0 {
            matters.append(.init(.scanFailing(backlog.failing), detail: nil, address: "/console/scans"))
        }
        return matters
    }
}
