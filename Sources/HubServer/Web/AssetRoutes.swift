import HTTPTypes
import HubCore

/// `/assets`: scripts, styles, fonts and pictures.
struct AssetRoutes: Sendable {
    let shelf: AssetShelf

    var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            // Referred to from everywhere by one name, and so asked for again each time.
            Route(.get, "/assets/icons.svg", .open, head: true, errors: errors) { request in
                try answer("vendor/icons.svg", request, cache: "no-cache")
            },
            Route(.get, "/assets/{digest}/{path...}", .open, head: true, errors: errors) { request in
                let digest = try request.parameter("digest")
                return try answer(
                    try request.parameter("path"), request,
                    cache: digest == shelf.digest ? "public, max-age=31536000, immutable" : "no-cache")
            },
        ]
    }

    private func answer(_ path: String, _ request: HubRequest, cache: String) throws -> HubResponse {
        guard let asset = shelf.asset(path) else {
            throw HubError(.notFound, "There is no asset '\(path)'.", remedy: "Run `make assets`.")
        }
        let tag = "\"\(shelf.digest)\""
        var response = HubResponse(headers: [.contentType: asset.type, .cacheControl: cache, .eTag: tag])
        response.headers[.vary] = "Accept-Encoding"
        // Frames without an origin of their own load modules and styles only if they may (web-ui.md §3).
        response.headers[.accessControlAllowOrigin] = "*"
        if request.headers[.ifNoneMatch] == tag {
            response.status = 304
            return response
        }
        if let gzip = asset.gzip, TextCompression.accepts(request) {
            response.headers[.contentEncoding] = "gzip"
            response.body = .bytes(gzip)
        } else {
            response.body = .bytes(asset.bytes)
        }
        return response
    }
}
