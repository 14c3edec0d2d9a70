import HubCore

extension CSGHubDiscussionRoutes {
    static let repositoryOperations = APIOperationGroup(
        ofRepository: "Discussions",
        [
            .get(
                "/discussions", "listDiscussions", "Its discussions.", query: [.per, .page],
                returns: .json(
                    .object([
                        "msg": .constant("OK"), "data": .object(["discussions": .array(of: discussion)]),
                        "total": .integer(1...Int64.max, "How many there are on all pages.").optional,
                    ]))),
            .post(
                "/discussions", "openDiscussion", "Opens a discussion.", body: .json(title),
                returns: .enveloped(discussion)),
        ])

    static let operations = APIOperationGroup(
        csghub: "Discussions",
        [
            .get(
                one, "discussion", "One discussion with its comments.", captures: ["id": .number],
                returns: .enveloped(
                    .csghubDiscussionMembers.adding(["comments": .array(of: .csghubComment)]))),
            .put(
                one, "renameDiscussion", "Gives a discussion another title.", captures: ["id": .number],
                body: .json(title), returns: .done, refusing: refusals),
            .delete(
                one, "deleteDiscussion", "Removes a discussion.", captures: ["id": .number], returns: .done,
                refusing: refusals),
            .get(
                one + "/comments", "listComments", "The comments of a discussion.", captures: ["id": .number],
                returns: .enveloped(.array(of: .csghubComment))),
            .post(
                one + "/comments", "addComment", "Adds a comment.", captures: ["id": .number], body: .json(comment),
                returns: .enveloped(.csghubComment), refusing: refusals),
            .put(
                one + "/comments/{comment}", "editComment", "Changes a comment.",
                captures: ["id": .number, "comment": .number], body: .json(comment), returns: .done, refusing: refusals),
            .delete(
                one + "/comments/{comment}", "hideComment", "Hides a comment.",
                captures: ["id": .number, "comment": .number], returns: .done, refusing: refusals),
        ])

    private static let one = "/discussions/{id}"
    private static let discussion = JSONSchema.named("CSGHubDiscussion", .csghubDiscussionMembers)
    private static let title = JSONSchema.object(["title": .text])
    private static let comment = JSONSchema.object(["content": .text])
    private static let refusals: [HubError.Code] = [.forbidden, .policyDenied, .conflict]
}
