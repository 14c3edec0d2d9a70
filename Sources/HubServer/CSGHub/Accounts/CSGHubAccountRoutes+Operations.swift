import HubCore

extension CSGHubAccountRoutes {
    static let operations = APIOperationGroup(
        csghub: "Users",
        [
            .get(
                "/version", "csghubVersion", "Which program this is.",
                returns: .enveloped(.object(["version": .text, "commit": .text]))),
            .get(
                "/users", "csghubUsers", "The accounts of the hub.",
                query: [APIParameter("search", .text("What names contain.")), .per, .page],
                returns: .nestedList(of: .csghubUser)),
            .get(
                "/user/{username}", "csghubUser", "An account as others see it, with its organisations.",
                returns: .enveloped(.csghubUser.adding(["orgs": .array(of: .csghubOrganisation)]))),
            .put(
                "/user/{username}", "changeCSGHubUser", "Changes what a user says of himself; what is absent stays.",
                body: .json(
                    .object([
                        "name": .text("The name people read.").omittable, "email": .text.omittable,
                        "avatar": .text.omittable, "homepage": .text.omittable, "bio": .text.omittable,
                        "roles": .array(of: .text, "As they are: they are not given here.").omittable,
                        "new_username": .text("As it is: a user keeps his name.").omittable,
                    ])),
                returns: .done, refusing: [.forbidden]),
            .delete(
                "/user/{username}", "closeCSGHubUser", "Shuts an account, with its tokens and keys.", returns: .done,
                refusing: [.conflict]),
            .get(
                "/user/{username}/organizations", "csghubOrganisationsOfUser", "The organisations a user belongs to.",
                query: [.per, .page], returns: .nestedList(of: .csghubOrganisation)),
        ])
}

extension JSONSchema {
    fileprivate static let csghubUser = JSONSchema.named(
        "CSGHubUser",
        .object([
            "id": .integer, "username": .text, "nickname": .text, "email": .text("For himself alone.").optional,
            "uuid": .hexadecimal, "avatar": .text, "homepage": .text, "bio": .text, "roles": .array(of: .text),
            "created_at": .time,
        ]))

    /// An organisation; `path` is its name in paths, `name` the one for people.
    static let csghubOrganisation = JSONSchema.named(
        "CSGHubOrganisation",
        .object([
            "path": .text, "name": .text, "description": .text, "homepage": .text, "logo": .text, "org_type": .text,
            "verified": .boolean, "uuid": .hexadecimal, "role": csghubRole.optional, "created_at": .time,
        ]))

    static let csghubRole = JSONSchema.words(["read", "write", "admin"])
}
