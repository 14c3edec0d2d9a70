import HubCore

extension UserRoutes {
    static let operations = APIOperationGroup(
        "Users", at: IdentitySurface.base,
        [
            .get(
                "/users", "listUsers", "All accounts.", query: [.cursor],
                returns: .json(.object(["users": .array(of: user)])).paged),
            .post(
                "/users", "createUser", "Makes an account.",
                body: .json(.object(["name": .text, "isAdministrator": .boolean.omittable])),
                returns: .json(user, status: 201), refusing: [.conflict]),
            .patch(
                "/users/{user}", "changeUser", "Disables an account, or lets it in again.",
                body: .json(.object(["isDisabled": .boolean])), returns: .json(user), refusing: [.conflict]),
        ])

    private static let user = JSONSchema.named(
        "User",
        .object([
            "id": .hexadecimal, "name": .text, "isAdministrator": .boolean, "isDisabled": .boolean, "createdAt": .time,
        ]))
}

extension APIParameter {
    /// Where a page of a list begins; clients take it from `Link`.
    static let cursor = APIParameter("cursor", .text("The name after which the page begins; from `Link`."))
}
