import HubCore

extension OrganisationRoutes {
    static let operations = APIOperationGroup(
        "Organizations", at: IdentitySurface.base + "/organizations",
        [
            .get(
                "", "listOrganizations", "The organisations you may see.", query: [.cursor],
                returns: .json(.object(["organizations": .array(of: organisation)])).paged),
            .post(
                "", "createOrganization", "Founds an organisation.",
                body: .json(
                    .object([
                        "name": .text, "fullName": .text.omittable,
                        "owner": .text("Its first administrator; you by default.").omittable,
                    ])),
                returns: .json(organisation, status: 201), refusing: [.conflict, .notFound]),
            .get("/{organization}", "organization", "One organisation.", returns: .json(organisation)),
            .patch(
                "/{organization}", "changeOrganization", "Changes an organisation; what is absent stays.",
                body: .json(.object(["fullName": .text.omittable, "privateByDefault": privacy.omittable])),
                returns: .json(.object(["name": .text, "fullName": .text, "privateByDefault": privacy])),
                refusing: [.forbidden]),
            .get(
                "/{organization}/members", "listMembers", "Who is what in an organisation.", query: [.cursor],
                returns: .json(
                    .object([
                        "members": .array(
                            of: .named("Member", .object(["user": .text, "role": role, "since": .time.orNull])))
                    ])
                ).paged),
            .put(
                "/{organization}/members/{user}", "setMember", "Makes a user a member, or gives a member another role.",
                body: .json(.object(["role": role])), returns: .json(.object(["user": .text, "role": role])),
                refusing: [.forbidden, .conflict]),
            .delete(
                "/{organization}/members/{user}", "removeMember", "Ends a membership.", returns: .empty(),
                refusing: [.forbidden, .conflict]),
        ])

    static let role = JSONSchema.named("Role", .words(Role.allCases.map(\.name)))

    private static let privacy = JSONSchema.boolean(
        "Whether new repositories are private where their maker does not say.")

    private static let organisation = JSONSchema.named(
        "Organization",
        .object(["id": .hexadecimal, "name": .text, "fullName": .text.orNull, "createdAt": .time]))
}
