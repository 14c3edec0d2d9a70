extension CSGHubMirrorRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Mirrors",
        [
            .get(
                "/mirror", "csghubMirror", "Where a mirror comes from; no data for what is none.",
                returns: .json(
                    .object([
                        "msg": .constant("OK"),
                        "data": .object([
                            "id": .integer, "repository_id": .integer, "source_url": .text,
                            "mirror_source": .object(["id": .integer, "source_name": .text]),
                            "source_repo_path": .text, "local_repo_path": .text, "status": .text,
                            "progress": progress, "last_message": .text, "created_at": .time, "updated_at": .time,
                        ]).optional,
                    ]))),
            .get(
                "/mirror_from_saas/status", "csghubMirrorStatus",
                "How the mirroring stands; no data for what is no mirror.",
                query: [APIParameter("task_id", .integer(0...Int64.max, "Comes back."))],
                returns: .json(
                    .object([
                        "msg": .constant("OK"),
                        "data": .object([
                            "repository_id": .integer, "mirror_id": .integer, "task_id": .count, "status": .text,
                            "phase": .text, "repo_ready": .boolean, "terminal": .boolean, "retrying": .boolean,
                            "superseded": .boolean, "progress": progress, "failure_reason": .text,
                            "updated_at": .time,
                        ]).optional,
                    ]))),
        ])

    private static let progress = JSONSchema.integer(0...100, "In percent.")
}
