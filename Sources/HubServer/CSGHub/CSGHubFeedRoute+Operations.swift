import HubCore

extension CSGHubFeedRoute {
    static let operations = APIOperationGroup(
        csghub: "Service",
        [
            .get(
                "/sync/version/latest", "feed", "What changed here since a hub that follows last asked.",
                query: [
                    .required("cur", .integer(Int64.min...Int64.max, "The last version it has; 0 at first.")),
                    APIParameter(
                        "removals", .boolean("Whether to tell too of what was removed or became private: a Weir asks.")),
                ],
                returns: .enveloped(
                    .object([
                        "versions": .array(
                            of: .named(
                                "CSGHubVersion",
                                .object([
                                    "version": .integer, "source_id": .integer, "repo_path": .text,
                                    "repo_type": .words(of: RepositoryKind.self), "last_modify_time": .time,
                                    "change_log": .text,
                                ]))
                        ).orNull,
                        "removed": .array(
                            of: .named(
                                "CSGHubRemoval",
                                .object([
                                    "version": .integer, "repo_path": .text,
                                    "repo_type": .words(of: RepositoryKind.self),
                                    "last_modify_time": .time,
                                ]))
                        ).optional,
                        "has_more": .boolean,
                    ])))
        ])
}
