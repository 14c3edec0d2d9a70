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

    /// The route, describing `others` by their declarations. A document takes a quarter of all that a start takes, and is
    /// asked for seldom: it is made when somebody does. Declarations that contradict each other are found by a test.
    static func route(describing others: [Route], _ groups: [APIOperationGroup], version: String) -> Route {
        let written = WrittenDocument(describing: others + [make { _ in .status(200) }], groups, version: version)
        return make { request in
            let (document, tag) = try await written.text()
            return .representation(
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

/// The document, written once.
private actor WrittenDocument {
    private let routes: [Route]
    private let groups: [APIOperationGroup]
    private let version: String
    private var written: (document: ByteBuffer, tag: String)?

    init(describing routes: [Route], _ groups: [APIOperationGroup], version: String) {
        self.routes = routes
        self.groups = groups
        self.version = version
    }

    /// - Throws: ``APIMistake`` for declarations that contradict each other.
    func text() throws -> (document: ByteBuffer, tag: String) {
        if let written { return written }
        let document = try APIDocument(of: routes, groups, version: version).json
        let made = (document, "\"\(BlobID(hashing: Array(document.readableBytesView)).hex)\"")
        written = made
        return made
    }
}
