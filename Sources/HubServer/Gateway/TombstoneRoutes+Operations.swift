import HubCore

extension TombstoneRoutes {
    static let operations = APIOperationGroup(
        "Tombstones", at: GatewaySurface.base,
        [
            .get(
                "/tombstones", "listTombstones",
                "What is served nowhere any more, lifted ones too, in the order in which they changed: what peers follow.",
                query: [APIParameter("since", .count.meaning("The number of the last one seen."))],
                returns: .json(
                    .object(["tombstones": .array(of: tombstone), "next": .count.orNull])
                ).paged),
            .post(
                "/tombstones", "bury", "Has something served nowhere, fetched from nobody and taken from nobody.",
                body: .json(
                    .object([
                        "target": .text(
                            "`sha256:…`, `git:…`, `model:acme/demo`, `model:acme/demo@COMMIT`, `author:acme` or `license:mit`."
                        ),
                        "reason": .text("What whoever asks for it is told."),
                    ])), returns: .json(tombstone, status: 201), refusing: [.conflict]),
            .post(
                "/tombstones/{tombstone}:lift", "liftTombstone", "Takes a tombstone away.",
                captures: ["tombstone": APICapture(.count.meaning("The tombstone's number."))],
                body: .json(.object(["note": .text.omittable])), returns: .json(tombstone),
                refusing: [.notFound, .conflict]),
        ])

    static let tombstone = JSONSchema.named(
        "Tombstone",
        .object([
            "id": .count, "sequence": .count.meaning("Grows with every change."),
            "origin": .text("The same at every hub that it reaches."),
            "kind": .words(["digest", "object", "repository", "revision", "author", "license"]), "target": .text,
            "gitId": .commitID.meaning("The same bytes' name in git, where it is known.").orNull, "reason": .text,
            "peer": .text("The peer that it came from.").orNull, "buriedBy": .text, "buriedAt": .time,
            "liftedBy": .text.orNull, "liftedAt": .time.orNull, "liftNote": .text.orNull,
        ]))
}
