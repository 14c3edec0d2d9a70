import HubCore

extension ProvenanceRoutes {
    static let operations = APIOperationGroup(
        "Provenance", at: GatewaySurface.base,
        [
            .get(
                "/keys", "signingKeys", "The public keys of all that was signed here, the newest first.",
                query: [APIParameter("format", .words(["json", "pem"], "`pem` for the keys alone."))],
                returns: .json(.object(["keys": .array(of: key)]))),
            .get(
                "/provenance/{sha256}", "digestProvenance",
                "In which repositories that one may see content with a digest was stated, and what was.",
                captures: ["sha256": APICapture(.sha256)],
                returns: .json(
                    .object([
                        "sha256": .sha256,
                        "holders": .array(
                            of: .object([
                                "repository": .text, "commit": .commitID, "path": .text,
                                "statements": .array(of: statement),
                            ])),
                    ])), refusing: [.notFound]),
            .get(
                revision + "/statements", "statements", "What was stated about a revision, by this hub and others.",
                captures: captures,
                query: [
                    APIParameter(
                        "format", .words(["json", "jsonl"], "`jsonl` for the envelopes alone, one on each line."))
                ],
                returns: .json(
                    .object([
                        "repository": .text, "commit": .commitID, "statements": .array(of: statement),
                        "attachments": .array(
                            of: .object(["kind": .text, "sha256": .sha256, "madeAt": .time])),
                    ]))),
            .post(
                revision + "/statements", "addStatement",
                "Adds a statement that somebody signed about all files of a revision.",
                captures: captures, body: .json(envelope),
                returns: .empty(201, "It is stored; 200 when it was there already."), refusing: [.unprocessable]),
            .get(
                revision + "/oms", "modelSignature", "An OpenSSF Model Signing bundle over the files of a revision.",
                captures: captures,
                returns: .bytes(
                    "application/vnd.dev.sigstore.bundle.v0.3+json", meaning: "A Sigstore bundle with a DSSE envelope.")
            ),
            .get(
                revision + "/cyclonedx", "billOfMaterials", "A CycloneDX 1.6 bill of materials of a revision.",
                captures: captures,
                returns: .bytes("application/vnd.cyclonedx+json", meaning: "The document.")),
            .get(
                revision + "/croissant", "croissant", "A Croissant 1.0 description of the files of a revision.",
                captures: captures,
                returns: .bytes("application/ld+json", meaning: "The document.")),
        ])

    private static let revision = "/provenance/{kind}/{namespace}/{name}"
    private static let captures = [
        "name": APICapture(.text("The repository's name, `@`, and a commit, branch or tag."))
    ]

    private static let envelope = JSONSchema.named(
        "DSSEEnvelope",
        .object([
            "payload": .text("Base64."), "payloadType": .text,
            "signatures": .array(of: .object(["keyid": .text.omittable, "sig": .text("Base64.")])),
        ]))

    private static let statement = JSONSchema.named(
        "StoredStatement",
        .object([
            "predicateType": .text, "keyId": .text,
            "source": .text("`own`, `upstream:` and its name, `account:` and its name, or `bundle`."),
            "sha256": .sha256, "storedAt": .time, "envelope": envelope,
        ]))

    private static let key = JSONSchema.named(
        "SigningKey",
        .object([
            "keyId": .sha256.meaning("The SHA-256 of the key's DER form."),
            "algorithm": .words(of: SigningAlgorithm.self), "owner": .text, "pem": .text,
            "firstUsedAt": .time, "lastUsedAt": .time,
            "supersededAt": .time.meaning("From when on another key signs.").orNull,
        ]))
}
