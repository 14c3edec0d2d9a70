import HubCore

extension CSGHubMirrorAdministrationRoutes {
    static let operations = APIOperationGroup(
        csghub: "Mirrors",
        [
            .post(
                "/mirror/repo", "csghubMirrorRepository",
                "Has a repository of a configured upstream fetched; its address decides what it is called here.",
                body: .json(
                    .object([
                        "source_namespace": .text, "source_name": .text, "source_url": .text, "repo_type": .text,
                        "mirror_source_id": .integer.omittable, "branch": .text.omittable,
                        "username": .text("Refused.").omittable, "access_token": .text("Refused.").omittable,
                        "priority": priority.omittable, "urgent": .boolean.omittable,
                    ])), returns: .done, refusing: [.badRequest, .policyDenied]),
            .post(
                "/mirror/batch", "csghubMirrorBatch", "The same for many: all of them or none.",
                body: .json(
                    .object([
                        "mirrors": .array(
                            of: .object([
                                "source_url": .text, "repo_type": .text, "mirror_source_id": .integer.omittable,
                                "branch": .text.omittable, "priority": priority.omittable,
                            ]), "1000 at most.")
                    ])), returns: .done, refusing: [.badRequest, .policyDenied]),
            .get(
                "/mirror/repos", "listMirrors", "What is mirrored, the last changed first.", query: [.per, .page],
                returns: .nestedList(
                    of: .object([
                        "id": .integer, "task_id": .integer, "path": .text, "sync_status": .text,
                        "progress": CSGHubMirrorRoutes.progress, "repo_type": .words(of: RepositoryKind.self),
                    ]))),
            .get(
                "/mirrors", "csghubMirrors", "The same, with where it comes from.", query: [.per, .page],
                returns: .nestedList(
                    of: .object([
                        "id": .integer, "source_url": .text,
                        "mirror_source": .object(["id": .integer, "source_name": .text]), "source_repo_path": .text,
                        "local_repo_path": .text, "repo_type": .words(of: RepositoryKind.self),
                        "status": CSGHubMirrorRoutes.status, "progress": CSGHubMirrorRoutes.progress,
                        "last_message": .text, "last_updated_at": .time,
                    ]))),
            .get(
                "/mirror/tasks", "csghubMirrorTasks", "The queue, and what ended lately; newest first.",
                query: [.per, .page],
                returns: .list(
                    of: .object([
                        "id": .integer, "task_id": .integer, "mirror_id": .integer, "repo_path": .text,
                        "repo_type": .text, "source_url": .text, "status": CSGHubMirrorRoutes.status,
                        "progress": CSGHubMirrorRoutes.progress, "priority": priority, "is_urgent": .boolean,
                        "retry_count": .count, "error_message": .text, "repo_stage": stage, "lfs_stage": stage,
                        "created_at": .time, "updated_at": .time,
                    ]))),
            .get(
                "/mirror/statistics", "csghubMirrorStatistics", "How many tasks stand how.",
                returns: .enveloped(.array(of: .object(["Status": .text, "Count": .count])))),
            .delete(
                "/mirror/{id}", "csghubCancelMirror", "Cancels what is under way for a mirror, which stays.",
                captures: ["id": .number], returns: .done, refusing: [.badRequest, .notFound, .conflict]),
            .post(
                "/lfs_sync/sync_now", "csghubSyncNow", "Retries a task, or has it go before all others.",
                body: .json(.object(["task_id": .integer, "worker_id": .integer.omittable])), returns: .done,
                refusing: [.badRequest, .notFound, .conflict]),
            .post(
                "/lfs_sync/cancel", "csghubCancelTask", "Cancels a task. What was fetched stays.",
                body: .json(.object(["task_id": .integer])), returns: .done,
                refusing: [.badRequest, .notFound, .conflict]),
        ])

    private static let priority = JSONSchema.integer(1...4, "1 as soon as possible, 4 low.")
    private static let stage = JSONSchema.object(["state": .text, "result": .text])
}

extension CSGHubMirrorSourceRoutes {
    static let operations = APIOperationGroup(
        csghub: "Mirrors",
        [
            .get(
                "/mirror/sources", "csghubMirrorSources", "The upstreams that the policy files name.",
                returns: .enveloped(.array(of: source))),
            .get(
                "/mirror/sources/{id}", "csghubMirrorSource", "One of them.", captures: ["id": .number],
                returns: .enveloped(source), refusing: [.notFound]),
            .post(
                "/mirror/sources", "csghubCreateMirrorSource", "Always refused: the policy files name upstreams.",
                body: .json(body), returns: .done, refusing: [.badRequest, .conflict]),
            .put(
                "/mirror/sources/{id}", "csghubChangeMirrorSource", "Always refused, likewise.",
                captures: ["id": .number], body: .json(body), returns: .done, refusing: [.badRequest, .conflict]),
            .delete(
                "/mirror/sources/{id}", "csghubRemoveMirrorSource", "Always refused, likewise.",
                captures: ["id": .number], returns: .done, refusing: [.notFound, .conflict]),
        ])

    private static let source = JSONSchema.named(
        "CSGHubMirrorSource",
        .object([
            "id": .integer, "source_name": .text, "info_api_url": .text, "mirror": .text("Of the mirror file."),
        ]))
    private static let body = JSONSchema.object(["source_name": .text, "info_api_url": .text.omittable])
}

extension CSGHubSyncSettingRoutes {
    static let operations = APIOperationGroup(
        csghub: "Mirrors",
        [
            .get(
                "/sync/client_setting", "csghubSyncSetting",
                "What was said on CSGHub's page about following an upstream, with the token in clear.",
                returns: .enveloped(setting), refusing: [.notFound]),
            .post(
                "/sync/client_setting", "csghubSetSyncSetting",
                "Keeps it. What counts here is said by the policy files.",
                body: .json(
                    .object([
                        "token": .text, "concurrent_count": .integer.omittable, "max_bandwidth": .integer.omittable,
                    ])), returns: .enveloped(setting), refusing: [.badRequest]),
            .get(
                "/accounting/multisync/quota", "csghubSyncQuota", "What a hub that follows us may fetch: anything.",
                returns: .enveloped(quota)),
            .get(
                "/accounting/multisync/quotas", "csghubSyncQuotas", "The same.", returns: .enveloped(quota)),
        ])

    private static let setting = JSONSchema.named(
        "CSGHubSyncSetting",
        .object([
            "id": .integer, "token": .text, "concurrent_count": .count, "max_bandwidth": .count,
            "default": .constant(false), "created_at": .time, "updated_at": .time,
        ]))
    private static let quota = JSONSchema.named(
        "CSGHubSyncQuota",
        .object([
            "repo_count_limit": .count, "repo_count_used": .count, "speed_limit": .count, "traffic_limit": .count,
            "traffic_used": .count,
        ]))
}
