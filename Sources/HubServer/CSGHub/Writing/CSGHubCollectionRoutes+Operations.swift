import HubCore

extension CSGHubCollectionRoutes {
    static let operations = APIOperationGroup(
        csghub: "Collections",
        [
            .get(
                "/collections", "csghubCollections", "The collections you may see, the last changed first.",
                query: [APIParameter("sort", .words(["trending", "recently_update", "most_favorite"]))] + query,
                returns: .accountList(of: collection)),
            .post(
                "/collections", "createCSGHubCollection", "Makes a collection.",
                body: .json(.object(members)), returns: .enveloped(collection),
                refusing: [.forbidden, .notFound, .conflict]),
            .get(one, "csghubCollection", "One collection.", captures: captures, returns: .enveloped(collection)),
            .put(
                one, "changeCSGHubCollection", "Changes a collection; what is absent stays.", captures: captures,
                body: .json(.object(members)), returns: .enveloped(collection), refusing: [.forbidden]),
            .delete(
                one, "deleteCSGHubCollection", "Removes a collection.", captures: captures, returns: .done,
                refusing: [.forbidden]),
            .post(
                "\(one)/repos", "addToCSGHubCollection", "Puts repositories into a collection.", captures: captures,
                body: .json(.object(["repo_ids": keys, "remarks": .map(of: .text, "By number.").omittable])),
                returns: .done, refusing: [.forbidden]),
            .delete(
                "\(one)/repos", "takeFromCSGHubCollection", "Takes repositories out of a collection.",
                captures: captures, body: .json(.object(["repo_ids": keys])), returns: .done, refusing: [.forbidden]),
            .put(
                "\(one)/repos/{repository}", "noteInCSGHubCollection",
                "Says something of a repository in a collection.",
                captures: captures.merging(["repository": .number]) { $1 },
                body: .json(.object(["remark": .text])), returns: .done, refusing: [.forbidden]),
            .get(
                "/user/{username}/collections", "csghubCollectionsOfUser", "The collections of a user.", query: query,
                returns: .accountList(of: collection)),
            .get(
                "/organization/{namespace}/collections", "csghubCollectionsOfOrganisation",
                "The collections of an organisation.", captures: ["namespace": .organisation], query: query,
                returns: .accountList(of: collection)),
        ])

    private static let one = "/collections/{id}"
    private static let captures = ["id": APICapture.number]
    private static let keys = JSONSchema.array(of: .integer, "The numbers of 1 to 100 repositories.")
    private static let query = [APIParameter("search", .text("What titles contain.")), .per, .page]

    private static let members: KeyValuePairs<String, JSONSchema> = [
        "namespace": .text("Whose it is; the caller's by default.").omittable, "name": .text.omittable,
        "nickname": .text("The title, before `name`.").omittable, "description": .text.omittable,
        "private": .boolean.omittable,
    ]

    private static let collection = JSONSchema.named(
        "CSGHubCollection",
        .object([
            "id": .integer, "username": .text, "namespace": .text, "theme": .text, "name": .text, "nickname": .text,
            "description": .text, "private": .boolean,
            "repositories": .array(
                of: .object([
                    "id": .integer, "path": .text, "name": .text, "nickname": .text, "description": .text,
                    "private": .boolean, "likes": .count, "download_count": .count, "tags": .array(of: .anything),
                    "repository_type": .words(of: RepositoryKind.self), "created_at": .time, "updated_at": .time,
                    "remark": .text,
                ])), "created_at": .time, "updated_at": .time, "likes": .count, "user_likes": .boolean,
            "can_write": .boolean, "can_manage": .boolean, "avatar": .text,
        ]))
}
