import HubCore

/// Another Weir: Hugging Face's API for what that API knows, and git for the rest.
struct WeirUpstream: ComposedUpstream {
    let parts: UpstreamParts

    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup {
        let repository = UpstreamPath(id)
        guard let url = parts.addresses.metadata(of: repository) else {
            return try await GitProbe(parts: parts).lookUp(repository)
        }
        return try HuggingFaceLookup(parts: parts).read(try await parts.metadata.get(url), of: repository)
    }
}
