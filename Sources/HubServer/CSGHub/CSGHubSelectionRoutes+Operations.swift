import HubCore

extension CSGHubSelectionRoutes {
    static let operations = APIOperationGroup(
        csghub: "Repositories",
        [
            named("/list/models_by_path", "listModelsByPath", "Those of the named models that you may see."),
            named("/list/datasets_by_path", "listDatasetsByPath", "Those of the named datasets that you may see."),
            named("/list/spaces_by_path", "listSpacesByPath", "Those of the named spaces that you may see."),
            .post(
                "/recom/opweight", "weighRepository", "Says how much is added to a repository's scores.",
                body: .json(.object(["repo_id": .integer, "weight": .integer.meaning("0 by default.").omittable])),
                returns: .done, refusing: [.repositoryNotFound]),
        ])

    private static func named(_ path: String, _ id: String, _ summary: String) -> APIOperation {
        .post(
            path, id, summary,
            body: .json(.object(["paths": .array(of: .text, "Each `namespace/name`; 100 at most.")])),
            returns: .enveloped(.array(of: .csghubRepository)))
    }
}
