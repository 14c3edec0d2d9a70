extension CSGHubListRoute {
    static let operations = APIOperationGroup(
        csghub: "Repositories",
        [
            .get(
                "/\(CSGHubContext.kinds)", "listRepositories", "The repositories of a kind you may see.", query: query,
                returns: .list(of: .csghubRepository)),
            .get(
                "/models/v2", "listModels", "The same list of models.", query: query,
                returns: .list(of: .csghubRepository)),
        ])

    static let query: [APIParameter] = [
        APIParameter("search", .text("Words that names, cards or tags have.")),
        APIParameter("sort", .words(["trending", "recently_update", "most_download", "most_favorite", "most_star"])),
        APIParameter("source", .words(["opencsg", "huggingface", "local"])),
        APIParameter("tag_category", .text("The category of the `tag_name` at the same place.")),
        APIParameter("tag_name", .text("A tag they have; may come several times.")),
        APIParameter("model_tree", .text("`base_model:<namespace>/<name>`: those that were made from it.")), .per,
        .page,
    ]
}
