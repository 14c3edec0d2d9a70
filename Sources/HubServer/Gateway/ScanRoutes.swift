import HTTPTypes
import HubCore
import MirrorGateway
import Policies

/// `/api/gateway/v1/scans`: what scans found, of a revision's files and of single blobs.
struct ScanRoutes: Sendable {
    let gateway: Gateway

    private static let bodyLimit = 64 << 10
    /// Files of one answer.
    private static let pageSize = 1_000

    var routes: [Route] {
        let (base, errors) = (GatewaySurface.base, PlainErrorRendering())
        return [
            Route(
                .get, base + "/scans/{kind}/{namespace}/{name}", .repository(.metaRead), errors: errors,
                handler: revision),
            Route(.get, base + "/scans/{sha256}", .hub(.auditRead), errors: errors, handler: blob),
            Route(.get, base + "/scans", .hub(.auditRead), errors: errors, handler: overview),
            Route(.post, base + "/scans:rescan", .hub(.mirrorSync), errors: errors, handler: rescan),
        ]
    }

    /// How the files of a revision stand, a page at a time.
    private func revision(_ request: HubRequest) async throws -> HubResponse {
        let parts = try request.parameter("name").split(separator: "@", maxSplits: 1).map(String.init)
        let (kind, namespace) = (try request.parameter("kind"), try request.parameter("namespace"))
        guard let name = parts.first, let word = RepositoryKind(word: kind),
            let id = RepositoryID(kind: word, path: namespace + "/" + name)
        else { throw HubError(.notFound, "'\(kind)/\(namespace)' does not name a repository.") }
        let repository = try await gateway.authorizer.open(request.principal(), .metaRead, id)
        var asked: Revision?
        if parts.count == 2 {
            guard let revision = Revision(parts[1]) else {
                throw HubError(.badRequest, "'\(parts[1])' is not a revision.")
            }
            asked = revision
        }
        let cursor = try request.query.first("cursor").map(TreeCursor.init(parsing:))
        if let commit = cursor?.commit { asked = .commit(commit) }
        let snapshot = try await gateway.repositories.snapshot(of: repository, at: asked)
        let page = try await gateway.repositories.page(
            nil, in: snapshot, recursive: true, offset: cursor?.offset ?? 0, limit: Self.pageSize)
        let states = try await ScanStates(gateway).states(of: page.entries, in: snapshot)
        let record = try await gateway.hub.scans.upstream(snapshot.commit, of: repository.key)
        let response = HubResponse.json { json in
            json.object { json in
                json.member("repository", id.description)
                json.member("commit", snapshot.commit.hex)
                json.key("upstream")
                if let record {
                    json.object { json in
                        json.member("name", record.upstream)
                        json.member("scansDone", record.isDone)
                        json.member("askedAt", JSONDate.text(milliseconds: record.askedAt))
                    }
                } else {
                    json.null()
                }
                json.array("files") { json in
                    for entry in page.entries {
                        guard let state = states[entry.path] else { continue }
                        Self.write(entry, state, record?.issues[entry.path], to: &json)
                    }
                }
            }
        }
        guard let offset = page.next else { return response }
        return response.linkingNext(request, "cursor", TreeCursor(commit: snapshot.commit, offset: offset).text)
    }

