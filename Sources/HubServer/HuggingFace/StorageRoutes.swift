import HTTPTypes
import HubCore

/// `GET /api/settings/repositories` and `GET /api/organizations/{organisation}/settings/repositories`: the repositories
/// of the caller or an organisation with what they store, the largest first (`hf repos ls`).
struct StorageRoutes: Sendable {
    private static let pageSize = 500

    let access: RepositoryAccess

    var routes: [Route] {
        [
            Route(.get, "/api/settings/repositories", .authenticated, errors: access.errors, handler: own),
            Route(
                .get, "/api/organizations/{organisation}/settings/repositories", .authenticated, errors: access.errors,
                handler: organisations),
        ]
    }

    private func own(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        guard let user = principal.user else {
            throw HubError(.forbidden, "Only accounts have repositories.")
        }
        return try await list(user.name, request, principal)
    }

    /// For its members, and for administrators.
    private func organisations(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let organisation = try await access.authorizer.openOrganisation(
            principal, .discover, request.parameter("organisation"))
        guard try await isInside(organisation, principal) else {
            throw HubError(.forbidden, "Only its members may see what '\(organisation.name)' stores.")
        }
        return try await list(organisation.name, request, principal)
    }

    private func isInside(_ organisation: Organisation, _ principal: Principal) async throws -> Bool {
        if principal.isAdministrator { return true }
        guard let user = principal.user else { return false }
        return try await access.store.organisations.role(of: user, in: organisation) != nil
    }

    private func list(_ namespace: String, _ request: HubRequest, _ principal: Principal) async throws -> HubResponse {
        let offset = try request.query.integer("cursor", in: 0...1_000_000_000) ?? 0
        let (found, total) = try await access.store.holdings(
            of: namespace, for: principal, offset: offset, limit: Self.pageSize + 1)
        let page = found.prefix(Self.pageSize)
        let response = HubResponse.json { json in
            json.array { json in
                for holding in page { json.holding(holding, of: total) }
            }
        }
        guard found.count > page.count else { return response }
        return response.linkingNext(request, "cursor", String(offset + page.count))
    }
}

extension JSONWriter {
    fileprivate mutating func holding(_ holding: RepositoryHolding, of total: Int64) {
        object { json in
            json.member("id", holding.repository.id.path)
            json.member("type", holding.repository.id.kind.rawValue)
            json.member("updatedAt", JSONDate.text(milliseconds: holding.repository.updatedAt))
            json.member("visibility", holding.repository.visibility.rawValue)
            json.member("storage", holding.bytes)
            json.member("storagePercent", total == 0 ? 0 : Double(holding.bytes) / Double(total) * 100)
        }
    }
}
