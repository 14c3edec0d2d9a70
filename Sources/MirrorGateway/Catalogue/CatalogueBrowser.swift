package import HubCore
package import Policies

/// Answers questions about what upstreams have: from the catalogue, and from the upstreams themselves where that is not
/// enough.
package final class CatalogueBrowser: Sendable {
    private let policies: PolicyEngine
    private let catalogue: RemoteCatalogue
    private let isOffline: Bool
    /// Searches that were passed on.
    private let searched: ExpiringMemory<String, String?>
    private let searches = SingleFlight<String, String?>()
    private let lists: SingleFlight<String, RemoteListing>
    private let listed: ExpiringMemory<String, RemoteListing>

    package init(policies: PolicyEngine, catalogue: RemoteCatalogue, clock: WallClock, isOffline: Bool) {
        self.policies = policies
        self.catalogue = catalogue
        self.isOffline = isOffline
        searched = ExpiringMemory(clock: clock, limit: 10_000)
        lists = SingleFlight()
        listed = ExpiringMemory(clock: clock, limit: 64)
    }

    /// An upstream as the policy files have it.
    package struct Source: Sendable {
        package let mirror: ConnectedMirror
        package let upstream: any Upstream

        /// Whether what it has is looked through at all.
        package var isBrowsable: Bool { upstream is any BrowsableUpstream || upstream is any ChangeFeed }
    }

    /// The upstreams that are catalogued: of every mirror that may ask upstream.
    package var sources: [Source] {
        policies.current.mirrors.filter(\.asksUpstream).flatMap { mirror in
            mirror.upstreams.map { Source(mirror: mirror, upstream: $0) }
        }
    }

    /// The catalogued upstreams of a name: of an upstream, of a mirror, or of both as `mirror.upstream`.
    package func sources(named name: String) -> [Source] {
        sources.filter {
            $0.upstream.name == name || $0.mirror.name == name || "\($0.mirror.name).\($0.upstream.name)" == name
        }
    }

    // MARK: Decisions

    /// What policy says of a repository as a whole, from what the upstream told of it.
    /// - Parameter user: for whom, by name.
    /// - Returns: nil when the policy files no longer have its mirror.
    package func decision(on entry: RemoteEntry, user: String?) -> Decision? {
        let state = policies.current
        guard let mirror = state.mirrors.first(where: { $0.name == entry.mirror }) else { return nil }
        return state.decide(mirror, Facts(of: entry, user: user))
    }

    /// The same with more facts than the upstream told.
    func decision(on entry: RemoteEntry, _ facts: Facts) -> Decision? {
        let state = policies.current
        return state.mirrors.first { $0.name == entry.mirror }.map { state.decide($0, facts) }
    }

    /// The name a repository has here, or would have; nil where its mirror leaves its owner out.
    package func localName(of entry: RemoteEntry) -> RepositoryID? {
        if let local = entry.local { return local.repository }
        guard let mirror = policies.current.mirrors.first(where: { $0.name == entry.mirror }),
            let id = RepositoryID(kind: entry.kind, path: entry.path),
            let namespace = mirror.document.namespace.localNamespace(forOwner: id.namespace)
        else { return nil }
        return RepositoryID(kind: entry.kind, namespace: namespace, name: id.name)
    }

    // MARK: Files

    /// Every file of a revision as the upstream lists it now.
    /// - Throws: `.offline`, `.notSupported` for an upstream that cannot be looked through; else as
    ///   `BrowsableUpstream.files`.
    package func files(of repository: UpstreamPath, at revision: String, in source: Source) async throws
        -> RemoteListing
    {
        guard !isOffline else {
            throw HubError(
                .offline, "The files of \(repository) are listed by its upstream, and Weir is offline.",
                remedy: "Ask while the upstream can be reached.")
        }
        guard let browsable = source.upstream as? any BrowsableUpstream else {
            throw HubError(
                .notSupported, "Upstream \(source.upstream.name) is of a type that cannot be looked through.",
                remedy: "Open the repository here: it is fetched then.")
        }
        let key = "\(source.mirror.name) \(source.upstream.name) \(repository) \(revision)"
        if let known = listed[key] { return known }
        let lifetime = source.mirror.document.cache.listTTL
        return try await lists.run(key) { [listed] in
            let listing = try await browsable.files(of: repository, at: revision)
            // Lists of hundreds of thousands of files are not kept.
            if listing.files.count <= 10_000 { listed.remember(listing, for: key, lifetime: lifetime) }
            return listing
        }.value
    }

    // MARK: Searching above

    /// Passes a search on to those upstreams that have more than the catalogue, once in a while for the same words, and
    /// records what they find.
    /// - Returns: what kept an upstream from answering, for people.
    package func searchThrough(_ words: [String], kind: HubCore.RepositoryKind?, owner: String?, in sources: [Source])
        async
        -> [String]
    {
        let words = words.joined(separator: " ")
        guard !isOffline, !words.isEmpty || owner != nil, words.utf8.count <= 200 else { return [] }
        let questions = sources.flatMap { source -> [(Source, any SearchableUpstream, HubCore.RepositoryKind)] in
            guard CatalogueScope.isLarge(source.upstream.type), let above = source.upstream as? any SearchableUpstream
            else { return [] }
            let usual: [HubCore.RepositoryKind] = [.model, .dataset]
            return (kind.map { [$0] } ?? usual).filter(above.listedKinds.contains).map { (source, above, $0) }
        }
        return await withTaskGroup(of: String?.self) { group in
            for (source, upstream, kind) in questions.prefix(16) {
                group.addTask { [self] in
                    await search(words, owner, kind, source.mirror, upstream)
                }
            }
            var remarks: Set<String> = []
            for await remark in group { if let remark { remarks.insert(remark) } }
            return remarks.sorted()
        }
    }

    private func search(
        _ words: String, _ owner: String?, _ kind: HubCore.RepositoryKind, _ mirror: ConnectedMirror,
        _ upstream: any SearchableUpstream
    ) async -> String? {
        let key = "\(mirror.name) \(upstream.name) \(kind.rawValue) \(owner?.lowercased() ?? "") \(words.lowercased())"
        if let known = searched[key] { return known }
        let lifetime = mirror.document.cache.listTTL
        let flight = try? await searches.run(key) { [self] in
            var remark: String?
            do {
                let page = try await upstream.repositories(
                    kind, where: RemoteFilter(owner: owner, words: words), after: nil)
                try await catalogue.record(
                    page.repositories.map(RemoteObservation.described), mirror: mirror.name, upstream: upstream.name)
            } catch let error as HubError {
                remark = error.line
            }
            // A failure is remembered too, for less: who types on would ask a silent upstream at each letter.
            searched.remember(remark, for: key, lifetime: remark == nil ? lifetime : min(lifetime, .seconds(30)))
            return remark
        }
        return flight?.value
    }
}

extension Facts {
    /// What is known of a repository that may never have been fetched.
    package init(of entry: RemoteEntry, user: String?) {
        let description = entry.description
        self.init(kind: entry.kind.rawValue, repository: entry.path)
        self.user = user ?? ""
        guard entry.describedAt != nil else { return }
        licenses = description.licenses.isEmpty ? .unknown : .declared(description.licenses)
        totalSize = description.totalSize
        tags = description.tags
        task = description.task
        library = description.library
        languages = description.languages
        author = description.author
        downloads = description.downloads
        parameters = description.parameters
    }
}
