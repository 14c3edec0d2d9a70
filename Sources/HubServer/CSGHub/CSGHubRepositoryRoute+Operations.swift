extension CSGHubRepositoryRoute {
    static let operations = APIOperationGroup(
        ofRepository: "Repositories",
        [
            .get(
                "", "repository", "One repository.",
                query: [APIParameter("need_multi_sync", .boolean("Whether `scores` are wanted."))],
                returns: .enveloped(.csghubRepository)),
            .get(
                "/tags", "repositoryTags", "Its tags, of its card and given to it.", query: [.ref],
                returns: .enveloped(.array(of: .csghubRepositoryTag))),
            .get(
                "/size/{ref}", "repositorySize", "Bytes of its files.",
                returns: .enveloped(.object(["total_size": .count, "last_commit_size": .count]))),
        ])

    static let promptOperations = APIOperationGroup(
        csghub: "Repositories",
        [
            .get(
                "/{kinds:prompts_info}/{namespace}/{name}", "promptInfo", "One repository of prompts.",
                query: [APIParameter("need_multi_sync", .boolean("Whether `scores` are wanted."))],
                returns: .enveloped(.csghubRepository))
        ])
}
