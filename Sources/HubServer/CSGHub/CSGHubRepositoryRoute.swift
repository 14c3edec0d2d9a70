import HubCore

/// `GET /api/v1/{kind}/{namespace}/{name}`, its `tags` and the `size` of a branch.
struct CSGHubRepositoryRoute: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("", .metaRead, handler: show),
            // How a downstream gateway asks about prompts.
            context.route("/{kinds:prompts_info}/{namespace}/{name}", .repository(.metaRead), handler: show),
            context.repositoryRoute("/tags", .metaRead, handler: tags),
            context.repositoryRoute("/size/{ref}", .metaRead, handler: size),
        ]
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        let needsScores = try request.query.bool("need_multi_sync", default: false)
        let repository = try await context.open(request, .metaRead)
        let snapshot: Snapshot
        do {
            snapshot = try await context.access.snapshot(of: repository, at: nil)
        } catch let error as HubError where error.code == .revisionNotFound && !repository.isMirror {
            // A repository nobody has committed to exists all the same.
            return document(try await context.shown(repository), request, needsScores)
        }
        return try await context.access.answer(request, from: snapshot) { snapshot in
            let contents = try await context.access.repositories.contents(of: snapshot)
            // Looking at the snapshot may have taught the hub what the default branch is.
            let known = try await context.access.store.summary(of: repository).repository
            var shown = CSGHubRepository(
                known, card: contents.card,
                configuration: await ModelConfiguration(of: snapshot, contents, by: context.access.repositories),
                upstreams: context.upstreams)
            try await context.complete(&shown)
            return document(shown, request, needsScores)
        }
    }

    private func document(_ shown: CSGHubRepository, _ request: HubRequest, _ needsScores: Bool) -> HubResponse {
        let scores = needsScores ? shown.scores(now: context.access.clock.now()) : []
        return .enveloped { $0.csghubRepository(shown, for: request, scores: scores) }
    }

    private func tags(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .metaRead) { snapshot in
            let repository = snapshot.repository
            var loaded = CSGHubRepository(
                repository, card: try await context.access.repositories.contents(of: snapshot).card,
                upstreams: context.upstreams)
            try await context.complete(&loaded)
            let shown = loaded
            return .enveloped { json in
                json.array { json in
                    for tag in shown.tags {
                        json.csghubTag(tag, of: repository.id.kind, createdAt: repository.createdAt)
                    }
                }
            }
        }
    }

    private func size(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .metaRead) { snapshot in
            let bytes = try await context.access.repositories.contents(of: snapshot).totalSize
            return .enveloped { json in
                json.object { json in
                    json.member("total_size", bytes)
                    json.member("last_commit_size", bytes)
                }
            }
        }
    }
}
