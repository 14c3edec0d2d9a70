import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: what licences hold, and who was let off.
extension ComplianceWebRoutes {
    func licenses(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        var organisation = request.query.first("org").flatMap { $0.isEmpty ? nil : $0 }
        let scopes = try await scopes(principal)
        // Whoever may see no more than one organisation's begins with that.
        if organisation == nil, let first = scopes.first, first != nil { organisation = first }
        try await LicenseRoutes.requireReport(principal, organisation, gateway)
        var summary = LicenseSummary()
        var isTruncated = false
        let compliance = gateway.compliance
        var after: Int64?
        while !isTruncated {
            let page = try await hub.store.inventory(of: organisation, after: after, limit: Self.pageSize)
            for (repository, head) in page {
                guard summary.content.assets < LicenseSummary.limit else {
                    isTruncated = true
                    break
                }
                summary.add(try await compliance.entry(repository, head: head))
                after = repository.key
            }
            if page.count < Self.pageSize { break }
        }
        var content = summary.finished(isTruncated: isTruncated)
        content.organisation = organisation
        content.scopes = scopes
        content.exceptions = try await exceptions(in: organisation)
        let found = content
        return try await web.page(request) { context in LicensesPage(found).page(context) }
    }

    /// What somebody may have a report on; nil stands for all of the hub.
    private func scopes(_ principal: Principal) async throws -> [String?] {
        let audits = try await may(principal, .auditRead)
        let operates = try await may(principal, .mirrorSync)
        if audits || operates {
            let all = try await hub.store.organisations.list(for: principal, limit: 200)
            return [nil] + all.map { $0.name }
        }
        guard let user = principal.user else { return [] }
        var names: [String?] = []
        for (organisation, _) in try await hub.store.organisations.memberships(of: user, seenBy: principal) {
            if try await gateway.authorizer.decide(principal, .auditRead, in: organisation.name).isAllowed {
                names.append(organisation.name)
            }
        }
        return names
    }

    private func exceptions(in organisation: String?) async throws -> [LicensesPage.Exception] {
        let now = hub.clock.now()
        return try await hub.approvals.list(state: .approved, limit: 500).filter {
            $0.isInForce(at: now) && (organisation == nil || $0.repository.namespaceKey == organisation?.lowercased())
        }.sorted { ($0.expiresAt ?? .max, $0.id) < ($1.expiresAt ?? .max, $1.id) }.prefix(200).map { approval in
            LicensesPage.Exception(
                id: approval.id, repository: approval.repository.description,
                address: GovernedAddress.repository(approval.repository),
                rule: approval.reasons.map(\.rule).joined(separator: ", "), by: approval.decidedBy ?? "–",
                expiresAt: approval.expiresAt)
        }
    }
}
