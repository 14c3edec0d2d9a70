import HTTPTypes
package import HubCore
import NIOCore

/// git smart HTTP for reading: discovery and `git upload-pack`, protocol versions 0, 1 and 2.
///
/// - SeeAlso: gitprotocol-http
package struct GitSurface: Sendable {
    private let authorizer: Authorizer
    private let repositories: RepositoryService
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
                    handler: refusePush),
            ]
        }
    }

    private func advertise(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        switch request.query.first("service") {
        case "git-upload-pack": break
        case "git-receive-pack": return try await refusePush(request)
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

    private func uploadPack(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        guard request.headers[.contentType]?.split(separator: ";").first == "application/x-git-upload-pack-request"
        else {
            throw HubError(
                .unsupportedMediaType, "A fetch must be sent as application/x-git-upload-pack-request.")
        }
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
                try await repositories.uploadPack(
                    of: repository, protocolVersion: header, request: OneRequest(bytes: body)
                ) { try await writer.send(ByteBuffer(bytes: $0)) }
            })
        response.headers[.contentType] = "application/x-git-upload-pack-result"
        response.headers[.cacheControl] = "no-cache"
        return response.showing(freshness, now: clock.now())
    }

    private func refusePush(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        let principal = try await request.principal()
        guard !principal.isAnonymous else { throw HubError(.authenticationRequired, "Sign in to push to \(id.path).") }
        let repository = try await authorizer.open(principal, .contentWrite, id)
        throw HubError(
            .forbidden, "Pushing to \(repository.id) by git is not supported by this version.",
            remedy: "Use 'weir import' on the server.")
    }
}

/// A request body that is already in memory, in pieces a pipe takes well.
private struct OneRequest: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let bytes: [UInt8]

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            let part = rest.prefix(1 << 16)
            rest = rest.dropFirst(part.count)
            return Array(part)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...]) }
}
