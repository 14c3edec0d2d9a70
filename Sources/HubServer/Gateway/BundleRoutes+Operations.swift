import HubCore

extension BundleRoutes {
    static let operations = APIOperationGroup(
        "Bundles", at: GatewaySurface.base,
        [
            .get(
                "/bundles", "listBundles", "Air-gap bundles that went out and came in, newest first.",
                query: [APIParameter("digest", .sha256.meaning("Only those that carried this blob.")), .cursor],
                returns: .json(.object(["bundles": .array(of: bundle)])).paged),
            .get(
                "/bundles/{bundle}", "bundle",
                "A bundle, once for each direction, and what became of its repositories.",
                captures: captures, returns: .json(.object(["bundles": .array(of: detail)])), refusing: [.notFound]),
            .get(
                "/bundles/{bundle}/content", "bundleContent",
                "The file of a bundle, to whoever asked for it; by ranges.",
                captures: captures, query: [APIParameter("part", .count.meaning("Of a bundle in parts, from 0."))],
                returns: APIAnswer(status: 200, meaning: "The file.", content: [("application/octet-stream", nil)]),
                refusing: [.notFound]),
            .post(
                "/bundles", "exportBundle", "Has a bundle written; its file is to be had once the job is done.",
                body: .json(
                    .object([
                        "mirrors": .array(of: .text).meaning("All that came by these.").omittable,
                        "repos": .array(of: .text).meaning("Such as `model:acme/demo@main`.").omittable,
                        "since": .sha256.meaning("The id of a bundle that the reader has.").omittable,
                        "recipient": .text.omittable, "expiresInSeconds": .count.omittable,
                        "partSize": .count.meaning("Bytes of a part.").omittable,
                    ])),
                returns: .json(.object(["name": .text, "job": .anything]), status: 202), refusing: [.notFound]),
            .post(
                "/bundles:import", "importBundle",
                "Has a bundle taken in from the server's folder of bundles; with `dryRun` tells what would come in.",
                body: .json(
                    .object([
                        "files": .array(of: .text).meaning("Names of files in that folder."),
                        "dryRun": .boolean.omittable, "allowOlder": .boolean.omittable,
                        "allowRewind": .boolean.omittable,
                    ])), returns: .json(.object(["job": .anything]), status: 202), refusing: [.notFound, .conflict]),
        ])

    private static let captures = ["bundle": APICapture(.sha256.meaning("The bundle's id."))]

    private static let bundle = JSONSchema.named(
        "Bundle",
        .object([
            "bundleId": .sha256, "direction": .words(["out", "in"]), "seq": .count, "key": .sha256,
            "recipient": .text.orNull, "createdAt": .time, "handledAt": .time, "handledBy": .text, "bytes": .count,
            "state": .words(["complete", "partial"]), "name": .text.orNull,
        ]))

    private static let detail = JSONSchema.named(
        "BundleDetail",
        .object([
            "bundleId": .sha256, "direction": .words(["out", "in"]), "seq": .count, "key": .sha256,
            "recipient": .text.orNull, "createdAt": .time, "handledAt": .time, "handledBy": .text, "bytes": .count,
            "state": .words(["complete", "partial"]), "name": .text.orNull,
            "repositories": .array(
                of: .object([
                    "repository": .text, "commit": .commitID, "outcome": .text, "reason": .text.orNull,
                ])),
        ]))
}
