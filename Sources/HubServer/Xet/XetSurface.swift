import HTTPTypes
package import HubCore
package import MirrorGateway
import NIOCore

/// The small content-addressed storage that Hugging Face's clients upload large files to (wire/huggingface.md §7).
///
/// Uploads are kept as xorbs and become blobs; downloads are read from blobs, however these came. What it does not offer
/// it answers with 404, upon which clients do without: deduplication across repositories and upload grants.
package struct XetSurface: Sendable {
    let service: XetService
    let signer: XetGrantSigner
    private let identities: IdentityStore
    let access: RepositoryAccess
    /// How often a client that waits for a shard hears of it.
    var interval: Duration = .seconds(5)

    /// - Throws: when the storage or the key cannot be opened.
    package init(gateway: Gateway) throws {
        let hub = gateway.hub
        self.init(
            service: XetService(
                xorbs: try XorbStore(root: hub.directory.xet), store: hub.store, blobs: hub.blobs),
            signer: XetGrantSigner(key: try hub.directory.key("xet-grants"), clock: hub.clock),
            identities: hub.identities, authorizer: gateway.authorizer, repositories: gateway.repositories,
            store: hub.store, clock: hub.clock)
    }

    package init(
        service: XetService, signer: XetGrantSigner, identities: IdentityStore, authorizer: Authorizer,
        repositories: RepositoryService, store: RepositoryStore, clock: WallClock
    ) {
        self.service = service
        self.signer = signer
        self.identities = identities
        access = RepositoryAccess(
            authorizer: authorizer, repositories: repositories, store: store, clock: clock,
            errors: HuggingFaceErrorRendering())
    }

    /// Where clients get their tokens, for the root; the same under a prefix by `mounted(at:)`.
    package var tokenRoutes: [Route] {
        let family = XetTokenRoute(access: access, signer: signer, service: service)
        let renamed = RenamedRepositories(access: access)
        return RepositoryKind.allCases.flatMap { kind in
            family.routes(for: kind).map { renamed.following($0, kind) }
        }
    }

    /// How files are offered for download by Xet.
    /// - Parameter threshold: bytes above which they are.
    package func advertisement(above threshold: Int64 = XetAdvertisement.usualThreshold) -> XetAdvertisement {
        XetAdvertisement(service: service, threshold: threshold)
    }

    /// The storage itself. Its routes are open: a grant in place of an account says who may what.
    package var storageRoutes: [Route] {
        let errors = XetErrorRendering()
        let base = "/_cas/{generation}/v1"
        let xorb = "\(base)/xorbs/{prefix:default|default-merkledb}/{hash}"
        return [
            Route(.post, xorb, .open, errors: errors, handler: receiveXorb),
            Route(.get, xorb, .open, errors: errors, handler: sendXorb),
            Route(.post, "\(base)/shards", .open, errors: errors, handler: receiveShard),
            Route(
                .post, "/_cas/{generation}/v2/shards", .open, errors: errors, handler: receiveShardWithProgress),
            Route(.get, "\(base)/reconstructions/{hash}", .open, errors: errors) { try await reconstruct($0, .first) },
            Route(.get, "/_cas/{generation}/v2/reconstructions/{hash}", .open, errors: errors) {
                try await reconstruct($0, .second)
            },
            Route(.post, "\(base)/telemetry", .open, errors: errors) { _ in .status(200) },
        ]
    }

    // MARK: Uploads

    private func receiveXorb(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await open(request) { $0.isUpload }
        let name = try Self.hash(request)
        let isNew = try await service.receiveXorb(
            name, from: Self.pieces(of: request.body), size: request.body.declaredLength, for: repository)
        return .json { json in json.object { $0.member("was_inserted", isNew) } }
    }

    private func receiveShard(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await open(request) { $0.isUpload }
        let shard = try await service.readShard(from: Self.pieces(of: request.body), for: repository)
        let isNew = try await service.receive(shard, for: repository)
        return .json { json in json.object { $0.member("result", isNew ? 1 : 0) } }
    }

    /// The same with signs of life, as large files take longer than clients wait for an answer.
    private func receiveShardWithProgress(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await open(request) { $0.isUpload }
        let shard = try await service.readShard(from: Self.pieces(of: request.body), for: repository)
        let intake = XetShardIntake(service: service, shard: shard, repository: repository, interval: interval)
        return HubResponse(
            headers: [.contentType: "application/x-ndjson"], body: .stream(length: nil) { try await intake.run($0) })
    }

    private static func pieces(of body: RequestBody) -> some AsyncSequence<[UInt8], any Error> & Sendable {
        body.map { Array($0.readableBytesView) }
    }

    // MARK: Grants

    /// Opens the repository of the request's grant, for whom it was made (S5).
    /// - Throws: `.invalidCredentials`, whatever is wrong with it; `.notFound` for a storage that is no more.
    func open(_ request: HubRequest, if permits: (XetGrant.Operation) -> Bool) async throws -> Repository {
        try await open(request, token: Self.bearer(request), if: permits).repository
    }

    /// The same for a token that came otherwise.
    func open(
        _ request: HubRequest, token: String?, if permits: (XetGrant.Operation) -> Bool
    ) async throws -> (repository: Repository, grant: XetGrant) {
        guard let grant = token.flatMap({ signer.grant(in: $0) }), permits(grant.operation),
            let repository = try await repository(of: grant)
        else {
            throw HubError(
                .invalidCredentials, "The token of the storage is not valid for this, or has expired.",
                remedy: "Ask the repository's xet token route for a new one.")
        }
        // Only uploads build upon what this storage has: downloads go on, whatever became of xorbs meanwhile.
        guard try !grant.operation.isUpload || request.parameter("generation") == service.generation else {
            throw HubError(
                .notFound, "This storage was replaced by another one.",
                remedy: "Start again: the client will ask where it is now.")
        }
        return (repository, grant)
    }

    private func repository(of grant: XetGrant) async throws -> Repository? {
        let principal = grant.tokenID == 0 ? .anonymous : try await identities.principal(tokenID: grant.tokenID)
        guard let principal else { return nil }
        do {
            let repository = try await access.authorizer.open(principal, grant.operation.verb, grant.repository)
            // Whoever proposes a change must be able to read what it is based on.
            if grant.operation == .propose {
                _ = try await access.authorizer.open(principal, .contentRead, grant.repository)
            }
            return repository.key == grant.repositoryKey ? repository : nil
        } catch let error as HubError where error.status < 500 {
            return nil
        }
    }

    private static func bearer(_ request: HubRequest) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    static func hash(_ request: HubRequest) throws -> XetHash {
        guard let hash = XetHash(try request.parameter("hash")) else {
            throw HubError(.badRequest, "A hash has 64 lower-case hexadecimal digits.")
        }
        return hash
    }
}
