import HubCore

extension RetentionRoutes {
    static let operations = APIOperationGroup(
        "Retention", at: GatewaySurface.base,
        [
            .get(
                "/pins", "listPins", "What is kept whatever retention says; pins that have ended too.",
                query: [.cursor], returns: .json(.object(["pins": .array(of: pin)])).paged),
            .post(
                "/pins", "addPin",
                "Keeps a repository, or one revision of it; made again, the pin gets the new note and end.",
                body: .json(
                    .object([
                        "repo": .text("Such as `model:acme/demo`; nothing of it needs to be here yet."),
                        "rev": .text("A branch, tag or commit; all of the repository by default.").omittable,
                        "note": .text.omittable, "expiresInSeconds": .count.omittable,
                    ])), returns: .json(pin, status: 201), refusing: [.conflict]),
            .delete(
                "/pins/{id}", "removePin", "Removes a pin.",
                captures: ["id": APICapture(.hexadecimal.meaning("The pin's id."))],
                returns: .empty(204, "It is removed.")),
            .post(
                "/purge", "purge",
                "Removes stored content of a mirrored repository at once; who asks for it has it fetched again.",
                body: .json(
                    .object([
                        "repo": .text("Such as `model:acme/demo`."),
                        "rev": .text("Only what this branch, tag or commit names.").omittable,
                        "digest": .sha256.meaning("Only this object.").omittable,
                        "dryRun": .boolean("Whether only what would go is told.").omittable,
                        "force": .boolean("Whether what no upstream may give again goes too.").omittable,
                    ])), returns: .json(purgeReport), refusing: [.notFound, .conflict]),
            .get(
                "/retention", "retention", "What is stored of mirrors, what of it may go, and what the last run did.",
                returns: .json(report), refusing: [.notFound]),
            .post(
                "/retention", "runRetention", "Has the server evict soon what policy files say.",
                returns: .empty(202, "It will be done."), refusing: [.notFound]),
        ])

    private static let pin = JSONSchema.named(
        "Pin",
        .object([
            "id": .hexadecimal, "repository": .text, "revision": .text.meaning("Nothing for all of it.").orNull,
            "commit": .commitID.meaning("What the revision named when that was last known.").orNull,
            "note": .text.orNull, "createdBy": .text.orNull, "createdAt": .time, "expiresAt": .time.orNull,
        ]))

    private static let amount = JSONSchema.named("StoredAmount", .object(["count": .count, "bytes": .count]))
    private static let held = JSONSchema.map(
        of: amount, "By why it stays: local, uploaded, only-copy, pinned, in-use, young, unlimited.")

    private static let purgeReport = JSONSchema.named(
        "PurgeReport",
        .object([
            "dryRun": .boolean, "removed": amount,
            "shared": amount.meaning("Left because other repositories have it too."), "held": held,
        ]))

    private static let report = JSONSchema.named(
        "RetentionReport",
        .object([
            "free": .count.meaning("Bytes of the disk."), "total": .count, "evictable": amount, "held": held,
            "mirrors": .array(
                of: .object([
                    "name": .text, "stored": amount, "maximumBytes": .count.orNull, "evictable": amount, "held": held,
                ])),
            "lastRun": .object([
                "finishedAt": .time,
                "report": .object([
                    "cause": .words(["schedule", "room"]), "removed": amount,
                    "reasons": .map(of: amount, "By revisions, age, size, space and room."),
                    "mirrors": .map(of: amount),
                ]),
            ]).meaning("The last run that removed something.").orNull,
        ]))
}
