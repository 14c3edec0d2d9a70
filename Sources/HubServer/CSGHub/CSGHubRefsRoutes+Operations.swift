extension CSGHubRefsRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Commits",
        [
            .get(
                "/branches", "listBranches", "Its branches, all of them unless `per` asks for a page.",
                query: [.per, .page],
                returns: .list(
                    of: .named(
                        "CSGHubBranch",
                        .object(["name": .text, "message": .text, "commit": .object(["id": .commitID])]))))
        ])
}
