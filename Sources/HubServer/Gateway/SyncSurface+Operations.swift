import HubCore
import MirrorGateway
import Policies

extension SyncSurface {
    static let operations = APIOperationGroup(
        "Sync", at: GatewaySurface.base,
        [
            .post(
                "/sync", "sync",
                "Has a repository, or all that a mirror's rules bring, fetched; or tells what that is.",
                body: .json(wanted), returns: .json(plan, "With `dryRun`: what it would bring."),
                .json(.object(["jobs": .array(of: job)]), status: 202, "It will be fetched."),
                refusing: [
                    .badRequest, .notFound, .conflict, .policyDenied, .policyReview, .offline, .upstreamUnavailable,
                    .tooManyRequests,
                ]),
            .get(
                "/sync/runs", "syncRuns", "When mirrors fetched ahead, and what came of it, latest first.",
                query: [
                    APIParameter("mirror", .text),
                    APIParameter("limit", .integer(1...200, "How many at most; 100 by default.")), .cursor,
                ],
                returns: .json(.object(["runs": .array(of: run), "next": next])).paged),
            .get(
                "/sync/runs/{run}", "syncRun", "What a run did with each repository.",
                captures: ["run": APICapture(.text("The run's number."))],
                query: [
                    APIParameter("state", .words(of: SyncOutcome.State.self, "Only those.")),
                    APIParameter("limit", .integer(1...1_000, "How many at most; 100 by default.")), .cursor,
                ],
                returns: .json(runWithRepositories).paged, refusing: [.notFound]),
            .post(
                "/policy:dryrun", "rehearsePolicy",
                "What would change if other policy files were in force; nothing is taken into force.",
                body: .json(
                    .object([
                        "files": JSONSchema.array(
                            of: .object([
                                "name": .text("As in the folder of policy files."),
                                "text": JSONSchema.text("Without it the file is left out.").omittable,
                            ]), "In place of, or beside, those on disk; none for those on disk as they are now."
                        ).omittable
                    ])),
                returns: .json(rehearsal), refusing: [.notFound, .unprocessable]),
        ])

    private static let next = JSONSchema.text("What to ask with for those after these; null at the end.").orNull

    private static let wanted = JSONSchema.object([
        "repo": JSONSchema.text("Such as `model:acme/demo`, by its name here.").omittable,
        "mirror": JSONSchema.text("Without `repo`: everything that its rules bring.").omittable,
        "rev": JSONSchema.text("A branch, tag or commit; by default what the rules name.").omittable,
        "files": JSONSchema.array(of: .text, "Only files that match one of these patterns.").omittable,
        "notFiles": JSONSchema.array(of: .text, "None of the files that match one of these.").omittable,
        "priority": JSONSchema.words(["urgent", "high", "normal", "low"]).omittable,
        "dryRun": JSONSchema.boolean("Whether to tell only.").omittable,
    ])

    private static let job = JSONSchema.object([
        "id": .count, "kind": .text, "subject": .text, "state": .words(of: JobState.self), "mirror": .text.orNull,
        "run": .text.orNull,
    ])

    private static let file = JSONSchema.object([
        "path": .text, "size": .count, "sha256": .sha256.orNull, "verdict": .words(of: SyncPlan.Verdict.self),
        "reason": .text.orNull, "stored": .boolean("Whether nothing of it has to come from upstream."),
    ])

    private static let plan = JSONSchema.named(
        "SyncPlan",
        .object([
            "policyDigest": .text, "filesToFetch": .count,
            "bytesToFetch": .count.meaning("Each content once, without what is stored."),
            "requests": .count.meaning("To upstreams, about."),
            "estimatedSeconds": .count.meaning("Under the limits; null where nothing limits the line.").orNull,
            "repositories": .array(
                of: .object([
                    "repository": .text, "mirror": .text, "upstream": .text, "upstreamPath": .text,
                    "verdict": .words(of: SyncPlan.Verdict.self), "reason": .text.orNull,
                    "problem": .text("Why it could not be looked at.").orNull,
                    "revisions": .array(
                        of: .object([
                            "revision": .text, "commit": .commitID.orNull, "fileCount": .count,
                            "files": .array(of: file),
                        ])),
                ])),
            "truncated": .boolean("Whether there are more files than are shown."),
        ]))

    private static let runMembers: KeyValuePairs<String, JSONSchema> = [
        "id": .text, "mirror": .text, "cause": .words(of: SyncRun.Cause.self), "requestedBy": .text.orNull,
        "dueAt": .time.orNull, "state": .words(of: SyncRun.State.self),
        "report": .anything.meaning("How many repositories ended how, files and bytes; null before the end."),
        "startedAt": .time, "finishedAt": .time.orNull,
    ]
    private static let run = JSONSchema.named("SyncRun", .object(runMembers))
    private static let runWithRepositories = JSONSchema.object(runMembers).adding([
        "repositories": .array(
            of: .object([
                "repository": .text, "state": .words(of: SyncOutcome.State.self), "reason": .text.orNull,
                "job": .count.orNull, "files": .count, "filesFailed": .count, "bytesFetched": .count,
            ])),
        "next": next,
    ])

    private static let changes = JSONSchema.array(
        of: .object([
            "repository": .text, "mirror": .text, "before": .words(of: Decision.Outcome.self).orNull,
            "after": .words(of: Decision.Outcome.self).orNull, "reason": .text.orNull,
            "blockedFiles": .count.meaning("That would no longer be given out."), "examples": .array(of: .text),
            "stored": .boolean, "downloads": .count.meaning("From here, ever."),
        ]))

    private static let rehearsal = JSONSchema.named(
        "PolicyRehearsal",
        .object([
            "policyDigest": .text, "currentDigest": .text, "repositories": .count.meaning("That were looked at."),
            "newlyBlocked": changes, "newlyAllowed": changes, "newlyMirrored": changes, "otherwiseChanged": changes,
            "bytesToFetch": .count, "unknownSizes": .count.meaning("Repositories of which nobody told the size."),
            "estimatedSeconds": .count.orNull, "remarks": .array(of: .text),
        ]))
}
