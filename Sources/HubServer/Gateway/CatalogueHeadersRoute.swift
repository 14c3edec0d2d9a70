import HTTPTypes
import HubCore
import MirrorGateway

/// `GET /api/gateway/v1/catalog/{upstream}/{kind}/{namespace}/{name}/headers`: what the headers of a remote model's files say,
/// read by ranges for less than a megabyte.
struct CatalogueHeadersRoute: Sendable {
    let gateway: Gateway
    private let errors = PlainErrorRendering()
    static let path = "/catalog/{upstream}/{kind}/{namespace}/{name}/headers"

    init(gateway: Gateway) { self.gateway = gateway }

    var routes: [Route] {
        [Route(.get, GatewaySurface.base + Self.path, .authenticated, errors: errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see this.")
        }
        let upstream = try request.parameter("upstream")
        let path = try request.parameter("namespace") + "/" + request.parameter("name")
        guard let kind = RepositoryKind(word: try request.parameter("kind")),
            let id = RepositoryID(kind: kind, path: path)
        else { throw HubError(.notFound, "'\(path)' does not name a repository.") }
        for source in gateway.browser?.sources(named: upstream) ?? [] {
            // What its upstream shows to our account alone is found by those who may see it here.
            let entry = try await gateway.hub.catalogue.entry(
                mirror: source.mirror.name, upstream: source.upstream.name, kind: kind, path: id.path, for: principal)
            guard let entry, entry.state == .present else { continue }
            return try await headers(of: entry, in: source, at: request.query.first("rev"))
        }
        throw HubError(
            .repositoryNotFound, "No upstream of that name told of the \(UpstreamPath(id)).",
            remedy: "Search for it, or ask for it by its name here: it is looked for then.")
    }

    private func headers(of entry: RemoteEntry, in source: CatalogueBrowser.Source, at revision: String?) async throws
        -> HubResponse
    {
        guard let browser = gateway.browser else { throw HubError(.notFound, "Nothing is mirrored here.") }
        let revision = revision.flatMap { $0.isEmpty ? nil : $0 } ?? entry.description.defaultBranch ?? "main"
        guard Revision(revision) != nil else { throw HubError(.badRequest, "'\(revision)' is not a revision.") }
        let repository = UpstreamPath(kind: entry.kind, path: entry.path)
        let listing = try await browser.files(of: repository, at: revision, in: source)
        let found = try await gateway.headers(of: repository, in: listing, at: source.upstream)
        return .json { json in
            json.object { json in
                json.member("kind", repository.kind.rawValue)
                json.member("path", repository.path)
                json.member("revision", revision)
                json.member("commit", listing.commit?.hex)
                json.member("format", found.format?.rawValue)
                json.member("parameters", found.parameters)
                json.object("parametersByType") { json in
                    for type in found.dtypes { json.member(type, found.parametersByType[type] ?? 0) }
                }
                json.member("estimated", found.isEstimate)
                json.member("license", found.license)
                json.member("architecture", found.architecture)
                json.member("files", found.files)
                json.member("bytesRead", found.bytesRead)
                json.member("remarks", found.remarks)
            }
        }
    }

    static let operation = APIOperation.get(
        path, "readRemoteHeaders",
        "What the headers of a remote model's files say, read for less than a megabyte.",
        captures: CatalogueSurface.captures,
        query: [APIParameter("rev", .text("A branch, tag or commit; the default branch by default."))],
        returns: .json(
            .object([
                "kind": .words(of: RepositoryKind.self), "path": .text, "revision": .text, "commit": .commitID,
                "format": .text("`safetensors` or `gguf`.").orNull, "parameters": .count.orNull,
                "parametersByType": .map(of: .count, "Such as `BF16`."),
                "estimated": .boolean, "license": .text.orNull, "architecture": .text.orNull,
                "files": .array(of: .text), "bytesRead": .count, "remarks": .array(of: .text),
            ])),
        refusing: [.notFound])
}
