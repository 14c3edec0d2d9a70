import HubCore

/// `GET …/last_commit`, `…/commits`, `…/commit/{id}` and `…/diff`.
struct CSGHubCommitRoutes: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("/last_commit", .metaRead, handler: lastCommit),
            context.repositoryRoute("/commits", .metaRead, handler: commits),
            context.repositoryRoute("/commit/{id}", .metaRead, handler: commit),
            context.repositoryRoute("/diff", .metaRead, handler: difference),
            // The real one asks its upstream; a mirror's default branch is as new here.
            context.repositoryRoute("/remote_diff", .metaRead, handler: difference),
            // A CSGHub that follows us asks so, and finds nothing where it takes us for its own kind.
            context.route(
                "/{kinds:mcpservers}/{namespace}/{name}/diff", .repository(.metaRead), handler: difference),
        ]
    }

    private var repositories: RepositoryService { context.access.repositories }

    private func lastCommit(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .metaRead) { snapshot in
            let commit = try await repositories.commit(of: snapshot)
            return .enveloped { json in json.object { $0.csghubMembers(of: commit) } }
        }
    }

    private func commits(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        return try await context.answer(request, .metaRead) { snapshot in
            let found = try await repositories.history(of: snapshot, path: nil, skip: page.offset, limit: page.per)
            let total = try await repositories.commitCount(of: snapshot)
            return .enveloped { json in
                json.object { json in
                    json.array("commits") { json in
                        for commit in found { json.object { $0.csghubMembers(of: commit) } }
                    }
                    json.member("total", total)
                    json.member("page_count", (total + page.per - 1) / page.per)
                }
            }
        }
    }

    /// Without the text of the difference: clients that show one have git.
    private func commit(_ request: HubRequest) async throws -> HubResponse {
        try await context.answer(request, .metaRead, at: try request.parameter("id")) { snapshot in
            let commit = try await repositories.commit(of: snapshot)
            let (files, lines) = try await repositories.changes(of: snapshot)
            return .enveloped { json in
                json.object { json in
                    json.csghubMembers(of: commit)
                    json.member("files", files.paths)
                    json.array("parents") { json in
                        for parent in commit.parents { json.object { $0.member("sha", parent.hex) } }
                    }
                    json.member("diff", "")
                    json.object("stats") { json in
                        json.member("total", lines.additions.addingSaturating(lines.deletions))
                        json.member("additions", lines.additions)
                        json.member("deletions", lines.deletions)
                    }
                }
            }
        }
    }

    /// What changed since a commit: how a downstream gateway learns what to fetch again.
    private func difference(_ request: HubRequest) async throws -> HubResponse {
        guard let left = request.query.first("left_commit_id"), !left.isEmpty else {
            throw CSGHubParameterProblem(parameter: "left_commit_id", provided: "", expected: "a commit")
        }
        let right = request.query.first("right_commit_id")
        return try await context.answer(request, .metaRead, at: right) { new in
            let old = try await context.access.snapshot(of: new.repository, at: left)
            let changes = try await repositories.changes(from: old, to: new)
            return .enveloped { json in
                json.array { json in
                    json.object { json in
                        json.member("added", changes.added)
                        json.member("removed", changes.removed)
                        json.member("modified", changes.modified)
                    }
                }
            }
        }
    }
}

extension Int {
    fileprivate func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension JSONWriter {
    /// The members of a `Commit` (wire/csghub.md §2.2); without a commit they are all there, and empty.
    mutating func csghubMembers(of commit: CommitInfo?) {
        let committed = commit.map { JSONDate.text($0.committer.date) } ?? ""
        member("id", commit?.id.hex ?? "")
        member("committer_name", commit?.committer.name ?? "")
        member("committer_email", commit?.committer.email ?? "")
        member("committer_date", committed)
        member("created_at", committed)
        member("message", commit?.message ?? "")
        member("author_name", commit?.author.name ?? "")
        member("author_email", commit?.author.email ?? "")
        member("authored_date", commit.map { JSONDate.text($0.author.date) } ?? "")
    }
}
