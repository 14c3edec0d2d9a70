import HubCore

extension RoleRoutes {
    static let organisationOperations = APIOperationGroup(
        "Roles", at: IdentitySurface.base + "/organizations/{organization}/roles",
        operations("OrganizationRole", "an organisation's"))
    static let operations = APIOperationGroup(
        "Roles", at: IdentitySurface.base + "/roles", operations("Role", "the hub's"))

    private static func operations(_ name: String, _ whose: String) -> [APIOperation] {
        let verbs = JSONSchema.array(of: .words(of: Verb.self), "One at least, all of them your own.")
        let captures = ["role": APICapture(.text("The role's name."))]
        return [
            .get(
                "", "list\(name)s", "Roles of \(whose) own making.",
                returns: .json(.object(["roles": .array(of: role)]))),
            .post(
                "", "create\(name)", "Makes one of \(whose) roles, to give in grants.",
                body: .json(.object(["name": .text, "verbs": verbs])), returns: .json(role, status: 201),
                refusing: [.conflict]),
            .put(
                "/{role}", "change\(name)", "Changes what one of \(whose) roles lets do.", captures: captures,
                body: .json(.object(["verbs": verbs])), returns: .json(role), refusing: [.conflict]),
            .delete(
                "/{role}", "remove\(name)", "Removes one of \(whose) roles that nobody has.", captures: captures,
                returns: .empty(), refusing: [.conflict]),
        ]
    }

    private static let role = JSONSchema.named(
        "CustomRole", .object(["id": .hexadecimal, "name": .text, "verbs": .array(of: .words(of: Verb.self))]))
}
