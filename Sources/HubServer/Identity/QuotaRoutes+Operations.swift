import HubCore

extension QuotaRoutes {
    static let operations = APIOperationGroup(
        "Quotas", at: IdentitySurface.base + "/quotas",
        [
            .get(
                "", "listQuotas", "Accounts that hold something or have limits of their own.", query: [.cursor],
                returns: .json(.object(["quotas": .array(of: quota)])).paged),
            .get(
                "/{account}", "quota", "What an account may hold, and what it does.", captures: captures,
                returns: .json(quota), refusing: [.forbidden]),
            .put(
                "/{account}", "setQuota", "Sets what an account may hold; what is not named is the server's default.",
                captures: captures, body: .json(.object(["bytes": wish, "repositories": wish])),
                returns: .json(quota)),
            .delete(
                "/{account}", "resetQuota", "Leaves an account the server's default.", captures: captures,
                returns: .json(quota)),
        ])

    private static let captures = ["account": APICapture(.text("The name of a user or an organisation."))]
    private static let limit = JSONSchema.count.meaning("Nothing for any number.").orNull
    private static let wish = JSONSchema.oneOf(.count, .words(["unlimited"])).omittable

    private static let quota = JSONSchema.named(
        "Quota",
        .object([
            "account": .text, "isDefault": .boolean("Whether the limits are the server's."),
            "bytes": .object([
                "limit": limit, "used": .count, "reserved": .count.meaning("Set aside for uploads on their way."),
            ]),
            "repositories": .object(["limit": limit, "used": .count]),
        ]))
}
