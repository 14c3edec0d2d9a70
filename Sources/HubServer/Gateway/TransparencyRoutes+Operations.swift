import HubCore

extension TransparencyRoutes {
    static let operations = APIOperationGroup(
        "Transparency log", at: GatewaySurface.base,
        [
            .get(
                "/log", "transparencyLog", "The log's name, its size, and the keys that sign its checkpoints.",
                returns: .json(
                    .object([
                        "origin": .text, "size": .count,
                        "keys": .array(of: .text("A verifier key: `name+hash+base64`, the newest first.")),
                    ]))),
            .get(
                "/log/checkpoint", "transparencyCheckpoint",
                "The newest checkpoint as a signed note (C2SP tlog-checkpoint), at most ten seconds old.",
                returns: .bytes("text/plain", meaning: "The note.")),
            .post(
                "/log/checkpoint", "makeTransparencyCheckpoint", "Signs a checkpoint of all there is now.",
                body: .json(.object([:])),
                returns: .bytes("text/plain", meaning: "The note.")),
            .get(
                "/log/checkpoints", "transparencyCheckpoints", "All checkpoints, the newest first.", query: [.cursor],
                returns: .json(.object(["checkpoints": .array(of: checkpoint)])).paged),
            .get(
                "/log/entries", "transparencyEntries",
                "Entries from `start` on, before `end`, a page at most: hashes, and for auditors what they say.",
                query: [
                    APIParameter("start", .count.meaning("0 by default.")),
                    APIParameter("end", .count.meaning("All by default.")),
                ],
                returns: .json(
                    .object([
                        "entries": .array(of: entry), "next": .count.meaning("Where the next page starts."),
                    ]))),
            .get(
                "/log/proof/inclusion", "inclusionProof", "That an entry is in the log (RFC 9162).",
                query: [
                    APIParameter("index", .count.meaning("The entry's number.")),
                    APIParameter("hash", JSONSchema.sha256.meaning("Or its hash.")),
                    APIParameter("size", .count.meaning("Of the tree; all there is by default.")),
                ],
                returns: .json(
                    .object([
                        "index": .count, "size": .count, "leaf": .sha256, "root": .sha256,
                        "path": .array(of: .sha256, "From the leaf up."),
                    ])), refusing: [.notFound]),
            .get(
                "/log/proof/consistency", "consistencyProof", "That a tree begins with a smaller one (RFC 9162).",
                query: [
                    .required("from", .count.meaning("Entries of the smaller.")),
                    APIParameter("to", .count.meaning("Entries of the larger; all there is by default.")),
                ],
                returns: .json(
                    .object([
                        "from": .count, "to": .count, "first": .sha256, "second": .sha256,
                        "path": .array(of: .sha256),
                    ]))),
        ])

    private static let checkpoint = JSONSchema.named(
        "TransparencyCheckpoint",
        .object(["id": .count, "size": .count, "note": .text("The signed note."), "createdAt": .time]))

    private static let entry = JSONSchema.named(
        "TransparencyEntry",
        .object([
            "index": .count, "hash": .sha256,
            "leaf": JSONSchema.text("What was hashed, byte for byte; for auditors only.").optional,
        ]))
}
