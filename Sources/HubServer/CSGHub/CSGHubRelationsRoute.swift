import HubCore

/// `GET …/relations`: the repositories of this hub that a card names, and those whose cards name a dataset or model.
struct CSGHubRelationsRoute: CSGHubRouteFamily {
    /// Repositories of each kind that are shown at most.
    private static let limit = 50

    let context: CSGHubContext

    var routes: [Route] { [context.repositoryRoute("/relations", .metaRead, handler: answer)] }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .metaRead) { snapshot in
            let repository = snapshot.repository
            let card = try await context.access.repositories.contents(of: snapshot).card
            let parents = ["base_model", "models"].flatMap { card.data?[$0]?.strings ?? [] }
            var models = try await named(parents, .model, by: repository.principal)
            models += try await naming(repository)
            let datasets = try await named(card.data?["datasets"]?.strings ?? [], .dataset, by: repository.principal)
            let shown = [
                ("models", try await context.shown(models)), ("datasets", try await context.shown(datasets)),
            ]
            return .enveloped { json in
                json.object { json in
                    for (name, repositories) in shown where !repositories.isEmpty {
                        json.array(name) { json in
                            for repository in repositories { json.csghubRepository(repository, for: request) }
                        }
                    }
                }
            }
        }
    }

    /// Those of these names that are here and may be seen; no upstream is asked about the others.
    private func named(_ paths: [String], _ kind: RepositoryKind, by principal: Principal) async throws
        -> [RepositorySummary]
    {
        let known = Authorizer(store: context.access.store, source: nil)
        var found: [RepositorySummary] = []
        for id in paths.prefix(Self.limit).compactMap({ RepositoryID(kind: kind, path: $0) }) {
            do {
                found.append(try await context.access.store.summary(of: try await known.open(principal, .discover, id)))
            } catch let error as HubError where error.code == .repositoryNotFound {
                continue
            }
        }
        return found
    }

    /// The models whose cards name this dataset or model.
    private func naming(_ repository: Repository) async throws -> [RepositorySummary] {
        var query = RepositoryQuery(kind: .model)
        query.limit = Self.limit
        switch repository.id.kind {
        case .dataset: query.tags = ["dataset:\(repository.id.path)"]
        case .model: query.tags = ["base_model:\(repository.id.path)"]
        case .space, .code, .prompt, .mcpserver, .skill: return []
        }
        return try await context.access.store.list(query, for: repository.principal).items
    }
}
