import HubCore

extension CSGHubTagRoutes {
    static let repositoryOperations = APIOperationGroup(
        ofRepository: "Tags",
        [
            .post(
                "/tags/{category}", "assignTags",
                "Gives a repository the tags of a category, in place of those it had.",
                captures: ["category": APICapture(.text("A category of tags."))],
                body: .json(.array(of: .text)), returns: .done)
        ])

    static let operations = APIOperationGroup(
        csghub: "Tags",
        [
            .get(
                "/tags", "listTags", "The tags there are.",
                query: [
                    APIParameter("category", .text), APIParameter("scope", .csghubScope),
                    APIParameter("search", .text("What names contain.")),
                    APIParameter("built_in", .boolean("Whether CSGHub has it by itself.")), .per, .page,
                ],
                returns: .list(of: .csghubTag)),
            .post(
                "/tags", "createTag", "Makes a tag.",
                body: .json(
                    .object([
                        "name": .text, "category": .text, "scope": .csghubScope,
                        "group": .text.omittable, "show_name": .text.omittable, "i18n_key": .text.omittable,
                    ])),
                returns: .enveloped(.csghubTag), refusing: [.conflict, .notFound]),
            .get("/tags/{id}", "tag", "One tag.", captures: ["id": .number], returns: .enveloped(.csghubTag)),
            .put(
                "/tags/{id}", "changeTag", "Changes a tag; what is absent stays.", captures: ["id": .number],
                body: .json(
                    .object([
                        "name": .text.omittable, "category": .text.omittable,
                        "scope": .csghubScope.omittable, "group": .text.omittable,
                        "show_name": .text.omittable, "i18n_key": .text.omittable,
                    ])),
                returns: .enveloped(.csghubTag), refusing: [.conflict]),
            .delete(
                "/tags/{id}", "deleteTag", "Removes a tag.", captures: ["id": .number], returns: .done,
                refusing: [.conflict]),
            .get(
                "/tags/categories", "listTagCategories", "The categories of tags.",
                returns: .enveloped(.array(of: .csghubTagCategory))),
            .post(
                "/tags/categories", "createTagCategory", "Makes a category of tags.",
                body: .json(
                    .object([
                        "name": .text, "scope": .csghubScope, "show_name": .text.omittable,
                        "enabled": .boolean.omittable,
                    ])),
                returns: .enveloped(.csghubTagCategory), refusing: [.conflict]),
            .put(
                "/tags/categories/{id}", "changeTagCategory", "Changes a category; what is absent stays.",
                captures: ["id": .number],
                body: .json(.object(["show_name": .text.omittable, "enabled": .boolean.omittable])),
                returns: .enveloped(.csghubTagCategory), refusing: [.conflict]),
            .delete(
                "/tags/categories/{id}", "deleteTagCategory", "Removes a category and its tags.",
                captures: ["id": .number], returns: .done, refusing: [.conflict]),
        ])
}
