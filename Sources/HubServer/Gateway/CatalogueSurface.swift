import HTTPTypes
import HubCore
package import MirrorGateway

/// What upstreams have, without fetching it: `/api/gateway/v1/catalog`.
///
/// Everybody who signed in may look: what is not here is told as the upstream tells it, with what policy says of it,
/// and what is here to those alone who may discover it here.
package struct CatalogueSurface: Sendable {
    private let gateway: Gateway
    private let errors = PlainErrorRendering()
    static let base = GatewaySurface.base

    package init(gateway: Gateway) { self.gateway = gateway }

    package var routes: [Route] {
        let one = "/catalog/{upstream}/{kind}/{namespace}/{name}"
        return [
            route("/catalog", list),
            route("/catalog/updates", updates),
            route("/catalog/{upstream}", list),
            route(one, show),
            route(one + "/files", files),
            route("/catalog:status", status),
            Route(.post, Self.base + "/catalog:refresh", .admin, errors: errors, handler: refresh),
        ]
    }

    private func route(_ path: String, _ handler: @escaping Route.Handler) -> Route {
        Route(.get, Self.base + path, .authenticated, errors: errors, handler: handler)
    }

    private var catalogue: RemoteCatalogue { gateway.hub.catalogue }

    private func account(_ request: HubRequest) async throws -> Principal {
        let principal = try await request.principal()
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in with a token to see this.")
        }
        return principal
    }

    // MARK: Lists

    private enum Origin: String, CaseIterable { case all, local, remote }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        var query = try CatalogueQuery(request.query)
        let upstream = request.parameters["upstream"] ?? request.query.first("upstream")
        let origin = try Self.origin(request.query.first("source"), isOfUpstream: upstream != nil)
        let sources = try sources(upstream, mirror: request.query.first("mirror"))
        query.sources = sources.map { ($0.mirror.name, $0.upstream.name) }
        var remarks: [String] = []
        let cursor = request.query.first("cursor").flatMap { $0.isEmpty ? nil : $0 }
        if origin != .local, cursor == nil, let browser = gateway.browser {
            remarks = await browser.searchThrough(query.search, kind: query.kind, owner: query.author, in: sources)
        }
        let counts =
            try await request.query.bool("facets", default: false)
            ? catalogue.counts(of: query, for: principal) : nil
        let user = principal.user?.name
        if origin == .remote {
            let page = try await catalogue.search(
                query, for: principal, after: try cursor.map(RepositoryCursor.init(parsing:)))
            let items = page.entries.map { CatalogueItem($0, browser: gateway.browser, user: user) }
            return answer(items, next: page.next?.text, counts: counts, remarks: remarks, request)
        }
        let (items, next) = try await merged(
            query, origin: origin, cursor: try CatalogueMerging.Cursor(parsing: cursor), for: principal)
        return answer(items, next: next?.text, counts: counts, remarks: remarks, request)
    }

    private static func origin(_ text: String?, isOfUpstream: Bool) throws -> Origin {
        guard let text, !text.isEmpty else { return isOfUpstream ? .remote : .all }
        guard let origin = Origin(rawValue: text) else {
            throw HubError(.badRequest, "'\(text)' is no source.", remedy: "Write all, local or remote.")
        }
        guard !isOfUpstream || origin == .remote else {
            throw HubError(
                .badRequest, "The list of an upstream has what is there only.", remedy: "Write source=remote.")
        }
        return origin
    }

    /// - Throws: `.notFound` for a name no policy file has.
    private func sources(_ upstream: String?, mirror: String?) throws -> [CatalogueBrowser.Source] {
        var sources = gateway.browser?.sources ?? []
        if let upstream {
            sources = gateway.browser?.sources(named: upstream) ?? []
            guard !sources.isEmpty else {
                throw HubError(
                    .notFound, "No mirror that asks upstream has an upstream called '\(upstream)'.",
                    remedy: "GET \(Self.base)/catalog:status names them.")
            }
        }
        if let mirror, !mirror.isEmpty { sources.removeAll { $0.mirror.name != mirror } }
        return sources
    }

    private func merged(
        _ query: CatalogueQuery, origin: Origin, cursor: CatalogueMerging.Cursor, for principal: Principal
    ) async throws -> (items: [CatalogueItem], next: CatalogueMerging.Cursor?) {
        var streams = try local(query, for: principal)
        if origin == .all, query.isHere != true {
            var remote = query
            // What is here is in the other lists.
            remote.isHere = false
            streams.append(self.remote(remote, for: principal))
        }
        return try await CatalogueMerging(streams: streams, isAscending: query.isAscending)
            .page(after: cursor, limit: query.limit)
    }

    private func remote(_ query: CatalogueQuery, for principal: Principal) -> CatalogueMerging.Stream {
        CatalogueMerging.Stream(name: "remote") { [catalogue, browser = gateway.browser] cursor, limit in
            var query = query
            query.limit = min(limit, 200)
            let page = try await catalogue.search(query, for: principal, after: cursor)
            return zip(page.entries, page.cursors).map { entry, cursor in
                CatalogueMerging.Element(
                    item: CatalogueItem(entry, browser: browser, user: principal.user?.name),
                    value: query.sortValue(of: entry.description), cursor: cursor)
            }
        }
    }

    /// What is here, a list for each kind.
    private func local(_ query: CatalogueQuery, for principal: Principal) throws -> [CatalogueMerging.Stream] {
        // What is gone above and what is behind are questions about upstreams.
        guard query.isHere != false, query.states.isEmpty || query.states.contains(.present), !query.isBehind else {
            return []
        }
        return try (query.kind.map { [$0] } ?? RepositoryKind.allCases).map { kind in
            let local = try RepositoryQuery(query, kind: kind)
            return CatalogueMerging.Stream(name: kind.rawValue) { [self] cursor, limit in
                var query = local
                query.limit = limit
                let (found, _) = try await gateway.hub.store.page(query, after: cursor, for: principal)
                var elements: [CatalogueMerging.Element] = []
                for (index, summary) in found.enumerated() {
                    elements.append(try await element(summary, index, cursor, query, for: principal))
                }
                return elements
            }
        }
    }

    private func element(
        _ summary: RepositorySummary, _ index: Int, _ cursor: RepositoryCursor?, _ query: RepositoryQuery,
        for principal: Principal
    ) async throws -> CatalogueMerging.Element {
        let repository = summary.repository
        var item = CatalogueItem(summary)
        if case .mirror(let origin) = repository.origin,
            let entry = try await catalogue.entry(
                mirror: origin.mirror, upstream: origin.upstream, kind: repository.id.kind, path: origin.path,
                for: principal)
        {
            item = CatalogueItem(entry, browser: gateway.browser, user: principal.user?.name)
        }
        guard let value = query.sortValue(of: repository) else {
            var before: Int64 = 0
            if case .position(let count)? = cursor { before = count }
            return CatalogueMerging.Element(item: item, value: nil, cursor: .position(before + Int64(index) + 1))
        }
        return CatalogueMerging.Element(item: item, value: value, cursor: .row(value: value, key: repository.key))
    }

    /// Mirrored repositories that are behind what their upstream has.
    private func updates(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        var query = try CatalogueQuery(request.query)
        query.sources = try sources(request.query.first("upstream"), mirror: request.query.first("mirror"))
            .map { ($0.mirror.name, $0.upstream.name) }
        query.isBehind = true
        query.states = []
        let page = try await catalogue.search(
            query, for: principal,
            after: try request.query.first("cursor").flatMap { $0.isEmpty ? nil : try RepositoryCursor(parsing: $0) })
        let items = page.entries.map { CatalogueItem($0, browser: gateway.browser, user: principal.user?.name) }
        return answer(items, next: page.next?.text, counts: nil, remarks: [], request)
    }

    private func answer(
        _ items: [CatalogueItem], next: String?, counts: CatalogueCounts?, remarks: [String], _ request: HubRequest
    ) -> HubResponse {
        var json = JSONWriter(capacity: 256 + 1_024 * items.count)
        json.object { json in
            json.array("entries") { json in for item in items { json.value(item) } }
            json.member("next", next)
            if let counts {
                json.key("facets")
                json.value(counts)
            }
            json.member("remarks", remarks)
        }
        let response = HubResponse.json(json)
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    // MARK: One repository

    private func found(_ request: HubRequest, for principal: Principal) async throws
        -> (entry: RemoteEntry?, path: UpstreamPath, sources: [CatalogueBrowser.Source])
    {
        let sources = try sources(try request.parameter("upstream"), mirror: nil)
        let (word, path) = (
            try request.parameter("kind"),
            try request.parameter("namespace") + "/" + (try request.parameter("name"))
        )
        guard let kind = RepositoryKind(word: word), let id = RepositoryID(kind: kind, path: path) else {
            throw HubError(.notFound, "'\(word)/\(path)' does not name a repository.")
        }
        for source in sources {
            let entry = try await catalogue.entry(
                mirror: source.mirror.name, upstream: source.upstream.name, kind: kind, path: path, for: principal)
            if let entry { return (entry, UpstreamPath(kind: kind, path: entry.path), [source]) }
        }
        return (nil, UpstreamPath(id), sources)
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        let (entry, path, _) = try await found(request, for: principal)
        guard let entry else {
            throw HubError(
                .repositoryNotFound, "No upstream of that name told of the \(path).",
                remedy: "Search for it, or ask for it by its name here: it is looked for then.")
        }
        return .json { $0.value(CatalogueItem(entry, browser: gateway.browser, user: principal.user?.name)) }
    }

    private func files(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        let (entry, path, sources) = try await found(request, for: principal)
        guard let source = sources.first, let browser = gateway.browser, let entry else {
            throw HubError(.repositoryNotFound, "No upstream of that name told of the \(path).")
        }
        let revision =
            request.query.first("rev").flatMap { $0.isEmpty ? nil : $0 }
            ?? entry.description.defaultBranch ?? "main"
        guard Revision(revision) != nil else { throw HubError(.badRequest, "'\(revision)' is not a revision.") }
        let listing = try await browser.files(of: path, at: revision, in: source)
        let limit = try request.query.integer("limit", in: 1...10_000) ?? 1_000
        let offset = try request.query.integer("cursor", in: 0...10_000_000) ?? 0
        let page = listing.files.dropFirst(offset).prefix(limit)
        let next = offset + page.count < listing.files.count ? String(offset + page.count) : nil
        let response = HubResponse.json { json in
            json.object { json in
                json.member("kind", path.kind.rawValue)
                json.member("path", path.path)
                json.member("revision", revision)
                json.member("commit", listing.commit?.hex)
                json.member("total", listing.files.count)
                json.member("totalSize", listing.totalSize)
                json.array("files") { json in
                    for file in page {
                        json.object { json in
                            json.member("path", file.path)
                            json.member("size", file.size)
                            json.member("sha256", file.digest?.hex)
                        }
                    }
                }
                json.member("next", next)
            }
        }
        return next.map { response.linkingNext(request, "cursor", $0) } ?? response
    }

    // MARK: How it is kept

    private func status(_ request: HubRequest) async throws -> HubResponse {
        _ = try await account(request)
        let known = try await catalogue.sources()
        let now = gateway.hub.clock.now()
        let configured = gateway.browser?.sources ?? []
        return .json { json in
            json.object { json in
                json.member("offline", gateway.isOffline)
                json.array("upstreams") { json in
                    for source in configured {
                        let type = source.upstream.type.rawValue
                        let found = known.first {
                            $0.mirror == source.mirror.name && $0.upstream == source.upstream.name
                        }
                        json.value(
                            found ?? CatalogueSource(untouched: source.mirror.name, source.upstream.name), type: type,
                            now: now)
                    }
                }
            }
        }
    }

    private func refresh(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await account(request)
        guard principal.isAdministrator else {
            throw HubError(.forbidden, "Only administrators may have upstreams looked through.")
        }
        guard !gateway.isOffline else {
            throw HubError(.offline, "Weir is offline: no upstream is looked through.")
        }
        let sources = try sources(request.query.first("upstream"), mirror: request.query.first("mirror"))
            .filter(\.isBrowsable)
        for source in sources {
            try await catalogue.askRefresh(mirror: source.mirror.name, upstream: source.upstream.name)
        }
        return .json(status: 202) { json in
            json.object { json in
                json.array("upstreams") { json in
                    for source in sources {
                        json.object { json in
                            json.member("mirror", source.mirror.name)
                            json.member("upstream", source.upstream.name)
                        }
                    }
                }
            }
        }
    }
}

