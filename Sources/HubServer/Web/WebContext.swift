import Crypto
import Foundation
import HTTPTypes
import HubCore
package import MirrorGateway
import WebPages

/// What every handler of the website needs: the services, and how a page becomes an answer.
package struct WebContext: Sendable {
    package let gateway: Gateway
    let assets: AssetShelf
    let guardKey: SymmetricKey
    let randomness: WebRandomness
    let version: String
    /// What forms did that are sent twice.
    let submissions = FormSubmissions()
    /// How mirrored repositories stand that are kept back, or on their way.
    let standings: CatalogueStandings
    let recommendations = RecommendationMemory()
    var errors: WebErrorRendering {
        WebErrorRendering(assets: assets.links, guardKey: guardKey, randomness: randomness)
    }

    /// - Throws: when the key of forms can be neither read nor made.
    init(gateway: Gateway, assets: AssetShelf, version: String, randomness: WebRandomness = .system) throws {
        self.randomness = randomness
        self.gateway = gateway
        standings = CatalogueStandings(gateway)
        self.assets = assets
        self.version = version
        guardKey = SymmetricKey(data: try gateway.hub.directory.key("web-forms"))
    }

    /// What the page knows of its reader.
    /// - Throws: `.invalidCredentials` for a token nobody has.
    func context(_ request: HubRequest) async throws -> PageContext {
        let principal = try await request.principal()
        let preferences = WebPreferences(request)
        let duties = request.rawPath.hasPrefix("/console") ? try await duties(of: principal) : []
        var visitor = principal.user.map {
            PageContext.Visitor(name: $0.name, isAdministrator: principal.isAdministrator, duties: duties)
        }
        visitor?.unread = try await Notifications(gateway.hub.store).unread(of: principal)
        return PageContext(
            t: L10n(preferences.language), theme: preferences.theme, visitor: visitor,
            address: request.address, csrf: FormGuard(guardKey, randomness).token(for: request), assets: assets.links,
            siteURL: request.baseURL, now: gateway.hub.clock.now(), requestID: request.id.text)
    }

    /// What somebody may do on the whole hub.
    private func duties(of principal: Principal) async throws -> Set<PageContext.Visitor.Duty> {
        guard principal.user != nil, !principal.isAdministrator else { return [] }
        let verbs: [(Verb, PageContext.Visitor.Duty)] = [
            (.mirrorSync, .operates), (.auditRead, .audits), (.quotaSet, .setsQuotas),
        ]
        var duties: Set<PageContext.Visitor.Duty> = []
        for (verb, duty) in verbs where try await gateway.authorizer.decide(principal, verb, in: "").isAllowed {
            duties.insert(duty)
        }
        return duties
    }

    /// Answers with a page, or with the part of it that htmx asks for.
    ///
    /// A request that chooses a language or a theme is sent on to the same page without that choice, which a cookie
    /// keeps from then on.
    func page(_ request: HubRequest, _ make: (PageContext) async throws -> Page) async throws -> HubResponse {
        if let choice = WebPreferences.choice(in: request) { return choice }
        var context = try await context(request)
        context.nonce = nonce()
        let page = try await make(context)
        return WebAnswer.response(page, context, request)
    }

    /// Reads the form that one of the hub's own pages sent.
    /// - Throws: `.forbidden` for a form from elsewhere; `.badRequest` for one that cannot be read.
    func form(_ request: HubRequest, upTo limit: Int = 256 << 10) async throws -> WebForm {
        try SameOrigin.refuseOthers(request)
        let form = try await WebForm(request, upTo: limit)
        try FormGuard(guardKey, randomness).require(form.first("csrf") ?? request.headers["X-CSRF-Token"], for: request)
        return form
    }

    /// Sends the browser to the next page after a change.
    func seeOther(_ address: String) -> HubResponse {
        .redirect(to: SafeAddress.isLocal(address) ? address : "/", status: 303)
    }

    private func nonce() -> String {
        Data(randomness.bytes(16)).base64EncodedString()
    }
}

extension HubRequest {
    /// Path and query as they were sent, without what looks like a token: those are not taken so (S4), and pages would
    /// hand them on in their links.
    var address: String {
        let pairs = query.pairs.filter { !Self.secrets.contains($0.name.lowercased()) }
        return pairs.isEmpty ? rawPath : "\(rawPath)?\(QueryParameters(pairs).encoded)"
    }

    private static let secrets: Set<String> = ["token", "access_token", "private_token"]
}
