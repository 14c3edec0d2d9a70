import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/tree/{revision}[/{path}]`: the entries of a folder, or of all below it.
struct TreeRoute: RouteFamily {
    /// Entries of a page; fewer when each one's last commit is asked for.
    private static let pageSize = 1_000
    private static let expandedPageSize = 100

    let access: RepositoryAccess
    /// Offers the largest files by Xet; nil where there is none.
    let xet: XetAdvertisement?
    /// What was found in files; nil where nobody looks.
    let scans: ScanStates?

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .get, "/api/\(kind.plural)/{namespace}/{name}/tree/{revision}/{path...}", .repository(.metaRead),
                errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let isRecursive = try request.query.bool("recursive", default: false)
        let isExpanded = try request.query.bool("expand", default: false)
        let maximum = isExpanded ? Self.expandedPageSize : Self.pageSize
        let limit = min(try request.query.integer("limit", in: 1...Int.max) ?? maximum, maximum)
        let cursor = try request.query.first("cursor").map(TreeCursor.init(parsing:))
        let target = try RevisionPath(request)
        return try await access.answer(
            request, kind, .metaRead, at: cursor?.commit.hex ?? target.revision, isKept: !isExpanded
        ) { snapshot in
            let page = try await access.repositories.page(
                target.path, in: snapshot, recursive: isRecursive, offset: cursor?.offset ?? 0, limit: limit)
            let commits =
                isExpanded
                ? try await LastCommits(of: page.entries[...], in: snapshot, by: access.repositories) : .unasked
            let states = isExpanded ? try await scans?.states(of: page.entries, in: snapshot) ?? [:] : [:]
            let names = try await xet?.names(of: page.entries, in: snapshot.repository) ?? .unasked
            var json = JSONWriter(capacity: 256 * page.entries.count + 64)
            json.array { json in
                for entry in page.entries {
                    json.treeEntry(
                        entry, lastCommit: commits[entry], xetHash: names[entry], security: states[entry.path])
                }
            }
            let response = HubResponse.json(json)
            guard let offset = page.next else { return response }
            let next = TreeCursor(commit: snapshot.commit, offset: offset)
            return response.linkingNext(request, "cursor", next.text)
        }
    }
}
