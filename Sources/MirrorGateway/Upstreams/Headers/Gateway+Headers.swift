package import HubCore

extension Gateway {
    /// Looks at the headers of a repository's model files at an upstream, without fetching any.
    ///
    /// - Parameters:
    ///   - listing: its files, as `CatalogueBrowser.files` gives them; with the commit they are of.
    /// - Throws: `.notSupported` where the upstream names no commit or gives no parts of files; `.offline`.
    package func headers(of repository: UpstreamPath, in listing: RemoteListing, at upstream: any Upstream) async throws
        -> ProbedHeaders
    {
        guard !isOffline else {
            throw HubError(.offline, "Headers are read from the upstream, and Weir is offline.")
        }
        guard let commit = listing.commit else {
            throw HubError(
                .notSupported, "Upstream \(upstream.name) does not say which commit the files of \(repository) are of.")
        }
        // People wait for it, but nobody's download has to.
        return try await EgressUrgency.$current.withValue(.browsing) {
            try await HeaderProbe(transport: egress).read(
                upstream, repository: repository, commit: commit, files: listing.files)
        }
    }
}
