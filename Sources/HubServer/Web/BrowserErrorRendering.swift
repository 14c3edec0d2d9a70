import HTTPTypes
package import HubCore

/// Errors before a route is found: pages for browsers, which ask for them, and the dialects of programs for the rest.
package struct BrowserErrorRendering: ErrorRendering {
    let pages: any ErrorRendering
    let fallback: any ErrorRendering

    init(pages: any ErrorRendering, otherwise fallback: any ErrorRendering) {
        self.pages = pages
        self.fallback = fallback
    }

    package func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let isPage =
            request.method == .get && !request.rawPath.hasPrefix("/api/")
            && request.headers[.accept]?.hasPrefix("text/html") == true
        return (isPage ? pages : fallback).render(error, for: request)
    }
}
