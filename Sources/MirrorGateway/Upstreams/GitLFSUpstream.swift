import HubCore

/// A git server with git-lfs and no API that is known: a repository is there when its refs can be asked for.
struct GitLFSUpstream: ComposedUpstream {
    let parts: UpstreamParts

    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup {
        try await GitProbe(parts: parts).lookUp(UpstreamPath(id))
    }
}

/// Finds out by git alone whether a repository is there, and whether strangers see it too.
struct GitProbe: Sendable {
    let parts: UpstreamParts

    func lookUp(_ repository: UpstreamPath) async throws -> UpstreamLookup {
        let open = try await probe(repository, via: parts.access.anonymous)
        if let advertisement = open.advertisement {
            return .found(described(repository, advertisement, isPrivate: false))
        }
        guard Self.isRefusal(open.answer.status) else { throw error(open.answer, repository) }
        guard parts.access.isSignedIn else { return .absent }
        let signedIn = try await probe(repository, via: parts.access.git)
        if let advertisement = signedIn.advertisement {
            return .found(described(repository, advertisement, isPrivate: true))
        }
        switch signedIn.answer.status {
        case 404, 410: return .absent
        case 401, 403: return .refused(error(signedIn.answer, repository))
        default: throw error(signedIn.answer, repository)
        }
    }

    private func probe(
        _ repository: UpstreamPath, via connection: UpstreamConnection
    ) async throws -> GitProtocolClient.Discovery {
        try await parts.git.discover(
            parts.addresses.git(repository), named: repository.description, via: connection)
    }

    /// How git servers hide what is not for strangers.
    private static func isRefusal(_ status: Int) -> Bool { [401, 403, 404, 410].contains(status) }

    private func error(_ answer: UpstreamAnswer, _ repository: UpstreamPath) -> HubError {
        parts.failures.error(answer, asking: "the refs of \(repository)")
    }

    private func described(
        _ repository: UpstreamPath, _ advertisement: GitAdvertisement, isPrivate: Bool
    ) -> UpstreamRepository {
        var found = UpstreamRepository(path: repository.path, isPrivate: isPrivate)
        if case .legacy(_, let refs) = advertisement, let head = refs.head {
            found.defaultBranch = head.shortName
            found.head = refs.refs.first { $0.name == head }?.target
        }
        return found
    }
}
