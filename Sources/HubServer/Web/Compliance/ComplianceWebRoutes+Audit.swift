import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages: who did what.
extension ComplianceWebRoutes {
    /// What the address asks for, for somebody who may see it; nil for somebody who has to sign in first.
    private func auditFilter(_ request: HubRequest, _ t: L10n) async throws -> (
        written: AuditPage.Filter, filter: AuditFilter, organisation: Organisation?, problems: [String: String]
    )? {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return nil }
        func text(_ name: String) -> String {
            String((request.query.first(name) ?? "").trimmingCharacters(in: .whitespaces).prefix(250))
        }
        var written = AuditPage.Filter()
        written.organisation = text("org")
        written.actor = text("actor")
        written.action = text("action")
        written.object = text("object")
        written.since = text("since")
        written.until = text("until")
        var organisation: Organisation?
        if written.organisation.isEmpty {
            try await gateway.authorizer.requireOfHub(principal, .auditRead)
        } else {
            organisation = try await gateway.authorizer.openOrganisation(principal, .auditRead, written.organisation)
        }
        var filter = AuditFilter()
        filter.actor = written.actor.isEmpty ? nil : written.actor
        filter.action = written.action.isEmpty ? nil : written.action
        filter.object = written.object.isEmpty ? nil : written.object
        var problems: [String: String] = [:]
        func day(_ name: String, _ text: String) -> Int64? {
            guard !text.isEmpty else { return nil }
            let moment = try? GovernedName.time("\(text)T00:00:00Z")
            if moment == nil { problems[name] = t.complianceDayWrong }
            return moment
        }
        filter.since = day("since", written.since)
        // The last day counts as a whole.
        filter.until = day("until", written.until).map { $0 + 86_400_000 }
        return (written, filter, organisation, problems)
    }

    func audit(_ request: HubRequest) async throws -> HubResponse {
        let t = L10n(WebPreferences(request).language)
        guard let asked = try await auditFilter(request, t) else { return try await web.askToSignIn(request) }
        let before = try request.query.integer("before", in: 1...Int.max).map(Int64.init)
        let records =
            asked.problems.isEmpty
            ? try await hub.store.audit.records(
                matching: asked.filter, of: asked.organisation, before: before, limit: Self.pageSize + 1) : []
        let page = records.prefix(Self.pageSize)
        var chain: AuditPage.Chain?
        if asked.organisation == nil, request.query.first("check") != nil {
            let result = try await hub.store.audit.verify()
            chain = result.broken.map { .broken($0) } ?? .whole(result.count)
        }
        let checked = chain
        return try await web.page(request) { context in
            AuditPage(
                filter: asked.written, records: page.map(AuditPage.Record.init),
                next: records.count > Self.pageSize ? page.last?.sequence : nil, isFirst: before == nil, chain: checked,
                canCheck: asked.organisation == nil, problems: asked.problems
            ).page(context)
        }
    }

    /// The same records as lines of JSON, however many there are.
    func exportAudit(_ request: HubRequest) async throws -> HubResponse {
        let t = L10n(WebPreferences(request).language)
        guard let asked = try await auditFilter(request, t) else { return try await web.askToSignIn(request) }
        if let problem = asked.problems.first { throw HubError(.badRequest, "'\(problem.key)' is no day.") }
        let (filter, organisation, audit) = (asked.filter, asked.organisation, hub.store.audit)
        var response = HubResponse(
            body: .stream(length: nil) { writer in
                var before: Int64?
                while true {
                    let page = try await audit.records(
                        matching: filter, of: organisation, before: before, limit: 1_000)
                    var text = ""
                    for record in page { text += try JSONText.encode(AuditRoutes.json(of: record)) + "\n" }
                    try await writer.send(text)
                    guard page.count == 1_000, let last = page.last else { return }
                    before = last.sequence
                }
            })
        response.headers[.contentType] = "application/x-ndjson"
        response.headers[.contentDisposition] = "attachment; filename=\"audit.ndjson\""
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension AuditPage.Record {
    init(_ record: AuditRecord) {
        self.init(
            sequence: record.sequence, at: record.at, actor: record.actor, action: record.action,
            object: record.object, detail: record.detail, hash: record.hash)
    }
}
