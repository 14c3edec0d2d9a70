import HTTPTypes
package import HubCore
import NIOCore

/// git smart HTTP: discovery and `git upload-pack` in the protocol versions 0, 1 and 2, and `git receive-pack`.
///
/// - SeeAlso: gitprotocol-http
package struct GitSurface: Sendable {
    let authorizer: Authorizer
    let repositories: RepositoryService
    private let clock: WallClock
    /// Fetch requests are lists of object ids; this inflates to three hundred thousand of them.
    private static let maximumRequest = 16 << 20

    /// - Parameter clock: tells how old a stale answer is.
    package init(authorizer: Authorizer, repositories: RepositoryService, clock: WallClock) {
        self.clock = clock
        self.authorizer = authorizer
        self.repositories = repositories
    }

    package var routes: [Route] {
        let errors = GitErrorRendering()
        return RepositoryLocator.patterns.flatMap { pattern in
            [
                Route(.get, pattern + "/info/refs", .repository(.contentRead), errors: errors, handler: advertise),
                Route(
                    .post, pattern + "/git-upload-pack", .repository(.contentRead), errors: errors, handler: uploadPack),
                Route(
                    .post, pattern + "/git-receive-pack", .repository(.contentWrite), errors: errors,
                    handler: receivePack),
            ]
        }
    }

    private func advertise(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        switch request.query.first("service") {
        case "git-upload-pack": break
        case "git-receive-pack": return try await advertiseToPush(request, id)
        default:
            throw HubError(
                .forbidden, "Weir speaks git's smart protocol only.", remedy: "Use git 1.6.6 or newer.")
        }
        let principal = try await request.principal()
        let repository = try await authorizer.open(principal, .contentRead, id)
        let header = request.headers["Git-Protocol"]
        let version = GitProtocolVersion(header: header)
        let freshness = try await repositories.prepareUploadPack(of: repository, history: version != .v2)
        var response = HubResponse(
            body: .stream(length: nil) { [repositories] writer in
                if version != .v2 {
                    let prefix = PktLine.text("# service=git-upload-pack").encoded + PktLine.flush.encoded
                    try await writer.send(ByteBuffer(bytes: prefix))
                }
                try await repositories.advertiseUploadPack(of: repository, protocolVersion: header) {
                    try await writer.send(ByteBuffer(bytes: $0))
                }
            })
        response.headers[.contentType] = "application/x-git-upload-pack-advertisement"
        response.headers[.cacheControl] = "no-cache, max-age=0, must-revalidate"
        return response.showing(freshness, now: clock.now())
    }

    /// The type of the body says what is asked, against forms of other sites; a query may not say something else (S7).
    func check(_ request: HubRequest, isFor service: String) throws {
        let type = "application/x-git-\(service)-request"
        guard request.headers[.contentType]?.split(separator: ";").first.map(String.init) == type else {
            throw HubError(.unsupportedMediaType, "A request to git-\(service) must be sent as \(type).")
        }
        guard request.query.first("service").map({ $0 == "git-\(service)" }) ?? true else {
            throw HubError(.badRequest, "The path asks for git-\(service), the query for something else.")
        }
    }

    private func uploadPack(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        try check(request, isFor: "upload-pack")
        let principal = try await request.principal()
        let repository = try await authorizer.open(principal, .contentRead, id)
        let header = request.headers["Git-Protocol"]
        let version = GitProtocolVersion(header: header)
        let body = try await Array(request.body.collect(upTo: Self.maximumRequest).readableBytesView)
        let fetch = try UploadPackRequestParser.parse(body, version: version)
        // A ref that moved since discovery, or a copy of the refs that was lost: the store says what there is now.
        let freshness = try await repositories.prepareUploadPack(of: repository, history: false)
        try await repositories.prepare(fetch, of: repository)
        var response = HubResponse(
            body: .stream(length: nil) { [repositories] writer in
                try await repositories.uploadPack(fetch, of: repository, protocolVersion: header, body: body) {
                    try await writer.send(ByteBuffer(bytes: $0))
                }
            })
        response.headers[.contentType] = "application/x-git-upload-pack-result"
        response.headers[.cacheControl] = "no-cache"
        return response.showing(freshness, now: clock.now())
    }
}
