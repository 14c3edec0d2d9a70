extension CSGHubRelationWriteRoutes {
    static let operations = APIOperationGroup(
        ofRepository: "Repositories",
        [
            .put(
                "/relations", "setRelations", "Writes into its card what it was made with; what is absent stays.",
                body: .json(.object(["datasets": paths.omittable, "models": paths.omittable])), returns: .done,
                refusing: refusals),
            .post(
                "/relations/dataset", "addRelatedDataset", "Adds a dataset to those its card names.",
                body: .json(.object(["dataset": path])), returns: .done, refusing: refusals),
            .delete(
                "/relations/dataset", "removeRelatedDataset", "Removes a dataset from those its card names.",
                body: .json(.object(["dataset": path])), returns: .done, refusing: refusals),
            .post(
                "/relations/model", "addRelatedModel", "Adds a model to those its card names.",
                body: .json(.object(["model": path])), returns: .done, refusing: refusals),
            .delete(
                "/relations/model", "removeRelatedModel", "Removes a model from those its card names.",
                body: .json(.object(["model": path])), returns: .done, refusing: refusals),
        ])

    private static let path = JSONSchema.text("`namespace/name`.")
    private static let paths = JSONSchema.array(of: .text, "Each `namespace/name`; 100 at most.")
    private static let refusals = CSGHubRawWriteRoutes.refusals
}
