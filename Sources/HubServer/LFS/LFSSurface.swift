import HTTPTypes
package import HubCore
import NIOCore

/// The LFS API for reading: batch and objects.
///
/// - SeeAlso: git-lfs `docs/api/batch.md` and `docs/api/basic-transfers.md`
package struct LFSSurface: Sendable {
    let authorizer: Authorizer
    let repositories: RepositoryService
    let identities: IdentityStore
    let signer: LFSLinkSigner
    static let maximumObjects = 10_000

    package init(
        authorizer: Authorizer, repositories: RepositoryService, identities: IdentityStore, signer: LFSLinkSigner
    ) {
        self.authorizer = authorizer
        self.repositories = repositories
        self.identities = identities
        self.signer = signer
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
                Route(.post, base + "/locks/verify", .repository(.metaRead), errors: errors, handler: noLocks),
                Route(.post, base + "/locks", .repository(.metaRead), errors: errors, handler: noLocks),
                Route(.get, base + "/locks", .repository(.metaRead), errors: errors, handler: noLocks),
            ]
        }
    }

    private func batch(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        let principal = try await request.principal()
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
        switch batch.operation {
        case "download": break
        case "upload":
            guard !principal.isAnonymous else {
                throw HubError(.authenticationRequired, "Sign in to upload to \(id.path).")
            }
            _ = try await authorizer.open(principal, .contentWrite, id)
            throw HubError(
                .forbidden, "Uploading by LFS is not supported by this version.",
                remedy: "Use 'weir import' on the server.")
        default:
            throw HubError(.unprocessable, "The operation '\(batch.operation)' is neither download nor upload.")
        }
        let repository = try await authorizer.open(principal, .contentRead, id)
        let pointers = batch.objects.compactMap(\.pointer)
        let links = try await repositories.lfsLinks(to: pointers, of: repository)
        let base = request.baseURL + request.rawPath.dropLast("batch".count)
        var answers: [LFSBatchAnswer] = []
        for object in batch.objects {
            answers.append(try await answer(object, links: links, repository: repository, base: base))
        }
        return Self.render(batch.objects, answers)
    }

    private func answer(
        _ object: LFSBatchRequest.Object, links: [BlobID: BlobLink], repository: Repository, base: String
    ) async throws -> LFSBatchAnswer {
        guard let pointer = object.pointer else {
            return .error(
                code: 422, message: "The object id must be 64 lower-case hex digits and the size not negative.")
        }
        guard let link = links[pointer.oid] else {
            return .error(code: 404, message: "The object \(pointer.oid.hex) is not in \(repository.id).")
        }
        guard link.pointer.size == pointer.size else {
            return .error(
                code: 422, message: "The object \(pointer.oid.hex) has \(link.pointer.size) bytes, not \(pointer.size)."
            )
        }
        do {
            try await repositories.authorize(link, of: repository)
        } catch let error as HubError where error.code == .policyDenied || error.code == .policyReview {
            return .error(code: 403, message: error.line)
        }
        return .download(
            href: "\(base)\(pointer.oid.hex)?\(signer.query(for: pointer.oid, in: repository))",
            expiresIn: Int(LFSLinkSigner.lifetime))
    }

    private static func render(_ objects: [LFSBatchRequest.Object], _ answers: [LFSBatchAnswer]) -> HubResponse {
        var response = HubResponse.json { json in
            json.object { json in
                json.member("transfer", "basic")
                json.array("objects") { json in
                    for (object, answer) in zip(objects, answers) {
                        json.object { json in
                            json.member("oid", object.oid)
                            json.member("size", object.size)
                            switch answer {
                            case .download(let href, let expiresIn):
                                json.member("authenticated", true)
                                json.object("actions") { json in
                                    json.object("download") { json in
                                        json.member("href", href)
                                        json.member("expires_in", expiresIn)
                                    }
                                }
                            case .error(let code, let message):
                                json.object("error") { json in
                                    json.member("code", code)
                                    json.member("message", message)
                                }
                            }
                        }
                    }
                }
                json.member("hash_algo", "sha256")
            }
        }
        response.headers[.contentType] = LFSErrorRendering.mediaType
        return response
    }

    private func object(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        guard let blob = BlobID(try request.parameter("oid")) else {
            throw HubError(.unprocessable, "The object id must be 64 lower-case hex digits.")
        }
        let repository = try await open(id, blob: blob, for: request)
        let size = request.query.first("size").flatMap { Int64($0) } ?? 0
        guard
            let link = try await repositories.lfsLinks(to: [LFSPointer(oid: blob, size: size)], of: repository)[blob]
        else {
            throw HubError(.blobNotFound, "The object \(blob.hex) is not in \(repository.id).")
        }
        let reader = try await repositories.open(link, of: repository)
        return .blob(reader, request, headers: [.cacheControl: "private, max-age=31536000, immutable"])
    }

    /// By the caller's own credentials, or by the link a batch signed for him.
    private func open(_ id: RepositoryID, blob: BlobID, for request: HubRequest) async throws -> Repository {
        guard LFSLinkSigner.isLink(request) else {
            return try await authorizer.open(request.principal(), .contentRead, id)
        }
        let claimed = request.query.first("token").flatMap { Int64($0) } ?? 0
        let principal = claimed == 0 ? .anonymous : try await identities.principal(tokenID: claimed)
        guard let principal, let repository = try? await authorizer.open(principal, .contentRead, id),
            signer.caller(of: request, blob: blob, repositoryKey: repository.key) == claimed
        else {
            // 403 makes git-lfs ask for a new batch (wire/git-lfs.md §1.3).
            throw HubError(.forbidden, "The link has expired or is not valid.", remedy: "Ask the batch API again.")
        }
        return repository
    }

    private func noLocks(_ request: HubRequest) async throws -> HubResponse {
        let id = try await RepositoryLocator.id(of: request)
        _ = try await authorizer.open(request.principal(), .metaRead, id)
        // 501 tells git-lfs to go on without locks.
        throw HubError(.notSupported, "Locks are not supported by this version.")
    }
}
