package import HubCore

/// Errors before a route is found, in the dialect of the interface whose path was asked for.
package struct PathErrorRendering: ErrorRendering {
    private let dialects: [(prefix: String, rendering: any ErrorRendering)]
    private let fallback: any ErrorRendering

    /// - Parameter dialects: by the beginnings of paths, of which the first that fits counts.
    package init(_ dialects: [(prefix: String, rendering: any ErrorRendering)], otherwise fallback: any ErrorRendering)
    {
        self.dialects = dialects
        self.fallback = fallback
    }

    package func render(_ error: HubError, for request: HubRequest) -> HubResponse {
        let rendering = dialects.first { request.rawPath.hasPrefix($0.prefix) }?.rendering ?? fallback
        return rendering.render(error, for: request)
    }
}
