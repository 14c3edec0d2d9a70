import Foundation
import HubCore
import MirrorGateway

/// Asks a running hub what a list of names stands for now.
struct LockResolver {
    private let client: EgressClient
    private let connection: UpstreamConnection
    private let endpoint: EgressURL

    /// Bytes of a JSON answer, and of a file that git itself holds, at most.
    private static let largestAnswer = 64 << 20

    init(client: EgressClient, endpoint: EgressURL, token: Secret?) {
        self.client = client
        self.endpoint = endpoint
        connection = UpstreamConnection(
            name: endpoint.host, credentials: token.map { [endpoint.origin: .bearer($0)] } ?? [:], allowPrivate: true)
    }

    /// - Parameter names: such as `model:acme/demo@main`; without a revision `main`.
    /// - Throws: what the hub answers.
    func resolve(_ names: [String]) async throws -> HubLock {
        var repositories: [HubLock.Repository] = []
        for name in names { repositories.append(try await resolve(name)) }
        let policy = try? await object(endpoint.appending(path: "api/gateway/v1/policy/status"))
        return HubLock(
            version: 1, endpoint: endpoint.absoluteString, policyDigest: policy?["digest"]?.string,
            repositories: repositories.sorted { $0.repository < $1.repository })
    }

    private func resolve(_ name: String) async throws -> HubLock.Repository {
        let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
        guard let first = parts.first, let id = RepositoryID(parsing: first) else {
            throw HubError(.badRequest, "'\(name)' names no repository.", remedy: "Write model:acme/demo@main.")
        }
        let revision = parts.count > 1 ? parts[1] : "main"
        let kind = "\(id.kind.rawValue)s"
        let api = endpoint.appending(path: "api").appending(segments: [kind, id.namespace, id.name])
        let info = try await object(api.appending(segments: ["revision", revision]))
        guard let commit = info["sha"]?.string, ObjectID(commit) != nil else {
            throw HubError(.upstreamCorrupt, "\(endpoint.host) does not say which commit \(name) is.")
        }
        let files = try await files(of: id, api, commit)
        let explanation = try? await explanation(of: id, commit)
        return HubLock.Repository(
            repository: id.description, revision: revision, commit: commit,
            licenses: info["cardData"]?["license"]?.strings ?? [], verdict: explanation?["decision"]?.string,
            contents: ContentsDigest.of(files.map { (path: $0.path, sha256: $0.sha256) }), files: files)
    }

    private func explanation(of id: RepositoryID, _ commit: String) async throws -> JSONValue {
        try await object(
            endpoint.appending(path: "api/gateway/v1/explain").appending(query: [
                ("repo", id.description), ("rev", commit),
            ]))
    }

    private func files(of id: RepositoryID, _ api: EgressURL, _ commit: String) async throws -> [HubLock.File] {
        let place = id.kind == .model ? [] : ["\(id.kind.rawValue)s"]
        var files: [HubLock.File] = []
        var page: EgressURL? = api.appending(segments: ["tree", commit]).appending(query: [("recursive", "true")])
        while let url = page {
            let response = try await send(url)
            guard case .array(let entries) = try await Self.json(response) else {
                throw HubError(.upstreamCorrupt, "\(endpoint.host) does not list the files of \(id).")
            }
            for entry in entries where entry["type"]?.string == "file" {
                guard let path = entry["path"]?.string, case .integer(let size) = entry["size"] else { continue }
                if let lfs = entry["lfs"], let digest = lfs["oid"]?.string {
                    files.append(HubLock.File(path: path, size: size, sha256: digest))
                    continue
                }
                // Git knows small files by another digest: they are read, and compared with it.
                let file = endpoint.appending(
                    segments: place + [id.namespace, id.name, "resolve", commit]
                        + path.split(separator: "/").map(String.init))
                let bytes = try await send(file).body.collect(upTo: Self.largestAnswer)
                guard entry["oid"]?.string == ObjectID.blob(of: bytes).hex else {
                    throw HubError(.upstreamCorrupt, "\(endpoint.host) gives other bytes for '\(path)' than it lists.")
                }
                files.append(
                    HubLock.File(path: path, size: Int64(bytes.count), sha256: BlobID(hashing: bytes).hex))
            }
            page = try Self.next(response)
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func next(_ response: EgressResponse) throws -> EgressURL? {
        guard let link = response.headers.first("link"), link.contains("rel=\"next\""),
            let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end
        else { return nil }
        return try EgressURL(parsing: String(link[link.index(after: start)..<end]))
    }

    private func object(_ url: EgressURL) async throws -> JSONValue { try await Self.json(try await send(url)) }

    private static func json(_ response: EgressResponse) async throws -> JSONValue {
        let bytes = try await response.body.collect(upTo: largestAnswer)
        guard let value = JSONText.decode(String(decoding: bytes, as: UTF8.self)) else {
            throw HubError(.upstreamCorrupt, "The hub's answer is no JSON.")
        }
        return value
    }

    private func send(_ url: EgressURL) async throws -> EgressResponse {
        let request = EgressRequest(url: url, purpose: .blob)
        let response = try await client.send(request, via: connection)
        guard response.status == 200 else {
            let code: HubError.Code =
                switch response.status {
                case 401: .authenticationRequired
                case 403: .forbidden
                case 404: .repositoryNotFound
                default: .upstreamUnavailable
                }
            throw HubError(code, "\(endpoint.host) answered \(response.status) for \(url.path).")
        }
        return response
    }
}
