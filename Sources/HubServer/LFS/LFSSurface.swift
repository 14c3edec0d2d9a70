import HTTPTypes
package import HubCore
import MirrorGateway
import NIOCore

/// The LFS API: batch, objects up and down, locks.
///
/// - SeeAlso: git-lfs `docs/api/batch.md` and `docs/api/basic-transfers.md`
package struct LFSSurface: Sendable {
    let authorizer: Authorizer
    let repositories: RepositoryService
    let identities: IdentityStore
    let signer: LFSLinkSigner
    let uploads: UploadService
    let locks: LockService
    static let maximumObjects = 10_000

    package init(
        authorizer: Authorizer, repositories: RepositoryService, identities: IdentityStore, signer: LFSLinkSigner,
        uploads: UploadService, locks: LockService
    ) {
        self.authorizer = authorizer
        self.repositories = repositories
        self.identities = identities
        self.signer = signer
        self.uploads = uploads
        self.locks = locks
    }

    package var routes: [Route] {
        let errors = LFSErrorRendering()
        return RepositoryLocator.patterns.flatMap { pattern in
            let base = pattern + "/info/lfs"
            return [
                Route(.post, base + "/objects/batch", .repository(.contentRead), errors: errors, handler: batch),
                Route(
                    .get, base + "/objects/{oid}", .repository(.contentRead), head: true, errors: errors,
                    handler: object),
                // The form of CSGHub's server (wire/csghub.md §6).
                Route(.get, base + "/{oid}", .repository(.contentRead), head: true, errors: errors, handler: object),
            ] + uploadRoutes(base, errors) + lockRoutes(base, errors)
        }
    }

    private func batch(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        let principal = try await request.principal()
        let repository = try await authorizer.open(principal, .contentRead, id)
        let batch = try await request.body.json(LFSBatchRequest.self, upTo: 8 << 20)
        guard batch.hashAlgorithm ?? "sha256" == "sha256" else {
            throw HubError(
                .conflict, "The hash algorithm '\(batch.hashAlgorithm ?? "")' is not supported.", remedy: "Use sha256.")
        }
        guard batch.objects.count <= Self.maximumObjects else {
            throw HubError(
                .payloadTooLarge, "A batch may name \(Self.maximumObjects) objects at most.",
                remedy: "Set lfs.transfer.batchSize lower.")
        }
        let base = request.baseURL + request.rawPath.dropLast("batch".count)
        switch batch.operation {
        case "download": return try await downloads(batch, of: repository, base: base)
        case "upload":
            return try await uploadBatch(batch, to: authorizer.openForUpload(principal, id), base: base)
        default:
            throw HubError(.unprocessable, "The operation '\(batch.operation)' is neither download nor upload.")
        }
    }

    private func downloads(_ batch: LFSBatchRequest, of repository: Repository, base: String) async throws
        -> HubResponse
    {
        let pointers = batch.objects.compactMap(\.pointer)
        let links = try await repositories.lfsLinks(to: pointers, of: repository)
        var answers: [LFSBatchAnswer] = []
        var asked: Int64 = 0
        for object in batch.objects {
            var answer = try await answer(object, links: links, repository: repository, base: base)
            if case .actions = answer { refuse(object, after: &asked, &answer) }
            answers.append(answer)
        }
        return Self.render(batch.objects, answers, transfer: .basic)
    }

    /// Never promises what would not be given: bytes that the caller's quota of the mirror has no room for.
    private func refuse(_ object: LFSBatchRequest.Object, after asked: inout Int64, _ answer: inout LFSBatchAnswer) {
        let (total, overflow) = asked.addingReportingOverflow(object.size)
        do throws(HubError) {
            try QuotaTally.current?.require(overflow ? .max : total)
            asked = total
        } catch {
            answer = .error(code: 429, message: error.line)
        }
    }

    private func answer(
        _ object: LFSBatchRequest.Object, links: [BlobID: BlobLink], repository: Repository, base: String
    ) async throws -> LFSBatchAnswer {
        guard let pointer = object.pointer else { return .malformed }
        guard let link = links[pointer.oid] else {
            return .error(code: 404, message: "The object \(pointer.oid.hex) is not in \(repository.id).")
        }
        guard link.pointer.size == pointer.size else {
            return .error(
                code: 422, message: "The object \(pointer.oid.hex) has \(link.pointer.size) bytes, not \(pointer.size)."
            )
        }
        do {
            // What waits for its scan is scanned from now on, and waited for where its bytes are asked for.
            try await ScanPatience.$current.withValue(.zero) { try await repositories.authorize(link, of: repository) }
        } catch let error as HubError where error.code == .policyDenied || error.code == .policyReview {
            return .error(code: 403, message: error.line)
        } catch let error as HubError where error.code == .buried {
            return .error(code: 410, message: error.line)
        } catch let error as HubError where error.code == .scanPending {}
        let query = signer.query(for: pointer.oid, in: repository)
        return .actions([
            LFSAction(
                name: "download", href: "\(base)\(pointer.oid.hex)?\(query)", expiresIn: LFSLinkSigner.lifetime)
        ])
    }

    private func object(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        let blob = try Self.blob(of: request)
        let repository = try await open(id, .contentRead, by: LFSLink(.download, blob), for: request)
        let size = request.query.first("size").flatMap { Int64($0) } ?? 0
        guard
            let link = try await repositories.lfsLinks(to: [LFSPointer(oid: blob, size: size)], of: repository)[blob]
        else {
            throw HubError(.blobNotFound, "The object \(blob.hex) is not in \(repository.id).")
        }
        let reader = try await repositories.open(link, of: repository, isPull: request.takesContent)
        return .blob(reader, request, headers: [.cacheControl: "private, max-age=31536000, immutable"])
    }

    /// By the caller's own credentials, or by the link a batch signed for him.
    func open(_ id: RepositoryID, _ verb: Verb, by link: LFSLink, for request: HubRequest) async throws -> Repository {
        func open(_ principal: Principal) async throws -> Repository {
            verb == .contentWrite
                ? try await authorizer.openForUpload(principal, id) : try await authorizer.open(principal, verb, id)
        }
        guard LFSLinkSigner.isLink(request) else { return try await open(request.principal()) }
        let claimed = request.query.first("token").flatMap { Int64($0) } ?? 0
        let principal =
            claimed == 0
            ? .anonymous
            : try await identities.principal(tokenID: claimed)?
                .seen(from: request.remoteAddress)
        guard let principal, let repository = try? await open(principal),
            signer.caller(of: request, link: link, repositoryKey: repository.key) == claimed
        else {
            // 403 makes git-lfs ask for a new batch (wire/git-lfs.md §1.3).
            throw HubError(.forbidden, "The link has expired or is not valid.", remedy: "Ask the batch API again.")
        }
        return repository
    }

    /// The object that a path names.
    static func blob(of request: HubRequest) throws -> BlobID {
        guard let blob = BlobID(try request.parameter("oid")) else {
            throw HubError(.unprocessable, "The object id must be 64 lower-case hex digits.")
        }
        return blob
    }
}
