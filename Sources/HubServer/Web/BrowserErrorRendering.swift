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
        (request.wantsPage ? pages : fallback).render(error, for: request)
    }
}

extension HubRequest {
    /// Whether a person in front of a browser asks.
    var wantsPage: Bool {
        method == .get && !rawPath.hasPrefix("/api/") && headers[.accept]?.hasPrefix("text/html") == true
    }
}
