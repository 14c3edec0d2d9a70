import HubCore

extension BranchProtectionRoutes {
    static let operations = APIOperationGroup(
        "Protected branches", at: IdentitySurface.base + "/protected-branches/{kind}/{namespace}/{name}",
        [
            .get("", "protectedBranches", "Branches to which not everything may be pushed.", returns: .json(branches)),
            .put(
                "", "protectBranches", "Protects these branches, and no others any more.", body: .json(branches),
                returns: .json(branches)),
        ])

    private static let branches = JSONSchema.named(
        "ProtectedBranches",
        .object([
            "branches": .array(
                of: .object([
                    "pattern": .text("A branch, or the beginning of names with one `*` behind it."),
                    "level": .words(
                        of: BranchProtection.Level.self, "Nothing may be taken away, or nothing may be pushed."),
                ]))
        ]))
}
