extension CSGHubCommitRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Commits",
        [
            .get("/last_commit", "lastCommit", "Its last commit.", query: [.ref], returns: .enveloped(.csghubCommit)),
            .get(
                "/commits", "listCommits", "Its commits, the last first.", query: [.ref, .per, .page],
                returns: .enveloped(
                    .object(["commits": .array(of: .csghubCommit), "total": .count, "page_count": .count]))),
            .get(
                "/commit/{id}", "commit", "One commit, and what it changed.",
                captures: ["id": APICapture(.text("A branch, a tag or a commit."))],
                returns: .enveloped(
                    .csghubCommitMembers.adding([
                        "files": .array(of: .text), "parents": .array(of: .object(["sha": .commitID])), "diff": .text,
                        "stats": .object(["total": .count, "additions": .count, "deletions": .count]),
                    ]))),
            .get(
                "/diff", "difference", "Which files differ between two commits.", query: differenceQuery,
                returns: .enveloped(differences)),
            .get(
                "/remote_diff", "remoteDifference", "The same, up to what the upstream has.",
                query: [.required("left_commit_id", .text("What is known."))], returns: .enveloped(differences)),
        ])

    static let serverOperations = APIOperationGroup(
        csghub: "Commits",
        [
            .get(
                "/{kinds:mcpservers}/{namespace}/{name}/diff", "serverDifference",
                "The same, as another CSGHub asks about servers.", query: differenceQuery,
                returns: .enveloped(differences))
        ])

    private static let differenceQuery: [APIParameter] = [
        .required("left_commit_id", .text("The older one.")),
        APIParameter("right_commit_id", .text("The newer one; the default branch by default.")),
    ]
    private static let differences = JSONSchema.array(
        of: .object([
            "added": .array(of: .text), "removed": .array(of: .text), "modified": .array(of: .text),
        ]))
}
