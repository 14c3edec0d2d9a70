import HubCore

extension CSGHubMirrorRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Mirrors",
        [
            .get(
                "/mirror", "csghubMirror", "Where a mirror comes from; no data for what is none.",
                returns: mirror(isOptional: true)),
            .post(
                "/mirror", "csghubCreateMirror",
                "Has a repository fetched from where the policy files say; other addresses are refused.",
                body: .json(source), returns: mirror(isOptional: false),
                refusing: [.badRequest, .conflict, .policyDenied]),
            .put(
                "/mirror", "csghubChangeMirror", "Takes the address that the policy files say, and no other.",
                body: .json(source), returns: mirror(isOptional: false),
                refusing: [.badRequest, .conflict, .policyDenied]),
            .delete(
                "/mirror", "csghubRemoveMirror",
                "Always refused: what is mirrored is said by the policy files.", returns: .done,
                refusing: [.conflict]),
            .post(
                "/mirror/sync", "csghubSyncMirror", "Has a mirror fetched now.",
                body: .json(.object(["urgent": .boolean.omittable]), isRequired: false), returns: .done,
                refusing: [.badRequest, .conflict, .policyDenied]),
            .post(
                "/mirror_from_saas", "csghubMirrorFromUpstream",
                "Has a repository fetched from its upstream.",
                query: [
                    APIParameter(
                        "version", .text("The version of CSGHub that is spoken; before 2.4 the answer is `200`."))
                ],
                returns: APIAnswer.json(
                    .object([
                        "msg": .constant("Accepted"),
                        "data": .object([
                            "repository_id": .integer, "mirror_id": .integer, "task_id": .integer, "status": status,
                        ]),
                    ]), status: 202, "It is queued, or fetched already."), .done,
                refusing: [.badRequest, .conflict, .policyDenied]),
            .get(
                "/mirror_from_saas/status", "csghubMirrorStatus",
                "How the mirroring stands; no data for what is no mirror.",
                query: [APIParameter("task_id", .integer(0...Int64.max, "The last one by default."))],
                returns: .json(
                    .object([
                        "msg": .constant("OK"),
                        "data": .object([
                            "repository_id": .integer, "mirror_id": .integer, "task_id": .count, "status": status,
                            "phase": .words(of: CSGHubTask.Phase.self), "repo_ready": .boolean, "terminal": .boolean,
                            "retrying": .boolean, "superseded": .boolean, "progress": progress,
                            "failure_reason": .text, "updated_at": .time,
                        ]).optional,
                    ])), refusing: [.notFound]),
        ])

    static let progress = JSONSchema.integer(0...100, "In percent.")
    static let status = JSONSchema.words(of: CSGHubTask.Status.self)

    private static let source = JSONSchema.object([
        "source_url": .text, "mirror_source_id": .integer.omittable, "username": .text("Refused.").omittable,
        "access_token": .text("Refused.").omittable, "password": .text("Refused.").omittable,
        "urgent": .boolean.omittable,
    ])

    private static func mirror(isOptional: Bool) -> APIAnswer {
        let data = JSONSchema.named("CSGHubMirror", .object(mirrorMembers))
        return .json(.object(["msg": .constant("OK"), "data": isOptional ? data.optional : data]))
    }

    private static let mirrorMembers: KeyValuePairs<String, JSONSchema> = [
        "id": .integer, "repository_id": .integer, "source_url": .text("For administrators."),
        "mirror_source": .object(["id": .integer, "source_name": .text]), "username": .text, "access_token": .text,
        "push_url": .text, "push_username": .text, "push_access_token": .text, "source_repo_path": .text,
        "local_repo_path": .text, "status": status, "progress": progress, "last_message": .text, "created_at": .time,
        "updated_at": .time, "last_updated_at": .time,
    ]
}
