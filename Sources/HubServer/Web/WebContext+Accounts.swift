import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

extension WebContext {
    /// The services of accounts and organisations.
    var identity: IdentityContext {
        IdentityContext(
            authorizer: gateway.authorizer, repositories: gateway.repositories, store: gateway.hub.store,
            identities: gateway.hub.identities, sshKeys: gateway.hub.sshKeys, signIn: gateway.hub.signIn)
    }

    /// The page for signing in, in place of one that is for people with accounts. Whoever signs in there comes back.
    /// - Parameter address: where to come back to; the address that was asked for where it is nil.
    func askToSignIn(_ request: HubRequest, returningTo address: String? = nil) async throws -> HubResponse {
        var response = try await page(request) { context in
            SignInPage(next: address ?? context.address, isResuming: true).page(context)
        }
        if response.status == 200 { response.status = 401 }
        return response
    }

    /// What was just done, by the word that the address carries, where every page does not say it by itself.
    func notice(_ request: HubRequest, _ context: PageContext) -> String? {
        guard let word = request.query.first("done"), context.t.done(word) == nil else { return nil }
        return context.t.accountDone(word)
    }
}

/// What somebody wrote into the form of a token.
struct TokenWishForm: Sendable {
    var draft = TokenDraft()
    var problems: [String: String] = [:]
    /// Nil where something was wrong.
    private(set) var wish: TokenRoutes.Wish?

    init(_ form: WebForm, now: Int64, _ t: L10n) {
        draft.name = form.text("name")
        draft.scope = form.text("scope")
        draft.days = Int(form.text("days")) ?? draft.days
        draft.resources = form.text("resources")
        let isNamed =
            (1...96).contains(draft.name.utf8.count)
            && !draft.name.unicodeScalars.contains { $0.value < 0x20 }
        if !isNamed { problems["name"] = t.accountTokenNameWrong }
        let scope = TokenGrant.Scope(rawValue: draft.scope)
        if scope == nil { problems["scope"] = t.accountFieldEmpty }
        var resources: [TokenResource] = []
        for line in draft.resources.split(whereSeparator: { $0.isNewline || $0 == "," }) {
            let text = String(line).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { continue }
            guard let resource = TokenResource(parsing: text) else {
                problems["resources"] = t.accountReachWrong(String(text.prefix(80)))
                break
            }
            resources.append(resource)
        }
        if resources.count > TokenResource.maximumCount { problems["resources"] = t.accountReachTooMany }
        guard problems.isEmpty, let scope else { return }
        let days = Int64(max(0, min(draft.days, 3_650)))
        wish = TokenRoutes.Wish(
            name: draft.name, scope: scope, expiresAt: days == 0 ? nil : now + days * 86_400_000,
            resources: resources.isEmpty ? nil : resources)
    }
}

extension TokenLine {
    init(_ record: TokenRecord) {
        self.init(
            id: String(record.grant.id, radix: 16), name: record.grant.name, scope: record.grant.scope.rawValue,
            lastFour: record.lastFour, createdAt: record.grant.createdAt, expiresAt: record.grant.expiresAt,
            lastUsedAt: record.lastUsedAt, resources: record.grant.resources?.map(\.description))
    }
}