extension RemoteListing {
    /// Bytes of all files together; the largest number when it is more than a number can be.
    package var totalSize: Int64 {
        files.reduce(0) { sum, file in
            let (next, overflow) = sum.addingReportingOverflow(max(0, file.size))
            return overflow ? .max : next
        }
    }
}

extension CatalogueQuery {
    /// What lists in this order are sorted by; nil where only the place counts.
    fileprivate func sortValue(of description: RemoteDescription) -> Int64? {
        switch order {
        case .relevance: search.isEmpty ? description.updatedAt ?? -1 : nil
        case .updated: description.updatedAt ?? -1
        case .created: description.createdAt ?? -1
        case .downloads: description.downloads ?? -1
        case .likes: description.likes ?? -1
        case .size: description.totalSize ?? -1
        case .parameters: description.parameters ?? -1
        case .name: nil
        }
    }
}

extension RepositoryQuery {
    /// The same question about what is here.
    /// - Throws: `.badRequest` for an order that only upstreams have.
    fileprivate init(_ query: CatalogueQuery, kind: RepositoryKind) throws {
        self.init(kind: kind)
        search = query.search
        author = query.author
        let isDataset = kind == .dataset
        tags = query.facets.map { facet, content in
            switch facet {
            case .task: isDataset ? "task_categories:\(content)" : content
            case .language: isDataset ? "language:\(content)" : content
            case .license: "license:\(content)"
            case .library, .tag: content
            }
        }
        guard query.licenses.count <= 1 else {
            throw HubError(
                .badRequest, "What is here is looked for by one licence at a time.", remedy: "Write source=remote.")
        }
        tags += query.licenses.map { "license:\($0)" }
        switch query.order {
        case .relevance: order = .relevance
        case .updated: order = .lastModified
        case .created: order = .createdAt
        case .downloads: order = .downloads
        case .likes: order = .likes
        case .size, .parameters, .name:
            throw HubError(
                .badRequest, "What is here is not sorted by \(query.order.rawValue).", remedy: "Write source=remote.")
        }
        isAscending = query.isAscending
    }

    fileprivate func sortValue(of repository: Repository) -> Int64? {
        switch order {
        case .lastModified: repository.updatedAt
        case .createdAt: repository.createdAt
        case .downloads: repository.downloads
        case .likes: repository.likes
        case .relevance: search.isEmpty ? repository.updatedAt : nil
        }
    }
}
