import HubCore

extension CSGHubOrganisationRoutes {
    static let operations = APIOperationGroup(
        csghub: "Organisations",
        [
            .get(
                "/organizations", "csghubOrganisations", "The organisations there are.",
                query: [APIParameter("search", .text("What names contain.")), .per, .page],
                returns: .nestedList(of: .csghubOrganisation)),
            .post(
                "/organizations", "createCSGHubOrganisation", "Founds an organisation.",
                body: .json(.object(members(name: .text("The name in paths.")))),
                returns: .enveloped(.csghubOrganisation), refusing: [.forbidden, .conflict]),
            .get(
                one, "csghubOrganisation", "One organisation.", captures: captures,
                returns: .enveloped(.csghubOrganisation)),
            .put(
                one, "changeCSGHubOrganisation", "Changes an organisation; what is absent stays.", captures: captures,
                body: .json(.object(members(name: .text("Not looked at: it stays.").omittable))),
                returns: .enveloped(.csghubOrganisation), refusing: [.forbidden]),
            .delete(
                one, "deleteCSGHubOrganisation", "Removes an organisation that has nothing.", captures: captures,
                returns: .done, refusing: [.forbidden, .conflict]),
            .get(
                "\(one)/\(CSGHubContext.kinds)", "csghubRepositoriesOfOrganisation",
                "The repositories of an organisation.", captures: captures, query: CSGHubListRoute.query,
                returns: .accountList(of: .csghubRepository)),
        ])

    private static let one = "/organization/{namespace}"
    private static let captures = ["namespace": APICapture.organisation]

    private static func members(name: JSONSchema) -> KeyValuePairs<String, JSONSchema> {
        [
            "name": name, "nickname": .text("The name people read.").omittable, "description": .text.omittable,
            "homepage": .text.omittable, "logo": .text.omittable, "org_type": .text.omittable,
        ]
    }
}
