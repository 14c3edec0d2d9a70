import HubCore

/// What CSGHub's objects look like (wire/csghub.md §2.2, appendix A).
extension JSONSchema {
    static let csghubRepository = JSONSchema.named("CSGHubRepository", .object(csghubRepositoryMembers))

    private static let csghubRepositoryMembers: KeyValuePairs<String, JSONSchema> = [
        "id": .integer, "repository_id": .integer, "name": .text, "nickname": .text, "description": .text,
        "path": .text("`namespace/name`."), "private": .boolean, "likes": .count, "like_count": .count.optional,
        "downloads": .count, "default_branch": .text, "readme": .text, "license": .text, "user": csghubOwner,
        "status": .text, "sensitive_check_status": .text, "url": .text,
        "namespace": .named(
            "CSGHubNamespace",
            .object([
                "Path": .text, "Type": .text, "Avatar": .text, "UUID": .text, "NSType": .text, "User": csghubOwner,
            ])),
        "tags": .array(of: csghubRepositoryTag),
        "repository": .object(["http_clone_url": .text, "ssh_clone_url": .text]),
        "created_at": .time, "updated_at": .time, "source": .words(["local", "opencsg", "huggingface"]),
        "sync_status": .text, "mirror_task_status": .text, "mirror_last_updated_at": .time,
        "hf_path": .text, "ms_path": .text, "csg_path": .text, "user_likes": .boolean, "can_write": .boolean,
        "can_manage": .boolean, "xnet_enabled": .boolean,
        "recom_op_weight": .integer.meaning("What an administrator adds to its scores.").optional,
        "scores": .array(
            of: .object(["weight_name": .text, "score": .number]), "Where `need_multi_sync` asks for them."
        ).optional,
        "base_model": .text.optional, "widget_type": .text.optional, "enable_inference": .boolean.optional,
        "enable_finetune": .boolean.optional, "enable_evaluation": .boolean.optional,
        "metadata": .object(
            [
                "model_params": .number, "tensor_type": .text, "architecture": .text, "mini_gpu_memory_gb": .number,
                "mini_gpu_finetune_gb": .number, "model_type": .text, "class_name": .text,
                "quantizations": .array(of: .anything),
            ], "Of models."
        ).optional,
        "report_url": .text.optional, "medium_risk_count": .count.optional, "high_risk_count": .count.optional,
        "arch_allowed": .boolean.optional,
        "dataset_type": .text.optional, "related_dataset_id": .integer.optional, "price": .number.optional,
        "forked": .boolean.optional, "is_for_sale": .boolean.optional, "user_purchased": .boolean.optional,
        "sdk": .text.optional, "sdk_version": .text.optional,
    ]

    static let csghubOwner = JSONSchema.named(
        "CSGHubOwner",
        .object([
            "username": .text, "nickname": .text, "avatar": .text, "uuid": .text, "email": .text("Always empty."),
            "created_at": .time,
        ]))

    /// A tag as a repository has it.
    static let csghubRepositoryTag = JSONSchema.named(
        "CSGHubRepositoryTag",
        .object([
            "id": .integer.meaning("Of tags that CSGHub has by itself.").optional, "name": .text, "category": .text,
            "group": .text, "built_in": .boolean, "scope": csghubScope, "show_name": .text, "i18n_key": .text,
            "created_at": .time, "updated_at": .time,
        ]))

    /// The kind of repository that a tag is for, in CSGHub's words.
    static let csghubScope = JSONSchema.words(RepositoryKind.allCases.map(\.csghubScope))

    /// A commit; where none is known all members are there, and empty.
    static let csghubCommit = JSONSchema.named("CSGHubCommit", csghubCommitMembers)

    static let csghubCommitMembers = JSONSchema.object([
        "id": .text, "committer_name": .text, "committer_email": .text, "committer_date": .text, "created_at": .text,
        "message": .text, "author_name": .text, "author_email": .text, "authored_date": .text,
    ])

    static let csghubFile = JSONSchema.named(
        "CSGHubFile",
        .object([
            "name": .text, "type": .words(["file", "dir"]), "size": .count, "commit": csghubCommit, "path": .text,
            "mode": .text("git's own, in octal."), "sha": .text("The id of the git object."), "url": .text,
            "content": .text("In base64, where it was asked for."), "lfs": .boolean, "lfs_sha256": .text,
            "lfs_pointer_size": .count, "lfs_relative_path": .text, "last_commit_sha": .text,
            "preview_code": .integer(0...2, "0 can be shown, 1 is too large, 2 is no text."), "xnet_enabled": .boolean,
        ]))

    static let csghubTag = JSONSchema.named(
        "CSGHubTag",
        .object([
            "id": .integer, "name": .text, "category": .text, "group": .text, "built_in": .boolean,
            "scope": csghubScope, "show_name": .text, "i18n_key": .text, "created_at": .time, "updated_at": .time,
        ]))

    static let csghubTagCategory = JSONSchema.named(
        "CSGHubTagCategory",
        .object([
            "id": .integer, "name": .text, "scope": csghubScope, "show_name": .text, "enabled": .boolean,
        ]))

    static let csghubDiscussionMembers = JSONSchema.object([
        "id": .integer, "title": .text, "user": csghubAuthor, "comment_count": .count, "created_at": .time,
    ])

    static let csghubComment = JSONSchema.named(
        "CSGHubComment",
        .object([
            "id": .integer, "content": .text, "user": csghubAuthor, "created_at": .time, "updated_at": .time,
        ]))

    private static let csghubAuthor = JSONSchema.named(
        "CSGHubAuthor", .object(["username": .text, "nickname": .text, "avatar": .text]))

    /// One file of a commit, in a request.
    static let csghubCommitFile = JSONSchema.named(
        "CSGHubCommitFile",
        .object([
            "path": .text, "action": .words(["create", "update", "delete"]).omittable,
            "content": .text("In base64; of a large file, the pointer.").omittable,
        ]))
}
