import HubCore

extension GrantRoutes {
    static let operations = APIOperationGroup(
        "Grants", at: IdentitySurface.base + "/grants/{kind}/{namespace}/{name}",
        [
            .get(
                "", "listGrants", "Rights on a repository apart from memberships.",
                returns: .json(.object(["grants": .array(of: grant)]))),
            .post(
                "", "addGrant", "Gives a right, or denies one.",
                body: .json(
                    .object([
                        "subject": .words(
                            ["everyone", "authenticated"], "Unless a user or an organisation is named."
                        ).omittable,
                        "user": .text.omittable, "organization": .text.omittable,
                        "from": .text("The role in the organisation from which members are meant.").omittable,
                        "role": OrganisationRoutes.role,
                        "effect": .words(of: AccessGrant.Effect.self).omittable,
                        "expiresInSeconds": .integer(1...315_360_000).omittable,
                    ])),
                returns: .json(grant, status: 201), refusing: [.conflict]),
            .delete(
                "/{id}", "removeGrant", "Takes a right away.",
                captures: ["id": APICapture(.text("The grant's number."))], returns: .empty()),
        ])

    private static let grant = JSONSchema.named(
        "Grant",
        .object([
            "id": .hexadecimal, "subject": .words(["everyone", "authenticated"]).optional,
            "userId": .hexadecimal.optional, "organizationId": .hexadecimal.optional,
            "from": OrganisationRoutes.role.optional, "role": OrganisationRoutes.role,
            "effect": .words(of: AccessGrant.Effect.self), "expiresAt": .time.orNull,
        ]))
}
