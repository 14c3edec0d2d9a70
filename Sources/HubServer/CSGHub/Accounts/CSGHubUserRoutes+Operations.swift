import HubCore

extension CSGHubUserRoutes {
    static let operations = APIOperationGroup(
        csghub: "Users",
        [
            .get(
                "/user/{username}/\(CSGHubContext.kinds)", "listRepositoriesOfUser", "The repositories of a namespace.",
                query: CSGHubListRoute.query, returns: .accountList(of: .csghubRepository)),
            .get(
                "/user/{username}/likes/\(CSGHubContext.kinds)", "listLikes", "The repositories a user likes.",
                query: [.per, .page], returns: .accountList(of: .csghubRepository)),
            .put(
                "/user/{username}/likes/{repository}", "like", "Likes a repository.", captures: ["repository": .number],
                returns: .done, refusing: [.forbidden, .policyDenied]),
            .delete(
                "/user/{username}/likes/{repository}", "unlike", "Likes a repository no more.",
                captures: ["repository": .number], returns: .done, refusing: [.forbidden, .policyDenied]),
        ])
}
