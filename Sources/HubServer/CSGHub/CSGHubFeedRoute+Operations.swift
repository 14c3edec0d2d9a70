import HubCore

extension CSGHubFeedRoute {
    static let operations = APIOperationGroup(
        csghub: "Service",
        [
            .get(
                "/sync/version/latest", "feed", "What changed here since a hub that follows last asked.",
                query: [.required("cur", .integer(Int64.min...Int64.max, "The last version it has; 0 at first."))],
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
                        "has_more": .boolean,
                    ])))
        ])
}
