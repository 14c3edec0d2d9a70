import Crypto
import HTTPTypes
package import HubCore
import WebPages

/// Errors as pages. A mistake is told in the reader's language by its title; the text is that of the hub.
package struct WebErrorRendering: ErrorRendering {
    let assets: AssetLinks
    /// By which the forms around the text, such as that to sign out, are taken; nil where nobody is known to be signed in.
    var guardKey: SymmetricKey?
    var randomness: WebRandomness = .system

    package func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let preferences = WebPreferences(request)
        let user = request.caller.known?.user
        let context = PageContext(
            t: L10n(preferences.language), theme: preferences.theme,
            visitor: user.map { PageContext.Visitor(name: $0.name, isAdministrator: $0.isAdministrator) },
            address: request.address, csrf: guardKey.map { FormGuard($0, randomness).token(for: request) } ?? "",
            assets: assets,
            siteURL: request.baseURL, now: 0, requestID: request.id.text)
        // Whoever is on his way to a page for people with accounts signs in there, and comes back.
        let asksToSignIn =
            error.code == .authenticationRequired && user == nil && guardKey != nil && request.method == .get
        let page =
            asksToSignIn
            ? SignInPage(next: context.address, isResuming: true).page(context)
            : ErrorPage(
                status: error.status, code: error.code.rawValue, message: error.message, remedy: error.remedy
            ).page(context)
        var response = WebAnswer.response(page, context, request)
        response.status = error.status
        response.headers["X-Error-Code"] = error.code.rawValue
        response.headers["Retry-After"] = error.retryAfter.map(String.init)
        return response
    }
}
