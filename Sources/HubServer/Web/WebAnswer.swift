import HTTPTypes
import HubCore
import WebPages

/// How a page is sent: whole or in part, under a policy that lets it load from this hub alone.
enum WebAnswer {
    static func response(_ page: Page, _ context: PageContext, _ request: HubRequest) -> HubResponse {
        let html: HTML
        if request.headers["HX-Request"] == "true", let target = request.headers["HX-Target"],
            let fragment = page.fragments[target]
        {
            html = fragment
        } else {
            html = Layout.document(page, context)
        }
        var response = HubResponse(
            status: page.status, headers: [.contentType: "text/html; charset=utf-8"], body: .bytes(html.bytes))
        response.headers["Content-Security-Policy"] = policy(nonce: page.hasEditor ? context.nonce : nil)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        // What somebody may see is his own; going back shows the page as it was.
        response.headers[.cacheControl] = "private, no-cache"
        response.headers[.vary] = "Accept-Language, Cookie, HX-Request, Accept-Encoding"
        return TextCompression.compressed(response, for: request)
    }

    /// - Parameter nonce: what style elements of an editor carry.
    static func policy(nonce: String?) -> String {
        let styles = nonce.map { "'self' 'nonce-\($0)'" } ?? "'self'"
        return "default-src 'none'; script-src 'self'; style-src \(styles); img-src 'self' data:; media-src 'self'; "
            + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; "
            + "frame-ancestors 'none'"
    }
}
