extension CSGHubRelationsRoute {
    static let operations = APIOperationGroup(
        ofRepository: "Repositories",
        [
            .get(
                "/relations", "relations", "What its card names, and whose cards name it.", query: [.ref],
                returns: .enveloped(
                    .object([
                        "models": .array(of: .csghubRepository).optional,
                        "datasets": .array(of: .csghubRepository).optional,
                    ])))
        ])
}
