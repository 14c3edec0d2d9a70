import HubCore

extension CSGHubRawWriteRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Files",
        [
            .post(
                "/raw/{path...}", "createFile", "Commits a new file.", query: query, body: .json(body),
                returns: .committed, refusing: refusals),
            .put(
                "/raw/{path...}", "updateFile", "Commits a file's new content or place.", query: query,
                body: .json(body), returns: .committed, refusing: refusals),
            .delete(
                "/raw/{path...}", "deleteFile", "Commits the removal of a file.", query: query,
                body: .json(body, isRequired: false), returns: .committed, refusing: refusals),
        ])

    static let refusals: [HubError.Code] = [.conflict, .preconditionFailed, .storageFull]

    private static let query = [
        APIParameter("branch", .text("Where the body names none.")),
        APIParameter("message", .text("Where the body has none.")),
    ]

    private static let body = JSONSchema.named(
        "CSGHubFileChange",
        .object([
            "message": .text.omittable, "branch": .text("The default branch by default.").omittable,
            "content": .text("In base64.").omittable,
            "new_branch": .text("A branch to make for the commit.").omittable,
            "sha": .text("The blob that the author saw.").omittable,
            "origin_path": .text("Where the file was, when it moves.").omittable,
        ]))
}
