import HubCore

extension BlastRadiusRoutes {
    static let operations = APIOperationGroup(
        "Blast radius", at: GatewaySurface.base,
        [
            .get(
                "/blast-radius", "blastRadius",
                "Who holds something, who took it, what was made of it, which bundles carried it and which approvals let it in.",
                query: [
                    APIParameter("digest", .text("A SHA-256, or the name of a git object.")),
                    APIParameter("repo", .text("Such as `model:acme/demo`.")),
                    APIParameter("revision", .text("A commit of `repo`, or `model:acme/demo@COMMIT`.")),
                    APIParameter("author", .text("A namespace here, or an owner at an upstream.")),
                    APIParameter("license", .text("A licence's id, as cards name it.")),
                    APIParameter("limit", .count), .cursor,
                ],
                returns: .json(radius).paged),
            .post(
                "/blast-radius:bury", "buryBlastRadius", "Buries something and what was made of it.",
                body: .json(
                    .object([
                        "target": .text("As for a tombstone."), "reason": .text,
                        "descendants": .boolean("Whether what was made of it goes too; yes by default.").omittable,
                        "digests": .boolean("Whether its bytes go wherever they are; no by default.").omittable,
                    ])),
                returns: .json(.object(["tombstones": .array(of: TombstoneRoutes.tombstone)]), status: 201),
                refusing: [.conflict]),
        ])

    private static let radius = JSONSchema.named(
        "BlastRadius",
        .object([
            "target": .object(["kind": .text, "text": .text]),
            "holders": .array(
                of: .object([
                    "repository": .text, "mirror": .text.orNull, "upstream": .text.orNull, "commit": .commitID.orNull,
                    "path": .text.orNull,
                ])),
            "pulls": .array(
                of: .object([
                    "account": .text, "repository": .text, "commit": .commitID.orNull,
                    "digest": .text.meaning("Nothing for all that git carries of the commit.").orNull,
                    "firstAt": .time, "lastAt": .time, "pulls": .count,
                ])),
            "descendants": .array(of: .object(["repository": .text, "relation": .text])),
            "bundles": .array(of: .text), "approvals": .array(of: .anything),
        ]))
}