    private static func write(
        _ entry: TreeEntry, _ state: ScanStates.State, _ upstream: String?, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("path", entry.path)
            json.member("size", max(0, entry.contentSize))
            json.member("sha256", state.digest?.hex)
            json.member("state", state.verdict == nil ? "pending" : "done")
            json.member("verdict", (state.verdict ?? .unknown).rawValue)
            json.member("malware", (state.malware ?? .unknown).rawValue)
            json.member("upstream", upstream)
            json.member("scannedAt", state.scannedAt.map { JSONDate.text(milliseconds: $0) })
            json.array("findings") { json in
                for finding in state.findings { json.value(finding) }
            }
        }
    }

    /// Everything that is known of one blob, whoever has it.
    private func blob(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .auditRead)
        let digest = try Self.digest(try request.parameter("sha256"))
        let records = try await gateway.hub.scans.records(of: digest)
        let waiting = try await gateway.hub.scans.waiting(digest)
        guard !records.isEmpty || waiting != nil else {
            throw HubError(.notFound, "Nothing with the SHA-256 \(digest) was scanned here, or waits for it.")
        }
        let scans = BlobScans(digest, records)
        return .json { json in
            json.object { json in
                json.member("sha256", digest.hex)
                json.member("state", scans.report == nil ? "pending" : "done")
                json.member("verdict", (scans.verdict ?? .unknown).rawValue)
                json.member("waitsSince", waiting.map { JSONDate.text(milliseconds: $0.since) })
                json.member("failure", waiting?.failure)
                json.array("scans") { json in
                    for record in records { Self.write(record, to: &json) }
                }
            }
        }
    }

    private static func write(_ record: ScanRecord, to json: inout JSONWriter) {
        json.object { json in
            json.member("scanner", record.scanner.rawValue)
            json.member("version", record.version)
            json.member("format", record.format)
            json.member("verdict", record.verdict)
            json.member("size", record.size)
            json.member("scannedAt", JSONDate.text(milliseconds: record.scannedAt))
            json.member("milliseconds", record.milliseconds)
            json.array("findings") { json in
                for finding in BlobScans(record.digest, [record]).findings { json.value(finding) }
            }
        }
    }

    /// How much waits to be scanned.
    private func overview(_ request: HubRequest) async throws -> HubResponse {
        try await gateway.authorizer.requireOfHub(try await request.principal(), .auditRead)
        let backlog = try await gateway.hub.scans.backlog()
        let malware = await gateway.scanning.malwareScanner()
        return .json { json in
            json.object { json in
                json.member("version", ScanReport.currentVersion)
                json.member("waiting", backlog.waiting)
                json.member("running", backlog.running)
                json.member("failing", backlog.failing)
                json.object("malware") { json in
                    json.member("configured", malware != nil)
                    json.member("version", malware?.version)
                    json.member("problem", malware?.problem)
                }
            }
        }
    }

    private struct Rescan: Decodable {
        /// As in `model:acme/demo`.
        let repo: String?
        let rev: String?
        let digest: String?
    }

    /// Has one blob, or everything stored of a revision, scanned anew.
    private func rescan(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await gateway.authorizer.requireOfHub(principal, .mirrorSync)
        let body = try await request.body.json(Rescan.self, upTo: Self.bodyLimit)
        guard (body.repo == nil) != (body.digest == nil) else {
            throw HubError(.badRequest, "Name either a repository, as 'repo', or a SHA-256, as 'digest'.")
        }
        if let text = body.digest {
            let digest = try Self.digest(text)
            guard try await gateway.hub.blobs.size(of: digest) != nil else {
                throw HubError(.notFound, "Nothing with the SHA-256 \(digest) is stored here.")
            }
            try await gateway.scanning.rescan([digest])
            return Self.accepted(1)
        }
        let name = body.repo ?? ""
        guard let id = RepositoryID(parsing: name) ?? RepositoryID(kind: .model, path: name) else {
            throw HubError(.badRequest, "'\(name)' does not name a repository.", remedy: "Write model:acme/demo.")
        }
        let revision = try body.rev.map { text in
            guard let revision = Revision(text) else { throw HubError(.badRequest, "'\(text)' is not a revision.") }
            return revision
        }
        // To scan what is here nothing may be asked of an upstream.
        let stored = Authorizer(store: gateway.hub.store, source: nil)
        let repository = try await stored.open(principal, .metaRead, id)
        return Self.accepted(try await gateway.rescan(repository, at: revision))
    }

    private static func accepted(_ count: Int) -> HubResponse {
        .json(status: 202) { json in json.object { $0.member("queued", count) } }
    }

    private static func digest(_ text: String) throws -> BlobID {
        guard let id = BlobID(text) else { throw HubError(.badRequest, "'\(text)' is not a SHA-256 in hex.") }
        return id
    }
}
