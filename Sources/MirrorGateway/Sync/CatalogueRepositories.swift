package import HubCore

/// The catalogue as planning needs it.
package struct CatalogueRepositories: KnownRepositories {
    private let catalogue: RemoteCatalogue

    package init(_ catalogue: RemoteCatalogue) { self.catalogue = catalogue }

    package func page(of mirror: String, after cursor: Int64?, limit: Int) async throws -> (
        repositories: [KnownRepository], next: Int64?
    ) {
        let entries = try await catalogue.entries(ofMirror: mirror, after: cursor, limit: limit)
        return (entries.map(Self.known), entries.count < limit ? nil : entries.last?.id)
    }

    package func known(_ repository: UpstreamPath, mirror: String, upstreams: [String]) async throws
        -> KnownRepository?
    {
        var first: KnownRepository?
        for upstream in upstreams {
            let entry = try await catalogue.entry(
                mirror: mirror, upstream: upstream, kind: repository.kind, path: repository.path)
            guard let known = entry.map(Self.known) else { continue }
            if known.isPresent, known.isDescribed { return known }
            first = first ?? known
        }
        return first
    }

    package func record(_ description: RemoteDescription, mirror: String, upstream: String) async throws {
        try await catalogue.record([.described(description)], mirror: mirror, upstream: upstream)
    }

    private static func known(_ entry: RemoteEntry) -> KnownRepository {
        KnownRepository(
            upstream: entry.upstream, description: entry.description, isPresent: entry.state == .present,
            isDescribed: entry.describedAt != nil, seenAt: entry.seenAt)
    }
}
