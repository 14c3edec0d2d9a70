import HTTPTypes
import HubCore
import NIOCore

/// `GET /api/gateway/v1/openapi.json`: the document about the other routes and itself.
struct OpenAPIRoute: Sendable {
    static let path = "/api/gateway/v1/openapi.json"

    static let operations = APIOperationGroup(
        "Service", at: "",
        [
            .get(
                path, "openapi", "This document.",
                returns: .json(.map(of: .anything), "An OpenAPI 3.1 document.").with(
                    APIHeader("ETag", .text("Changes with the document."), isRequired: true)),
                .empty(206, "A part of it, as `Range` asks."), .empty(304, "Not changed, as `If-None-Match` asks."),
                .empty(412, "Changed, against `If-Match`."), .empty(416, "`Range` begins behind its end."))
        ])

    /// The route, describing `others` by their declarations.
    ///
    /// - Throws: ``APIMistake`` for declarations that contradict each other: boot fails.
    static func route(
        describing others: [Route], _ groups: [APIOperationGroup], version: String
    ) throws -> Route {
        let itself = make { _ in .status(200) }
        let document = try APIDocument(of: others + [itself], groups, version: version).json
        let tag = "\"\(BlobID(hashing: Array(document.readableBytesView)).hex)\""
        return make { request in
            .representation(
                request, size: Int64(document.readableBytes), etag: tag, contentType: "application/json; charset=utf-8",
                // The same for everyone, and another one after an update.
                headers: [.cacheControl: "public, no-cache"]
            ) { range in
                let slice = document.getSlice(at: document.readerIndex + Int(range.lowerBound), length: range.count)
                return slice.map { .bytes($0) } ?? .none
            }
        }
    }

    private static func make(_ handler: @escaping Route.Handler) -> Route {
        Route(.get, path, .open, head: true, errors: PlainErrorRendering(), handler: handler)
    }
}
