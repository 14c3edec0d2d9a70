import HubCore

extension CSGHubRepositoryWriteRoutes {
    static let operations = APIOperationGroup(
        csghub: "Repositories",
        [
            .post(
                "/\(CSGHubContext.kinds)", "createRepository", "Makes a repository.",
                body: .json(
                    .object([
                        "namespace": .text, "name": .text, "nickname": .text.omittable, "description": .text.omittable,
                        "license": .text.omittable, "private": .boolean.omittable, "default_branch": .text.omittable,
                        "secrets": .text("A JSON object of texts, for spaces.").omittable,
                        "variables": .text("A JSON object of texts, for spaces.").omittable,
                        "sdk": .text.omittable, "commit_files": .array(of: .csghubCommitFile).omittable,
                    ])),
                returns: .enveloped(.csghubRepository), refusing: [.forbidden, .conflict]),
            .put(
                repository, "changeRepository", "Changes its settings; what is absent stays.",
                body: .json(
                    .object([
                        "nickname": .text.omittable, "description": .text.omittable, "private": .boolean.omittable,
                        "default_branch": .text.omittable,
                    ])),
                returns: .enveloped(.csghubRepository), refusing: [.conflict]),
            .delete(repository, "deleteRepository", "Removes a repository.", returns: .done),
            .post(
                repository + "/transfer", "transferRepository", "Moves a repository to another namespace.",
                body: .json(.object(["new_namespace": .text])), returns: .done, refusing: [.conflict]),
        ])

    private static let repository = "/\(CSGHubContext.kinds)/{namespace}/{name}"
}
