import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}[/revision/{revision}]`: the facts of one repository at one commit.
struct RepositoryInfoRoute: RouteFamily {
    /// Entries that an answer names. Clients read the tree's pages instead where there are more than 50 000 files.
    static let maximumSiblings = 60_000

    let access: RepositoryAccess
    /// What was found in files; nil where nobody looks.
    let scans: ScanStates?

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}"
        return [
            Route(.get, path, .repository(.metaRead), errors: access.errors) { try await answer($0, kind) },
            Route(.get, "\(path)/revision/{revision}/{path...}", .repository(.metaRead), errors: access.errors) {
                try await answer($0, kind)
            },
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let selection = PropertySelection.info(of: kind, query: request.query)
        let showsBlobs = try request.query.bool("blobs", default: false)
        let showsSecurity = try request.query.bool("securityStatus", default: false)
        let target = request.parameters["revision"] == nil ? nil : try RevisionPath(request)
        guard target?.path.isEmpty ?? true else {
            throw HubError(.notFound, "There is nothing at \(request.path).")
        }
        let repository = try await access.open(request, kind, .metaRead)
        let snapshot: Snapshot
        do {
            snapshot = try await access.snapshot(of: repository, at: target?.revision)
        } catch let error as HubError where error.code == .revisionNotFound && target == nil && !repository.isMirror {
            // A repository nobody has committed to exists all the same.
            return HubResponse.json { $0.repository(RepositoryFacts(empty: repository), showing: selection) }
        }
        return try await access.answer(request, from: snapshot, isKept: !showsSecurity) { snapshot in
            let (contents, isWhole) = try await access.repositories.overview(
                of: snapshot, limit: Self.maximumSiblings)
            var facts = RepositoryFacts(
                snapshot, try await access.repositories.commit(of: snapshot), contents,
                selection.needsConfiguration
                    ? await ModelConfiguration(of: snapshot, contents, by: access.repositories) : nil)
            facts.showsBlobs = showsBlobs
            facts.isWhole = isWhole
            facts.showsSecurity = showsSecurity
            if showsSecurity { facts.security = try await scans?.states(of: contents.files, in: snapshot) }
            var json = JSONWriter(capacity: 2_048 + 160 * contents.files.count)
            json.repository(facts, showing: selection)
            return HubResponse.json(json)
        }
    }
}
