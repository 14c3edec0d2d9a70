import HubCore

extension AuditRoutes {
    static let operations = APIOperationGroup(
        "Audit", at: IdentitySurface.base,
        [
            .get(
                "/audit", "hubAudit", "Every change to the hub, the newest first.", query: [.cursor],
                returns: page),
            .get(
                "/organizations/{organization}/audit", "organizationAudit",
                "Changes to an organisation and to what it owns, the newest first.", query: [.cursor], returns: page,
                refusing: [.forbidden]),
            .get(
                "/audit/{kind}/{namespace}/{name}", "repositoryAudit",
                "Changes to a repository and to what is said in it, the newest first.", query: [.cursor],
                returns: page),
        ])

    private static let page = APIAnswer.json(.object(["records": .array(of: record)])).paged

    private static let record = JSONSchema.named(
        "AuditRecord",
        .object([
            "sequence": .count, "at": .time, "actor": .text, "action": .text, "object": .text, "detail": .anything,
            "hash": .text("Of this record and the one before; `weir audit verify` follows them."),
        ]))
}
