import HubCore

extension MembershipRoutes {
    static let operations = APIOperationGroup(
        "Organizations", at: IdentitySurface.base,
        [
            .get(
                "/memberships", "listMemberships", "What you are in which organisation.",
                returns: .json(
                    .object([
                        "memberships": .array(
                            of: .named(
                                "Membership", .object(["organization": .text, "role": OrganisationRoutes.role])))
                    ])),
                refusing: [.forbidden]),
            .delete(
                "/memberships/{organization}", "leaveOrganization", "Leaves an organisation, which keeps an admin.",
                returns: .empty(), refusing: [.conflict]),
            .post(
                "/organizations/{organization}/transfer", "transferOrganization",
                "Makes somebody else an admin in your place.",
                body: .json(
                    .object([
                        "user": .text,
                        "role": OrganisationRoutes.role.meaning("What you are afterwards; nothing for no member.")
                            .omittable,
                    ])),
                returns: .empty(), refusing: [.conflict]),
        ])
}
