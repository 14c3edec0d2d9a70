import HTTPTypes
import HubCore
import WebPages

/// `/assets`: scripts, styles, fonts and pictures.
struct AssetRoutes: Sendable {
    let shelf: AssetShelf
    /// Opens files where nobody waits for the disk.
    let blobs: FileBlobStore

    var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            // Referred to from everywhere by one name, and so asked for again each time.
            Route(.get, "/assets/icons.svg", .open, head: true, errors: errors) { request in
                try await answer("vendor/icons.svg", request, cache: "no-cache")
            },
            Route(.get, "/assets/mermaid-frame", .open, head: true, errors: errors) { _ in diagramFrame() },
            Route(.get, "/assets/{digest}/{path...}", .open, head: true, errors: errors) { request in
                let digest = try request.parameter("digest")
                return try await answer(
                    try request.parameter("path"), request,
                    cache: digest == shelf.digest ? "public, max-age=31536000, immutable" : "no-cache")
            },
        ]
    }

    /// Where diagrams are drawn: Mermaid writes styles, which no other page lets anything do. The page that shows the
    /// frame gives it no origin, so that it reaches nothing of the hub's.
    private func diagramFrame() -> HubResponse {
        let html: HTML = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Diagram</title>\
            <script type="module" src=\(url: shelf.links.own("mermaid-frame.mjs"))></script><body></body></html>
            """
        var response = HubResponse(
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-cache"], body: .bytes(html.bytes))
        response.headers["Content-Security-Policy"] =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
        return response
    }

    private func answer(_ path: String, _ request: HubRequest, cache: String) async throws -> HubResponse {
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
        var content = asset.content
        if let gzip = asset.gzip, TextCompression.accepts(request) {
            response.headers[.contentEncoding] = "gzip"
            content = gzip
        }
        response.body = try await body(content)
        return response
    }

    private func body(_ content: AssetShelf.Content) async throws -> HubBody {
        switch content {
        case .bytes(let bytes): return .bytes(bytes)
        case .file(let path, let digest):
            let file = try await blobs.blocking { try OpenFile(path: path) }
            guard file.size > 0 else { return .none }
            return .file(BlobReader(id: digest, file: file, size: file.size, following: nil), range: 0..<file.size)
        }
    }
}
