import HTTPTypes
import HubCore

/// `/api/gateway/v1/audit`, `/api/gateway/v1/organizations/{organization}/audit` and
/// `/api/gateway/v1/audit/{kind}/{namespace}/{name}`: the record of changes to the hub, to an organisation and what it
/// owns, and to one repository, the newest first. For auditors of each, and whoever is more.
struct AuditRoutes: Sendable {
    let context: IdentityContext

    /// Records of a page.
    private static let pageSize = 100

    var routes: [Route] {
        let base = IdentitySurface.base
        let errors = context.errors
        return [
            Route(.get, base + "/audit", .hub(.auditRead), errors: errors, handler: ofHub),
            Route(
                .get, base + "/organizations/{organization}/audit", .authenticated, errors: errors,
                handler: ofOrganisation),
            Route(
                .get, base + "/audit/{kind}/{namespace}/{name}", .repository(.auditRead), errors: errors,
                handler: ofRepository),
        ]
    }

    private func ofHub(_ request: HubRequest) async throws -> HubResponse {
        try await context.authorizer.requireOfHub(try await request.principal(), .auditRead)
        return Self.answer(
            request, try await context.store.audit.records(before: try Self.cursor(request), limit: Self.pageSize))
    }

    private func ofOrganisation(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .auditRead)
        return Self.answer(
            request,
            try await context.store.audit.records(
                of: organisation, before: try Self.cursor(request), limit: Self.pageSize))
    }

    private func ofRepository(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .auditRead)
        return Self.answer(
            request,
            try await context.store.audit.records(
                of: repository, before: try Self.cursor(request), limit: Self.pageSize))
    }

    private static func cursor(_ request: HubRequest) throws -> Int64? {
        guard let text = request.query.first("cursor") else { return nil }
        guard let number = Int64(text), number > 0 else {
            throw HubError(.badRequest, "The cursor '\(text.prefix(32))' is no record's number.")
        }
        return number
    }

    private static func answer(_ request: HubRequest, _ records: [AuditRecord]) -> HubResponse {
        let response = HubResponse.json { json in
            json.object { json in
                json.array("records") { json in
                    for record in records { write(record, to: &json) }
                }
            }
        }
        guard records.count == pageSize, let last = records.last else { return response }
        return response.linkingNext(request, "cursor", String(last.sequence))
    }

    private static func write(_ record: AuditRecord, to json: inout JSONWriter) { json.value(Self.json(of: record)) }

    /// A record with the names that lists and exports use.
    static func json(of record: AuditRecord) -> JSONValue {
        .object([
            .init(key: "sequence", value: .integer(record.sequence)),
            .init(key: "at", value: .string(JSONDate.text(milliseconds: record.at))),
            .init(key: "actor", value: .string(record.actor)), .init(key: "action", value: .string(record.action)),
            .init(key: "object", value: .string(record.object)),
            .init(key: "detail", value: JSONText.decode(record.detail) ?? .null),
            .init(key: "hash", value: .string(record.hash)),
        ])
    }
}
