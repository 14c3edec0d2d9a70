import HTTPTypes
import HubCore
import MirrorGateway
import NIOCore

/// `/api/gateway/v1/provenance/…` and `/keys`: what is stated about revisions, what is attached to them, and the keys by
/// which both can be verified.
struct ProvenanceRoutes: Sendable {
    let gateway: Gateway

    private static let revision = GatewaySurface.base + "/provenance/{kind}/{namespace}/{name}"
    private static let envelopeLimit = 32 << 20
    /// Repositories that an answer about a digest tells of.
    private static let maximumHolders = 100

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base, PlainErrorRendering())
        return [
            Route(.get, base + "/keys", .open, errors: errors, handler: keys),
            Route(.get, base + "/provenance/{sha256}", .open, errors: errors, handler: holders),
            Route(
                .get, Self.revision + "/statements", .repository(.metaRead), errors: errors, handler: statements),
            Route(.post, Self.revision + "/statements", .repository(.mirrorSync), errors: errors, handler: add),
            Route(.get, Self.revision + "/oms", .repository(.metaRead), errors: errors) {
                try await attachment(.oms, $0)
            },
            Route(.get, Self.revision + "/cyclonedx", .repository(.metaRead), errors: errors) {
                try await attachment(.cycloneDX, $0)
            },
            Route(.get, Self.revision + "/croissant", .repository(.metaRead), errors: errors) {
                try await attachment(.croissant, $0)
            },
        ]
    }

    /// Where clients of Hugging Face ask for the same.
    var huggingFaceRoutes: [Route] {
        [
            Route(
                .get, "/api/datasets/{namespace}/{name}/croissant", .repository(.metaRead),
                errors: HuggingFaceErrorRendering(),
                handler: { request in
                    let path = try request.parameter("namespace") + "/" + request.parameter("name")
                    guard let id = RepositoryID(kind: .dataset, path: path) else {
                        throw HubError(.notFound, "'\(path)' does not name a dataset.")
                    }
                    let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
                    return try await answer(.croissant, of: repository, at: nil, request)
                })
        ]
    }

    // MARK: A revision

    private func named(_ request: HubRequest) throws -> (id: RepositoryID, revision: Revision) {
        let parts = try request.parameter("name").split(separator: "@", maxSplits: 1).map(String.init)
        guard parts.count == 2, let revision = Revision(parts[1]) else {
            throw HubError(.badRequest, "The commit is missing.", remedy: "Write the path as model/acme/demo@<commit>.")
        }
        let (word, path) = (try request.parameter("kind"), try request.parameter("namespace") + "/" + parts[0])
        guard let kind = RepositoryKind(word: word), let id = RepositoryID(kind: kind, path: path) else {
            throw HubError(.notFound, "'\(word)/\(path)' does not name a repository.")
        }
        return (id, revision)
    }

    private func snapshot(of repository: Repository, at revision: Revision?) async throws -> Snapshot {
        // They name every file with its digest, and are signed as a whole.
        try gateway.repositories.requireWholeReading(repository, for: "what is stated about it")
        let snapshot = try await gateway.repositories.snapshot(of: repository, at: revision)
        _ = try await gateway.repositories.contents(of: snapshot)
        return snapshot
    }

    private func statements(_ request: HubRequest) async throws -> HubResponse {
        let (id, revision) = try named(request)
        let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
        let commit = try await snapshot(of: repository, at: revision).commit
        let statements = try await gateway.statements.statements(of: repository.key, commit: commit)
        if request.query.first("format") == "jsonl" {
            let lines = statements.map { String(decoding: $0.envelope, as: UTF8.self) + "\n" }
            var response = HubResponse(body: .text(lines.joined()))
            response.headers[.contentType] = "application/x-ndjson"
            return response
        }
        let attachments = try await gateway.hub.provenance.attachments(of: repository.key, commit: commit)
        return .json { json in
            json.object { json in
                json.member("repository", id.description)
                json.member("commit", commit.hex)
                json.array("statements") { json in for one in statements { json.value(one) } }
                json.array("attachments") { json in
                    for attachment in attachments {
                        json.object { json in
                            json.member("kind", attachment.kind.rawValue)
                            json.member("sha256", attachment.sha256)
                            json.member("madeAt", JSONDate.text(milliseconds: attachment.madeAt))
                        }
                    }
                }
            }
        }
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let (id, revision) = try named(request)
        let principal = try await request.principal()
        // What waits for its signature may not be served before: only what is stored is looked at.
        let repository = try await Authorizer(store: gateway.hub.store, source: nil).open(principal, .mirrorSync, id)
        let stored = RepositoryService(
            store: gateway.hub.store, git: gateway.hub.git, blobs: gateway.hub.blobs, source: nil, gate: nil)
        let commit = try await stored.snapshot(of: repository, at: revision).commit
        let envelope = try await request.body.collect(upTo: Self.envelopeLimit)
        let isNew = try await gateway.statements.add(
            Array(envelope.readableBytesView), about: commit, of: repository, by: principal.label)
        return HubResponse(status: isNew ? 201 : 200)
    }

    private func attachment(_ kind: StoredAttachment.Kind, _ request: HubRequest) async throws -> HubResponse {
        let (id, revision) = try named(request)
        let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
        return try await answer(kind, of: repository, at: revision, request)
    }

    private func answer(
        _ kind: StoredAttachment.Kind, of repository: Repository, at revision: Revision?, _ request: HubRequest
    ) async throws -> HubResponse {
        let commit = try await snapshot(of: repository, at: revision).commit
        let attachment = try await gateway.statements.attachment(
            kind, of: repository, commit: commit, base: kind == .croissant ? request.baseURL : "")
        var response = HubResponse(body: .text(String(decoding: attachment.content, as: UTF8.self)))
        response.headers[.contentType] = Self.type(of: kind)
        response.headers[.eTag] = "\"\(attachment.sha256)\""
        response.headers["X-Repo-Commit"] = commit.hex
        return response
    }

    private static func type(of kind: StoredAttachment.Kind) -> String {
        switch kind {
        case .oms: "application/vnd.dev.sigstore.bundle.v0.3+json"
        case .cycloneDX: "application/vnd.cyclonedx+json; version=1.6"
        case .croissant: "application/ld+json"
        }
    }

    // MARK: A digest

    /// Where content with a digest was stated, as far as the caller may see it.
    private func holders(_ request: HubRequest) async throws -> HubResponse {
        let digest = try request.parameter("sha256").lowercased()
        guard InTotoStatement.isDigest(digest) else {
            throw HubError(.badRequest, "'\(digest)' is no SHA-256.", remedy: "Write its 64 hexadecimal digits.")
        }
        let principal = try await request.principal()
        var found: [(holder: ProvenanceStore.Holder, statements: [StoredStatement])] = []
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        for holder in try await gateway.hub.provenance.holders(of: digest) where found.count < Self.maximumHolders {
            guard let repository = try? await stored.open(principal, .metaRead, holder.id),
                repository.key == holder.repository,
                (try? gateway.repositories.requireWholeReading(repository)) != nil
            else { continue }
            found.append(
                (holder, try await gateway.statements.statements(of: holder.repository, commit: holder.commit)))
        }
        guard !found.isEmpty else {
            throw HubError(.notFound, "Nothing that you may see was stated about \(digest).")
        }
        return .json { [found] json in
            json.object { json in
                json.member("sha256", digest)
                json.array("holders") { json in
                    for (holder, statements) in found {
                        json.object { json in
                            json.member("repository", holder.id.description)
                            json.member("commit", holder.commit.hex)
                            json.member("path", holder.path)
                            json.array("statements") { json in for one in statements { json.value(one) } }
                        }
                    }
                }
            }
        }
    }

    // MARK: Keys

    private func keys(_ request: HubRequest) async throws -> HubResponse {
        let keys = try await gateway.statements.keys()
        if request.query.first("format") == "pem" {
            return .text(keys.map(\.key.pem).joined())
        }
        return .json { json in
            json.object { json in
                json.array("keys") { json in
                    for key in keys {
                        json.object { json in
                            json.member("keyId", key.key.id)
                            json.member("algorithm", key.key.algorithm.rawValue)
                            json.member("owner", key.owner)
                            json.member("pem", key.key.pem)
                            json.member("firstUsedAt", JSONDate.text(milliseconds: key.firstUsedAt))
                            json.member("lastUsedAt", JSONDate.text(milliseconds: key.lastUsedAt))
                            json.member(
                                "supersededAt", key.supersededAt.map { JSONDate.text(milliseconds: $0) })
                        }
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    /// One statement, its envelope included.
    fileprivate mutating func value(_ statement: StoredStatement) {
        object { json in
            json.member("predicateType", statement.predicateType)
            json.member("keyId", statement.keyID)
            json.member("source", statement.source.text)
            json.member("sha256", statement.sha256)
            json.member("storedAt", JSONDate.text(milliseconds: statement.storedAt))
            json.key("envelope")
            json.raw(String(decoding: statement.envelope, as: UTF8.self))
        }
    }
}
