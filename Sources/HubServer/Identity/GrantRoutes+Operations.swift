import HubCore

extension GrantRoutes {
    static let operations = APIOperationGroup(
        "Grants", at: IdentitySurface.base + "/grants/{kind}/{namespace}/{name}", operations("Grant", "a repository"))
    static let organisationOperations = APIOperationGroup(
        "Grants", at: IdentitySurface.base + "/organizations/{organization}/grants",
        operations("OrganizationGrant", "all of an organisation's repositories"))
    static let hubOperations = APIOperationGroup(
        "Grants", at: IdentitySurface.base + "/grants", operations("HubGrant", "the whole hub"))

    private static func operations(_ name: String, _ place: String) -> [APIOperation] {
        [
            .get(
                "", "list\(name)s", "Rights on \(place) apart from memberships.",
                returns: .json(.object(["grants": .array(of: grant)])), refusing: [.forbidden]),
            .post(
                "", "add\(name)", "Gives a right on \(place), or denies one.", body: .json(addition),
                returns: .json(grant, status: 201), refusing: [.notFound, .conflict]),
            .delete(
                "/{id}", "remove\(name)", "Takes a right on \(place) away.",
                captures: ["id": APICapture(.text("The grant's number."))], returns: .empty()),
        ]
    }

    private static let role = JSONSchema.text("A standard role, or one of the organisation's or the hub's own making.")
    private static let sources = JSONSchema.array(of: .text, "From where one must ask for it, as `10.0.0.0/8`.")

    private static let path = JSONSchema.text("The paths of the content that it is about, as `data/pii/**`.")
    private static let ref = JSONSchema.text("The refs that it is about, as `refs/heads/release/*`.")

    private static let addition = JSONSchema.named(
        "NewGrant",
        .object([
            "subject": .words(
                ["everyone", "authenticated"], "Unless a user, an organisation or a team is named."
            ).omittable,
            "user": .text("A person or a robot.").omittable, "organization": .text.omittable,
            "from": .text("The role in the organisation from which members are meant.").omittable,
            "team": .text("A team of the organisation that is named.").omittable,
            "role": role, "effect": .words(of: AccessGrant.Effect.self).omittable,
            "expiresInSeconds": .integer(1...315_360_000).omittable,
            "sources": sources.omittable,
            "path": path.omittable, "ref": ref.omittable,
        ]))

    private static let grant = JSONSchema.named(
        "Grant",
        .object([
            "id": .hexadecimal, "subject": .words(["everyone", "authenticated"]).optional,
            "userId": .hexadecimal.optional, "teamId": .hexadecimal.optional,
            "organizationId": .hexadecimal.optional, "from": OrganisationRoutes.role.optional, "role": role,
            "effect": .words(of: AccessGrant.Effect.self), "expiresAt": .time.orNull, "sources": sources.optional,
            "path": path.optional, "ref": ref.optional,
        ]))
}
