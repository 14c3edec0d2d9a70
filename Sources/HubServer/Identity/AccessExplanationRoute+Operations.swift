import HubCore

extension AccessExplanationRoute {
    static let operations = APIOperationGroup(
        "Access", at: "/api/authz",
        [
            .get(
                "/explain", "explainAccess", "What a caller may do with a repository, and what decides it.",
                query: [
                    .required("repo", .text("Such as `model:acme/demo`.")),
                    .required("verb", .words(of: Verb.self)),
                    APIParameter("path", .text("A path, for `content.read` and `content.write`.")),
                    APIParameter("ref", .text("A ref, or a branch by its short name, for `content.write`.")),
                    APIParameter("user", .text("Whom it is about; yourself by default, others for administrators.")),
                ],
                returns: .json(
                    .named(
                        "AccessExplanation",
                        .object([
                            "repo": .text, "verb": .words(of: Verb.self), "user": .text, "allowed": .boolean,
                            "outcome": .words(["allow", "forbidden", "unauthenticated", "gated", "hidden"]),
                            "rule": .text("A stable word."), "reason": .text,
                        ]))),
                refusing: [.forbidden, .repositoryNotFound])
        ])
}
