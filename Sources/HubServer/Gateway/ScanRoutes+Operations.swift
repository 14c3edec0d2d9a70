import HubCore
import Policies

extension ScanRoutes {
    static let operations = APIOperationGroup(
        "Scans", at: GatewaySurface.base,
        [
            .get(
                "/scans/{kind}/{namespace}/{name}", "revisionScans", "What scans found in the files of a revision.",
                captures: [
                    "name": APICapture(
                        .text("The repository's name, and perhaps `@` and a commit, branch or tag."))
                ],
                query: [.cursor], returns: .json(revision).paged, refusing: [.notFound]),
            .get(
                "/scans/{sha256}", "blobScans", "What every scanner found in one blob.",
                captures: ["sha256": APICapture(.sha256.meaning("Of its bytes."))], returns: .json(blob),
                refusing: [.forbidden, .notFound]),
            .get(
                "/scans", "scanBacklog", "How much waits to be scanned, and whether anybody looks for malware.",
                returns: .json(backlog), refusing: [.forbidden]),
            .post(
                "/scans:rescan", "rescan", "Has one blob, or what is stored of a revision, scanned anew.",
                body: .json(
                    .object([
                        "repo": .text("Such as `model:acme/demo`.").omittable,
                        "rev": .text("A branch, tag or commit; the default branch by default.").omittable,
                        "digest": .sha256.meaning("One blob, instead of a repository.").omittable,
                    ])),
                returns: .json(.object(["queued": .count.meaning("LFS objects that wait now.")]), status: 202),
                refusing: [.forbidden, .notFound]),
        ])

    private static let finding = JSONSchema.named(
        "ScanFinding",
        .object([
            "scanner": .text("Who noticed it."), "verdict": .words(of: ScanVerdict.self), "code": .text,
            "place": .text("Where in the file."), "text": .text,
        ]))

    private static let states = ["pending", "done"]

    private static let revision = JSONSchema.named(
        "RevisionScans",
        .object([
            "repository": .text, "commit": .commitID,
            "upstream": .object(["name": .text, "scansDone": .boolean, "askedAt": .time]).meaning(
                "Who told of its own scans; nothing before somebody was asked."
            ).orNull,
            "files": .array(
                of: .object([
                    "path": .text, "size": .count, "sha256": .sha256.meaning("Of an LFS object.").orNull,
                    "state": .words(states), "verdict": .words(of: ScanVerdict.self),
                    "malware": .words(of: ScanVerdict.self, "Unknown when nobody looked."),
                    "upstream": .text("What the upstream says is wrong with it.").orNull, "scannedAt": .time.orNull,
                    "findings": .array(of: finding),
                ])),
        ]))

    private static let blob = JSONSchema.named(
        "BlobScans",
        .object([
            "sha256": .sha256, "state": .words(states), "verdict": .words(of: ScanVerdict.self),
            "waitsSince": .time.orNull, "failure": .text("Why the last try came to nothing.").orNull,
            "scans": .array(
                of: .object([
                    "scanner": .words(of: ScanRecord.Scanner.self), "version": .text, "format": .text,
                    "verdict": .words(of: ScanVerdict.self), "size": .count, "scannedAt": .time,
                    "milliseconds": .count, "findings": .array(of: finding),
                ])),
        ]))

    private static let backlog = JSONSchema.named(
        "ScanBacklog",
        .object([
            "version": .count.meaning("Of our own scanners."), "waiting": .count, "running": .count,
            "failing": .count.meaning("Those of the waiting that were tried in vain."),
            "malware": .object(["configured": .boolean, "version": .text.orNull, "problem": .text.orNull]),
        ]))
}
