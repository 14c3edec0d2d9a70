import HTTPTypes
import HubCore

/// `/api/gateway/v1/quotas`: what users and organisations may store, and what they do.
struct QuotaRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/quotas"
        let errors = context.errors
        return [
            Route(.get, base, .hub(.quotaSet), errors: errors, handler: list),
            Route(.get, base + "/{account}", .authenticated, errors: errors, handler: get),
            Route(.put, base + "/{account}", .hub(.quotaSet), errors: errors, handler: put),
            Route(.delete, base + "/{account}", .hub(.quotaSet), errors: errors, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        _ = try await operate(request)
        let found = try await context.store.quotas.accounts(
            after: request.query.first("cursor"), limit: IdentityContext.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("quotas") { json in
                    for account in found { Self.write(account, to: &json) }
                }
            }
        }
        guard found.count == IdentityContext.pageSize, let last = found.last else { return response }
        return response.linkingNext(request, "cursor", last.name)
    }

    /// For whoever sets quotas, and for whoever may say who is what in the namespace: a user in his own.
    private func get(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in to see this.") }
        let name = try request.parameter("account")
        try await context.requireQuota(principal, of: name)
        let account = try await context.store.quotas.account(named: name)
        return .json { Self.write(account, to: &$0) }
    }

    private struct Change: Decodable {
        var bytes: JSONValue?
        var repositories: JSONValue?
    }

    private func put(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let change = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        let limits = QuotaLimits(
            bytes: try Self.limit(change.bytes, "bytes"),
            repositories: try Self.limit(change.repositories, "repositories"))
        let account = try await context.store.quotas.set(limits, of: try request.parameter("account"), by: principal)
        return .json { Self.write(account, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await operate(request)
        let account = try await context.store.quotas.set(
            QuotaLimits(), of: try request.parameter("account"), by: principal)
        return .json { Self.write(account, to: &$0) }
    }

    private func operate(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        try await context.authorizer.requireOfHub(principal, .quotaSet)
        return principal
    }

    private static func limit(_ value: JSONValue?, _ name: String) throws -> QuotaLimits.Limit {
        switch value {
        case nil, .null: return .inherited
        case .string("unlimited"): return .unlimited
        case .integer(let number) where number >= 0: return .of(number)
        default:
            throw HubError(
                .badRequest, "'\(name)' is a number from 0, \"unlimited\", or null for the server's default.")
        }
    }

    private static func write(_ limit: Int64?, to json: inout JSONWriter) {
        if let limit { json.member("limit", limit) } else { json.member("limit", String?.none) }
    }

    private static func write(_ account: QuotaAccount, to json: inout JSONWriter) {
        json.object { json in
            json.member("account", account.name)
            json.member("isDefault", account.isDefault)
            json.object("bytes") { json in
                Self.write(account.byteLimit, to: &json)
                json.member("used", account.used)
                json.member("reserved", account.reserved)
            }
            json.object("repositories") { json in
                Self.write(account.repositoryLimit, to: &json)
                json.member("used", account.repositories)
            }
        }
    }
}

extension IdentityContext {
    /// Lets in whoever sets quotas, and whoever may change the settings of a namespace: a user of his own.
    /// - Throws: `.forbidden`.
    func requireQuota(_ principal: Principal, of name: String) async throws {
        if try await authorizer.decide(principal, .quotaSet, in: "").isAllowed { return }
        guard try await authorizer.decide(principal, .settings, in: name).isAllowed else {
            throw HubError(.forbidden, "You may not see what '\(name)' stores.")
        }
    }
}
