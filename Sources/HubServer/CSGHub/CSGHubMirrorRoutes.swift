import HubCore

/// `GET {R}/mirror` and `GET {R}/mirror_from_saas/status`: where a mirrored repository comes from and how its mirroring
/// stands (wire/csghub.md §4.4, §4.6); no data for what is no mirror. What is mirrored is said in the policy files.
struct CSGHubMirrorRoutes: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] {
        [
            context.repositoryRoute("/mirror", .metaRead, handler: mirror),
            context.repositoryRoute("/mirror_from_saas/status", .metaRead, handler: status),
        ]
    }

    private func mirror(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForFacts(request)
        guard case .mirror(let origin) = repository.origin else { return .csghubDone }
        let changed = JSONDate.text(milliseconds: repository.updatedAt)
        return .enveloped { json in
            json.object { json in
                json.member("id", repository.key)
                json.member("repository_id", repository.key)
                // The address of an upstream may be nobody's business; its name in the policy says which it is.
                json.member("source_url", "")
                json.object("mirror_source") { json in
                    json.member("id", 0)
                    json.member("source_name", origin.upstream)
                }
                json.member("source_repo_path", origin.path)
                json.member("local_repo_path", repository.id.path)
                json.member("status", "finished")
                json.member("progress", 100)
                json.member("last_message", "")
                json.member("created_at", JSONDate.text(milliseconds: repository.createdAt))
                json.member("updated_at", changed)
            }
        }
    }

    /// A mirror serves what it has not yet fetched as well, so nothing is left to wait for.
    private func status(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.openForFacts(request)
        guard repository.isMirror else { return .csghubDone }
        let task = try request.query.csghubInteger("task_id", in: 0...Int.max) ?? 0
        return .enveloped { json in
            json.object { json in
                json.member("repository_id", repository.key)
                json.member("mirror_id", repository.key)
                json.member("task_id", task)
                json.member("status", "finished")
                json.member("phase", "done")
                json.member("repo_ready", true)
                json.member("terminal", true)
                json.member("retrying", false)
                json.member("superseded", false)
                json.member("progress", 100)
                json.member("failure_reason", "")
                json.member("updated_at", JSONDate.text(milliseconds: repository.updatedAt))
            }
        }
    }
}
